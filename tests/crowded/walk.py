"""One meeting from its announcement to its recording, with every page that people have of it.

Whoever looks at the pages is handed in: the rules of accessibility, or a camera.
"""

from playwright.async_api import expect

from tests.crowded.company import WRITER, Walk
from tests.e2e.resident import Resident
from tests.support.sockets import audience

NAME = "Kim Roe"
OTHER = "Ida Poe"
MEMBER = "Cllr Jane Doe"
QUESTIONS = ("When will Mill Lane be closed for traffic?", "How many lime trees are to be felled?", "Why?")
MOTION = "That the application be approved"


async def before(it: Walk) -> None:
    """Nobody has opened the room."""
    for path, what in (
        ("/", "home"),
        ("/?q=exec", "search"),
        ("/?q=nothing-of-that", "search without result"),
        ("/?page=1", "all meetings"),
        ("/accessibility", "accessibility"),
        ("/privacy", "privacy"),
    ):
        await it.see(path, what)
    await it.see("/nowhere", "not found", status=404)
    await it.see_meeting("scheduled")
    await it.clerk.page.goto(f"{it.hall.links.home}console/words")
    await it.eyes.look_at_console(it.clerk.page, "word list")
    await it.clerk.open(f"{it.hall.links.home}console/meetings/{it.ref}")
    for button in ("Invite…", "Encoder addresses", "More", "Keys"):
        await it.dialog(button)


async def registration(it: Walk) -> None:
    """The form, and the personal page before the meeting."""
    page, say = it.viewer.page, it.eyes.say
    await it.see(f"/meetings/{it.ref}/lost-link", "lost link")
    await page.get_by_role("button", name=say("Send my link")).click()
    await it.eyes.look(page, "lost link with a mistake")
    await page.get_by_label(say("Email address")).fill("kim@example.org")
    await page.get_by_role("button", name=say("Send my link")).click()
    await it.eyes.look(page, "lost link sent")
    await it.see("/code", "code")
    await page.get_by_role("button", name=say("Open my link")).click()
    await it.eyes.look(page, "code with mistakes")
    await it.see(f"/meetings/{it.ref}/register", "registration")
    await page.get_by_role("button", name=say("Register")).click()
    await it.eyes.look(page, "registration with mistakes")
    address = it.address(f"/meetings/{it.ref}/register")
    other = await Resident(it.viewer.visitor, say).register(address, OTHER, "kim@example.org", "Mill Lane")
    await it.eyes.look(page, "registered")
    await page.goto(other)
    await it.eyes.look(page, "personal page, before it is taken")
    await page.get_by_text(say("I do not want to speak any more")).click()
    await it.eyes.look(page, "giving up a place")
    await page.get_by_role("button", name=say("Give up my place")).click()
    await it.eyes.look(page, "place given up")


async def waiting_room(it: Walk) -> None:
    """A resident agrees, checks the device and waits, while the room is opened."""
    page, say = it.resident.page, it.eyes.say
    address = it.address(f"/meetings/{it.ref}/register")
    link = await it.resident.register(address, NAME, "kim@example.org", "Mill Lane")
    await it.clerk.confirm(NAME)
    await it.dialog(f"Details of {NAME}")
    await page.goto(link)
    await page.get_by_role("button", name=say("Continue on this device")).click()
    await it.eyes.look(page, "speaker, consent")
    await page.get_by_role("button", name=say("Continue"), exact=False).click()
    await it.eyes.look(page, "speaker, consent forgotten")
    await page.get_by_label(say("I agree to be broadcast")).check()
    await page.get_by_role("button", name=say("Continue")).click()
    await it.eyes.look(page, "speaker, before the check")
    await page.get_by_role("button", name=say("Turn on camera and microphone")).click()
    await expect(it.resident.words).to_contain_text(say("We can hear you."))
    await it.eyes.look(page, "speaker, check")
    await page.get_by_role("button", name=say("I am ready")).click()
    await it.clerk.sees_ready(NAME)
    await it.eyes.look(page, "speaker, waiting")
    await it.viewer.page.goto(link)
    await it.eyes.look(it.viewer.page, "personal page that another device has")
    for part, button in (("signer", "Turn on the camera"), ("presenter", "I am ready")):
        told = await it.desk.call("invitation.issue", name=OTHER, part=part)
        await it.see(f"/speak/{told['token']}", f"{part}, invited")
        await it.viewer.page.get_by_role("button", name=say("Continue on this device")).click()
        await expect(it.viewer.page.get_by_role("button", name=say(button))).to_be_visible()
        await it.eyes.look(it.viewer.page, f"{part}, check")


async def without_a_camera(it: Walk) -> None:
    """One statement that an officer reads out, and somebody on the telephone."""
    page, say = it.viewer.page, it.eyes.say
    written = await it.register(mode="remote", consent="read_out", text="Please keep the lime trees.")
    called = await it.register(mode="phone", consent="sound_only", phone="01632 960000", email="")
    await page.goto(written)
    await it.eyes.look(page, "speaker, statement")
    await page.goto(called)
    await page.get_by_role("button", name=say("Continue on this device")).click()
    await expect(page.locator("#speaker-app h1, #speaker-app h2").first).to_be_visible()
    await it.eyes.look(page, "speaker, telephone")
    rows = [row for row in it.desk.told["state"]["speakers"] if row["name"] == WRITER]
    for row in rows:
        await it.desk.call("speaker.confirm", registration_id=row["id"])
    by_phone = next(row["id"] for row in rows if row["mode"] == "phone")
    await it.desk.call("speaker.by_phone", registration_id=by_phone, on=True)
    await expect(page.get_by_role("heading", name=say("You take part by telephone"))).to_be_visible()
    await it.eyes.look(page, "speaker, on the telephone")
    await it.eyes.look_at_console(it.clerk.page, "console, a statement and the telephone")


async def room_open(it: Walk) -> None:
    """The slate is shown."""
    await it.clerk.open_room()
    await it.see_meeting("pre-show")
    await it.eyes.look(it.resident.page, "speaker, room open")
    await it.dialog("Go live")


async def live(it: Walk) -> None:
    """The public see the room, and ask."""
    await it.clerk.go_live()
    await it.clerk.next_item()
    await it.see_meeting("live")
    await it.see("/", "home, live")
    await it.see(f"/meetings/{it.ref}", "meeting, live")
    await it.viewer.play()
    await it.eyes.look(it.viewer.page, "meeting, playing")
    await it.viewer.page.get_by_role("button", name=it.eyes.say("Keyboard help")).click()
    await it.eyes.look(it.viewer.page, "meeting, keys of the player")
    await it.viewer.page.get_by_role("button", name=it.eyes.say("Send question")).click()
    await it.eyes.look(it.viewer.page, "question with a mistake")
    for button in (
        "Private session",
        "Adjourn",
        "Technical",
        "End meeting",
        "Result of a vote",
        "Order",
        "Point of order",
    ):
        await it.dialog(button)


async def questions(it: Walk) -> None:
    """Asked without scripts and with them, and moderated."""
    page = it.viewer.page
    # A button of a form takes no second press for a second: this page took one by mistake.
    await it.see(f"/meetings/{it.ref}", "meeting, again")
    await it.viewer.ask(QUESTIONS[0], NAME)
    await it.eyes.look(page, "questions, own")
    await page.get_by_role("button", name=it.eyes.say("Change it")).click()
    await page.locator("#own-edit-text").fill("x" * 501)
    await page.get_by_role("button", name=it.eyes.say("Save the change")).click()
    await expect(page.locator("#own-edit-error")).not_to_be_empty()
    await it.eyes.look(page, "questions, a change with a mistake")
    await page.get_by_role("button", name=it.eyes.say("Leave it as it was")).click()
    for number, question in enumerate(QUESTIONS[1:]):
        async with audience(it.hall.links.home, it.ref, f"device-of-neighbour-{number}") as neighbour:
            await neighbour.call("question.submit", text=question, author=OTHER)
    for question in QUESTIONS:
        await it.clerk.sees_pending(question)
    await it.clerk.question("Approve", QUESTIONS[0])
    await it.clerk.question("Approve", QUESTIONS[1])
    await it.clerk.question("Being answered", QUESTIONS[1])
    await expect(it.viewer.question(QUESTIONS[1])).to_have_attribute("data-state", "answering")
    await it.eyes.look(page, "questions, public")
    for button in ("Reject", "Merge", "Write"):
        await it.dialog(button)
    await it.dialog("Reject", "Remove the person")
    await it.clerk.question("Answered", QUESTIONS[1])
    await it.desk.call("questions.freeze", frozen=True)
    await it.see(f"/meetings/{it.ref}", "meeting, questions frozen")
    await it.eyes.look_at_console(it.clerk.page, "console, questions frozen")
    await it.desk.call("questions.freeze", frozen=False)
    item = next(one["id"] for one in it.desk.public["agenda"] if "Mill Lane" in one["title"])
    vote = {"motion": MOTION, "outcome": "carried", "votes_for": 7, "votes_against": 2}
    await it.desk.call("result.enter", item_id=item, **vote)
    await it.see(f"/meetings/{it.ref}", "meeting, with a result")
    await it.dialog("Result of a vote")


async def on_air(it: Walk) -> None:
    """The resident speaks."""
    page = it.resident.page
    await it.clerk.call(NAME)
    await it.resident.is_called()
    await it.eyes.look(page, "speaker, called")
    await it.clerk.admit(NAME)
    await it.resident.is_on_air()
    await it.eyes.look(page, "speaker, on air")
    await it.see_meeting("somebody on air")
    await it.desk.call("point_of_order.raise", name=MEMBER)
    await expect(it.tablet.locator(".md-point")).to_contain_text(MEMBER)
    await it.eyes.look_at_console(it.clerk.page, "console, a point of order")
    await it.eyes.look_at_console(it.wall, "display, a point of order")
    await it.eyes.look_at_console(it.tablet, "chair, a point of order")
    await it.desk.call("point_of_order.end")
    await it.clerk.finish(NAME)
    await it.resident.is_off_air()
    await it.eyes.look(page, "speaker, off air")


async def closed(it: Walk) -> None:
    """Each slate; the page that is open has it from its scripts, the others from the server."""
    await it.see(f"/meetings/{it.ref}", "meeting, live again")
    await it.desk.call("meeting.adjourn", reason="", expected_back="23:30", drop=False)
    await shows(it, "adjourned")
    await it.desk.call("meeting.technical", reason="", drop=True)
    await shows(it, "technical")
    await it.desk.call("meeting.suspend", reason="disturbance", drop=True)
    await shows(it, "suspended")
    await it.desk.call("meeting.return", confirmed=True)
    await it.clerk.sees_state("LIVE")
    await it.clerk.go_private("9", paragraph=3)
    await shows(it, "private")
    await it.dialog("Return to public")


async def shows(it: Walk, state: str) -> None:
    await expect(it.viewer.page.locator("#notice")).to_be_visible()
    await it.eyes.look(it.viewer.page, f"open page, {state}")
    await it.see_meeting(state)


async def over(it: Walk) -> None:
    """Recorded, and watched."""
    await it.clerk.return_to_public()
    await it.see(f"/meetings/{it.ref}", "meeting, before its end")
    await it.clerk.end()
    start = it.viewer.page.locator(".mh-player__start")
    await expect(start).to_contain_text(it.eyes.say("Play the recording"))
    await it.eyes.look(it.viewer.page, "open page, ended")
    await it.see_meeting("ended")
    await it.viewer.play()
    await it.eyes.look(it.viewer.page, "recording, playing")
    await it.see("/", "home, recorded")
    await it.see(f"/meetings/{it.ref}/register", "registration closed")
    await it.eyes.look(it.resident.page, "speaker, meeting over")


async def withheld(it: Walk) -> None:
    """The recording is taken from the public, and given back."""
    await it.dialog("Withhold the recording")
    await it.desk.call("recording.withhold", reason="A name was said")
    await it.see_meeting("withheld")
    await it.dialog("Publish it again")
    await it.leave()
    await it.desk.call("recording.publish", confirmed=True)
    await it.see_meeting("published")


async def expired(it: Walk) -> None:
    """The time for which the council keeps recordings is over, as the house finds within a minute."""
    await it.dialog("Keep it for longer")
    await it.leave()
    it.put_long_ago()
    await it.desk.until("state", lambda told: told["public"]["state"] == "expired", "no recording", 90)
    await it.see_meeting("expired")


PARTS = (
    before,
    registration,
    waiting_room,
    without_a_camera,
    room_open,
    live,
    questions,
    on_air,
    closed,
    over,
    withheld,
    expired,
)

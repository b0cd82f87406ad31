"""Every page in every state of a meeting, by the rules of axe-core and at the width of a small telephone.

In English, and in a language of longer words in which every text that nobody marked for translation shows.
"""

import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from babel.dates import get_day_names, get_month_names
from playwright.async_api import Page, expect

from hub.domain import demo_council
from tests.e2e.clerk import Clerk
from tests.e2e.resident import Resident
from tests.e2e.viewer import Viewer
from tests.support import pseudo_locale
from tests.support.browser import CHROMIUM, chromium, visitor
from tests.support.demo import Demo, demo
from tests.support.eyes import Eyes
from tests.support.judge import RESIDENT
from tests.support.mail import mail_server
from tests.support.sockets import Console, audience, console

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.timeout(400),
]

COMMITTEE = "Executive"
NAME = "Kim Roe"
OTHER = "Ida Poe"
QUESTIONS = ("When will Mill Lane be closed for traffic?", "How many lime trees are to be felled?", "Why?")
MICROPHONES = ("Fake Default Audio Input", "Fake Audio Input")
MOTION = "That the application be approved"
LOOKS_AT_LEAST = 60


@dataclass
class Walk:
    """One meeting from its announcement to its recording, and who is at it."""

    hall: Demo
    ref: str
    eyes: Eyes
    clerk: Clerk
    desk: Console
    resident: Resident
    viewer: Viewer
    wall: Page

    def address(self, path: str) -> str:
        return f"{self.hall.links.home.rstrip('/')}{self.eyes.prefix}{path}"

    async def see(self, path: str, what: str, status: int = 200) -> None:
        """Open a page of the public and look at it."""
        response = await self.viewer.page.goto(self.address(path))
        assert response is not None
        assert response.status == status, path
        await self.eyes.look(self.viewer.page, what)

    async def see_meeting(self, state: str) -> None:
        """The page, the embedded player, the console and the display in one state of the meeting."""
        await self.see(f"/meetings/{self.ref}/embed", f"embedded, {state}")
        await self.see(f"/meetings/{self.ref}", f"meeting, {state}")
        await self.eyes.look_at_console(self.clerk.page, f"console, {state}")
        await self.eyes.look_at_console(self.wall, f"display, {state}")

    async def dialog(self, *buttons: str | re.Pattern[str]) -> None:
        """Open one at the console, look at it and close it. The last button opened it."""
        page = self.clerk.page
        for button in buttons:
            await page.get_by_role("button", name=button).first.click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await self.eyes.look_at_console(page, f"dialog “{buttons[-1]}”")
        await page.evaluate("() => document.querySelector('dialog').close()")
        await expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.fixture(params=["English", "longer"])
def language(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Eyes, Sequence[str]]:
    """How it is looked at, and the program that speaks so."""
    if request.param == "English":
        return Eyes(), ()
    folder = pseudo_locale.write_catalogue(tmp_path / "translations")
    program = (sys.executable, "-m", pseudo_locale.__name__, str(folder))
    return Eyes(f"/{pseudo_locale.TAG}", pseudo_locale.spoken, names()), program


def names() -> list[str]:
    """What the pages show and no catalogue has: names, what people wrote, and words of dates."""
    agenda = [text for item in demo_council._AGENDA for text in (item.title, item.text, item.paper) if text]
    members = [text for member in demo_council._MEMBERS for text in member]
    months = [get_month_names(width, locale=pseudo_locale.TAG).values() for width in ("wide", "abbreviated")]
    days = [get_day_names(width, locale=pseudo_locale.TAG).values() for width in ("wide", "abbreviated")]
    own = [demo_council.COUNCIL, COMMITTEE, "Planning Committee A", "The Guildhall, St Helen's Square"]
    words = ["English", "Cymraeg", NAME, OTHER, "kim@example.org", MOTION, *QUESTIONS, *MICROPHONES]
    return [*agenda, *members, *own, *words, *(word for some in (*months, *days) for word in some)]


@asynccontextmanager
async def walk(directory: Path, eyes: Eyes, program: Sequence[str]) -> AsyncIterator[Walk]:
    """A council with a meeting that nobody has opened yet, and three people at a browser each."""
    async with (
        mail_server() as mailbox,
        demo(directory / "hall", "--no-feed", environment=post(mailbox.port), **started(program)) as hall,
        chromium(directory, RESIDENT) as browser,
        visitor(browser, "clerk", width=1366, height=768) as at_console,
        visitor(browser, "resident") as at_home,
        visitor(browser, "viewer") as watching,
    ):
        clerk, page = Clerk(at_console), at_console.page
        response = await page.goto(hall.links.console)
        assert response is not None
        await eyes.look_at_console(page, "sign in")
        await clerk.sign_in(hall.links.console)
        await eyes.look_at_console(page, "list of consoles")
        address = await page.get_by_role("link", name=COMMITTEE).get_attribute("href")
        assert address is not None
        ref = address.rsplit("/", 1)[1]
        await clerk.open(f"{hall.links.home}console/meetings/{ref}")
        wall = await at_console.context.new_page()
        await wall.goto(f"{hall.links.home}console/meetings/{ref}/display")
        cookies = "; ".join(f"{one['name']}={one['value']}" for one in await at_console.context.cookies())
        async with console(hall.links.home, ref, cookies) as desk:
            people = clerk, desk, Resident(at_home, eyes.say), Viewer(watching)
            yield Walk(hall, ref, eyes, *people, wall)
        assert not [*at_console.faults, *at_home.faults, *watching.faults]


async def test_every_page_in_every_state(tmp_path: Path, language: tuple[Eyes, Sequence[str]]) -> None:
    eyes, program = language
    async with walk(tmp_path, eyes, program) as it:
        for part in PARTS:
            await part(it)
    print(f"{eyes.looked} looks")
    assert eyes.looked > LOOKS_AT_LEAST
    assert not eyes.found, "\n".join(eyes.found)


async def test_the_eyes_see(tmp_path: Path) -> None:
    """An instrument is tried before it judges: what is wrong here is found, and nothing else."""
    page = "<html lang=cy><title>{title}</title><main><h1>⟦Ťšťš⟧</h1>{body}</main>"
    eyes = Eyes(names=["Ouseby"])
    async with chromium(tmp_path) as browser, visitor(browser, "eyes") as person:
        good = page.format(
            title="⟦Ťííťĺéé⟧ – Ouseby", body="<p>⟦Úú ⟦n⟧ Kim⟧ 5:30, https://ouseby.example/x</p>"
        )
        await person.page.set_content(good)
        await eyes.look(person.page, "good")
        assert not eyes.found
        for body, rule in (
            ("<img src='data:,'>", "image-alt"),
            ("<p style='color: #999'>⟦x⟧</p>", "color-contrast"),
            ("<pre style='width: 400px'>⟦x⟧</pre>", "wider than the window"),
            ("<p>Closed ⟦x⟧</p>", "in English: “Closed”"),
            ("<button aria-label='Stop'>⟦x⟧</button>", "in English: “Stop”"),
        ):
            await person.page.set_content(page.format(title="⟦x⟧", body=body))
            eyes.found.clear()
            await eyes.look(person.page, "bad")
            assert any(rule in found for found in eyes.found), f"{rule}: {eyes.found}"


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
    await it.dialog(f"Details of {NAME}")
    await it.clerk.confirm(NAME)
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
    for button in ("Private session", "Adjourn", "Technical", "End meeting", "Result of a vote"):
        await it.dialog(button)


async def questions(it: Walk) -> None:
    """Asked without scripts and with them, and moderated."""
    page = it.viewer.page
    # A button of a form takes no second press for a second: this page took one by mistake.
    await it.see(f"/meetings/{it.ref}", "meeting, again")
    await it.viewer.ask(QUESTIONS[0], NAME)
    await it.eyes.look(page, "questions, own")
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


PARTS = (before, registration, waiting_room, room_open, live, questions, on_air, closed, over)


def post(port: int) -> dict[str, str]:
    return {
        "MOOTHALL_SMTP_HOST": "127.0.0.1",
        "MOOTHALL_SMTP_PORT": str(port),
        "MOOTHALL_SMTP_SECURITY": "none",
        "MOOTHALL_SMTP_FROM": "meetings@ouseby.example",
    }


def started(program: Sequence[str]) -> dict[str, Sequence[str]]:
    return {"program": program} if program else {}

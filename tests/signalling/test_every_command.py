"""Every command of the console is given once, is answered, and changes nothing when it comes again."""

from datetime import timedelta

import pytest
from sqlmodel import select

from hub.domain.commands import moves
from hub.domain.local_time import LONDON
from hub.domain.models import Meeting
from hub.domain.rules import Consent, Mode, Wish
from hub.domain.services.confirming import confirm
from hub.domain.services.registration import register, take_slot
from tests.signalling.clerk import OF_WEBINARS, STAFF, Clerk
from tests.signalling.conftest import SECOND_CLERK, Hall
from tests.signalling.line import Line


async def test_every_command_is_answered_and_a_replay_changes_nothing(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A cut does not wait longer for what to write on the slate; on a busy machine this one has to.
    monkeypatch.setattr(moves, "LOOK_SECONDS", 10.0)
    clerk = Clerk(hall, await hall.console())
    sam = await hall.speaker()
    await _mark(clerk)
    await _discuss(clerk)
    await _open(clerk)
    await clerk.line.until("checklist", lambda told: not told["lines"], "the end of the checklist")
    await _invite(clerk)
    await _reorder(clerk)
    await _take_questions(clerk)
    await _hear_sam(clerk, sam)
    await _hear_nobody(clerk)
    await _read_out(clerk)
    await _hand_over(clerk)
    await _leave_and_come_back(clerk)
    assert set(clerk.sent) == {name for name in STAFF if not name.startswith(OF_WEBINARS)}, "every command"
    assert clerk.line.told["state"]["public"]["state"] == "published"
    assert not hall.studio.open


async def _reorder(clerk: Clerk) -> None:
    """An urgent item before the last, which is then put off, and moved to where the urgent one was."""
    public = clerk.line.told["state"]["public"]
    last = public["agenda"][-1]["id"]
    urgent = {"title": "Flood", "reason": "The river rose after the agenda was published.", "before": last}
    await clerk.do("business.add", expected_version=public["version"], **urgent)
    public = clerk.line.told["state"]["public"]
    flood = public["agenda"][-2]
    assert (flood["title"], flood["added"]) == ("Flood", True)
    await clerk.do("business.defer", expected_version=public["version"], item_id=flood["id"], before=None)
    public = clerk.line.told["state"]["public"]
    assert (public["agenda"][-1]["id"], public["agenda"][-1]["state"]) == (flood["id"], "deferred")
    await clerk.do("business.move", expected_version=public["version"], item_id=flood["id"], before=last)
    assert [item["id"] for item in clerk.line.told["state"]["public"]["agenda"][-2:]] == [flood["id"], last]
    public = clerk.line.told["state"]["public"]
    await clerk.do("business.put_off", expected_version=public["version"], item_id=flood["id"], to=None)
    assert clerk.line.told["state"]["public"]["agenda"][-2]["state"] == "put_off"
    await clerk.do("timetable.expect", item_id=flood["id"], minutes=10)
    assert clerk.line.told["state"]["public"]["agenda"][-2]["minutes"] == 10


async def _invite(clerk: Clerk) -> None:
    answer = await clerk.do("invitation.issue", name="Gwen Rees", part="signer")
    assert answer["token"]
    number = answer["registration_id"]
    token = str(answer["token"])
    await take_slot(clerk.hall.desk, token, "laptop of gwen")
    gwen = await clerk.hall.line("/speaker", {"token": token, "device": "laptop of gwen"})
    await gwen.ask("speaker.check_in", client_id="in", device_check={})
    assert await gwen.refused("media.offer", sdp="v=0") == "illegal_transition"
    await clerk.do("invitation.bring_in", registration_id=number)
    assert (await gwen.ask("media.offer", sdp="v=0"))["ok"]
    assert clerk.hall.engine.calls[-1] == ("open_speaker", clerk.hall.ref, str(number), "Gwen Rees", "signer")
    await clerk.do("invitation.send_out", registration_id=number)
    assert await gwen.refused("media.offer", sdp="v=0") == "illegal_transition"
    await clerk.do("invitation.revoke", registration_id=number)
    await gwen.until("state", lambda state: state["state"] == "revoked", "the end of the invitation")


async def _hand_over(clerk: Clerk) -> None:
    bob = await clerk.hall.console(SECOND_CLERK)
    await clerk.line.until("state", lambda state: len(state["clerks"]) == 2, "Bob to be here")
    (to,) = [one["staff_id"] for one in clerk.line.told["state"]["clerks"] if one["name"] == "Bob Dene"]
    await clerk.do("duty.offer", staff_id=to, note="Item 9 is next")
    await clerk.do("duty.drop")
    await clerk.do("duty.offer", staff_id=to)
    assert (await bob.ask("duty.accept", client_id="mine"))["ok"]
    clerk.sent.append("duty.accept")
    await bob.close()
    await clerk.line.until("state", lambda state: len(state["clerks"]) == 1, "Bob to be gone")
    await clerk.do("duty.take")


async def _discuss(clerk: Clerk) -> None:
    """A day before the meeting: three posts from browsers, of which officers publish one."""
    hall = clerk.hall
    async with hall.desk.store.write() as session:
        meeting = (await session.exec(select(Meeting).where(Meeting.ref == hall.ref))).one()
        starts, meeting.starts_at = meeting.starts_at, hall.clock.now() + timedelta(days=1)
    item = clerk.line.told["state"]["public"]["agenda"][0]["id"]
    about = {"item_id": item, "title": "Trees", "introduction": "Which?"}
    until = f"{hall.clock.now().astimezone(LONDON) + timedelta(hours=3):%Y-%m-%dT%H:%M}"
    topic = (await clerk.do("discussion.open", **about, closes=until))["topic_id"]
    posts = []
    for number in range(3):
        viewer = await hall.viewer(f"device-number-{number}")
        sent = {"topic_id": topic, "name": "Sam", "email": f"{number}@example.org", "text": f"Post {number}"}
        answer = await viewer.ask("discussion.post", client_id="post", **sent)
        assert answer["state"] == "unconfirmed"
        posts.append(answer["post_id"])
        token = (await clerk.do("post.link", post_id=posts[-1]))["token"]
        hall.desk.sends_mail = True
        await clerk.do("post.send_link", post_id=posts[-1])
        hall.desk.sends_mail = False
        await confirm(hall.desk, token)
        assert "@example.org" not in viewer.everything()
    first, second, third = posts
    await clerk.do("post.look", post_id=first)
    assert [hand["post_id"] for hand in clerk.line.told["state"]["post_hands"]] == [first]
    await clerk.do("post.approve", post_id=first)
    await clerk.do("post.merge", post_id=second, into_id=first)
    await clerk.do("post.reject", post_id=third, code="off_topic")
    await clerk.do("post.put_back", post_id=third)
    await clerk.do("discussion.close", topic_id=topic)
    await clerk.do("discussion.reopen", topic_id=topic, closes=until)
    await clerk.do("discussion.close", topic_id=topic)
    await clerk.do("discussion.summarise", topic_id=topic, text="They like trees.")
    (told,) = clerk.line.told["state"]["discussions"]
    assert (told["topic"]["state"], told["topic"]["summary"]) == ("summarised", "They like trees.")
    assert [post["state"] for post in told["posts"]] == ["approved", "merged", "pending"]
    async with hall.desk.store.write() as session:
        (await session.exec(select(Meeting).where(Meeting.ref == hall.ref))).one().starts_at = starts


async def _mark(clerk: Clerk) -> None:
    await clerk.do("attendance.mark", office="chair", present=True)
    await clerk.line.until(
        "checklist",
        lambda told: any(line["about"] == "chair" and line["check"] == "fine" for line in told["lines"]),
        "the chair to be here",
    )


async def _open(clerk: Clerk) -> None:
    assert await clerk.do("meeting.open_room") == {"ok": True}
    assert (await clerk.do("delay.set", seconds=0))["ok"]
    assert await clerk.line.refused("meeting.go_live", client_id="unsure") == "not_confirmed"
    assert await clerk.do("meeting.go_live", confirmed=True) == {"ok": True}
    assert clerk.hall.studio.open
    version = clerk.line.told["state"]["public"]["version"]
    answer = await clerk.do("item.next", expected_version=version)
    agenda = clerk.line.told["state"]["public"]["agenda"]
    assert answer == {"ok": True, "item_id": agenda[0]["id"]}
    version = clerk.line.told["state"]["public"]["version"]
    answer = await clerk.do("item.go", item_id=agenda[4]["id"], expected_version=version)
    assert clerk.line.told["state"]["public"]["now_item_id"] == agenda[4]["id"] == answer["item_id"]
    version = clerk.line.told["state"]["public"]["version"]
    answer = await clerk.do("item.undo", expected_version=version)
    assert clerk.line.told["state"]["public"]["now_item_id"] == agenda[0]["id"] == answer["item_id"]
    version = clerk.line.told["state"]["public"]["version"]
    await clerk.do("item.go", item_id=agenda[4]["id"], expected_version=version)
    assert await clerk.do("layout.set", layout="side_by_side") == {"ok": True}
    (step,) = clerk.line.told["state"]["undo"]
    assert step["action"] == "layout.set"
    assert await clerk.do("step.undo", step=step["step"]) == {"ok": True}
    assert clerk.hall.studio.calls[-1] == ("set_layout", "None")
    assert (await clerk.do("captions.chamber", text="Cllr Nia Prosser, Chair"))["ok"]
    assert (await clerk.do("captions.show", visible=True))["ok"]
    assert (await clerk.do("presentation.show", page=1))["ok"]
    for turn in ("presentation.next", "presentation.previous", "presentation.stop"):
        assert (await clerk.do(turn))["ok"]


async def _take_questions(clerk: Clerk) -> None:
    hall = clerk.hall
    assert await clerk.do("questions.open", open=True) == {"ok": True}
    first, second, third = [await hall.ask(text) for text in ("First?", "Second?", "Third?")]
    await clerk.line.until("state", lambda told: len(told["pending"]) == 3, "three questions")
    await clerk.do("question.approve", question_id=first)
    assert await clerk.do("question.merge", question_id=second, into_id=first) == {"ok": True, "votes": 0}
    await clerk.do("question.reject", question_id=third, reason="Not about the city")
    await clerk.do("question.start_answer", question_id=first)
    await clerk.do("question.put_back", question_id=first)
    await clerk.do("question.finish_answer", question_id=first)
    assert (await clerk.do("question.look", question_id=first))["ok"]
    (hand,) = clerk.line.told["state"]["hands"]
    assert (hand["question_id"], hand["name"]) == (first, "Ann Clark")
    assert (await clerk.do("question.answer", question_id=third, text="Ask the county.", private=True))["ok"]
    assert (await clerk.do("questions.moderation", strict=True))["ok"]
    assert (await clerk.do("questions.freeze", frozen=False))["ok"]
    assert (await clerk.do("hearing.clear"))["ok"]
    item = clerk.line.told["state"]["public"]["now_item_id"]
    vote = {"item_id": item, "motion": "To approve", "outcome": "carried"}
    entered = await clerk.do("result.enter", **vote, votes_for=5, votes_against=2)
    assert [one["id"] for one in clerk.line.told["state"]["public"]["results"]] == [entered["result_id"]]
    assert (await clerk.do("result.strike", result_id=entered["result_id"], reason="Miscounted"))["ok"]
    assert (await clerk.do("person.remove", question_id=third, reason="Abuse"))["ok"]
    (removal,) = clerk.line.told["state"]["removed"]
    assert (await clerk.do("person.restore", removal_id=removal["id"]))["ok"]
    public = clerk.line.told["state"]["public"]["questions"]
    assert [(one["id"], one["state"]) for one in public] == [(first, "answered")]
    settled = {one["id"]: one["state"] for one in clerk.line.told["state"]["settled"]}
    assert settled == {second: "merged", third: "replied"}


async def _read_out(clerk: Clerk) -> None:
    wish = Wish(mode=Mode.REMOTE, consent=Consent.READ_OUT, text="The limes should stay.")
    sent = await register(
        clerk.hall.desk, clerk.hall.ref, name="Olga Pym", email="olga@example.org", wish=wish
    )
    await clerk.do("speaker.confirm", registration_id=sent.registration_id)
    await clerk.do("speaker.read_out", registration_id=sent.registration_id)
    assert clerk.row("Olga Pym")["state"] == "done"


async def _hear_sam(clerk: Clerk, sam: Line) -> None:
    number = sam.told["state"]["registration_id"]
    await clerk.do("speaker.reorder", registration_ids=[number])
    assert (await sam.ask("speaker.check_in", client_id="in"))["ok"]
    await clerk.do("speaker.call", registration_id=number)
    await clerk.do("speaker.stand_back", registration_id=number)
    await clerk.do("speaker.call", registration_id=number)
    await clerk.do("speaker.cue", registration_id=number, seconds=5)
    await sam.until("state", lambda state: state["on_air_ms"] is not None, "the countdown")
    await clerk.do("speaker.admit", registration_id=number)
    assert clerk.hall.studio.on_air == [number]
    await clerk.do("speaker.extend", registration_id=number, seconds=60)
    await clerk.do("speaker.pause", registration_id=number)
    await clerk.do("speaker.resume", registration_id=number)
    await clerk.do("point_of_order.raise", name="Cllr Jane Doe")
    assert clerk.line.told["state"]["point_of_order"]["name"] == "Cllr Jane Doe"
    assert clerk.row("Sam Lee")["timer"]["left_ms"] is not None
    await sam.until("state", lambda state: state["timer"]["left_ms"] is not None, "the time to stand")
    await clerk.do("point_of_order.end")
    assert clerk.line.told["state"]["point_of_order"] is None
    assert clerk.row("Sam Lee")["timer"]["left_ms"] is None
    await clerk.do("speaker.rename", registration_id=number, name="Samuel Lee")
    await clerk.do("speaker.rename", registration_id=number, name="Sam Lee")
    line = (await sam.ask("chat.say", client_id="hello", text="Do you hear me?"))["line"]
    await clerk.line.until("state", lambda _: clerk.row("Sam Lee")["unread"] == 1, "Sam's words")
    await clerk.do("chat.read", registration_id=number, up_to=line)
    await clerk.do("chat.reply", registration_id=number, text="Very well.")
    await sam.until("state", lambda state: len(state["chat"]) == 2, "the answer")
    assert (await sam.ask("speaker.ask_for_help", client_id="help", phone="01632 960 002"))["ok"]
    await clerk.line.until("state", lambda _: clerk.row("Sam Lee")["help_reason"] == "help", "the alarm")
    await clerk.do("speaker.helped", registration_id=number)
    await clerk.do("speaker.by_phone", registration_id=number, on=True)
    assert not clerk.hall.studio.on_air
    assert await sam.refused("media.offer", sdp="v=0") == "illegal_transition"
    assert clerk.row("Sam Lee")["timer"]["seconds"] == 240
    await clerk.do("speaker.finish", registration_id=number)
    assert not clerk.hall.studio.on_air
    assert clerk.row("Sam Lee")["state"] == "done"


async def _hear_nobody(clerk: Clerk) -> None:
    priya = clerk.row("Priya Nair")["id"]
    await clerk.do("speaker.confirm", registration_id=priya)
    answer = await clerk.do("speaker.new_link", registration_id=priya)
    assert set(answer) == {"ok", "token", "short_code"}
    for secret in (answer["token"], answer["short_code"]):
        assert secret, "told once"
        assert secret not in clerk.line.everything()
    assert (await clerk.do("speaker.link", registration_id=priya))["token"] == answer["token"]
    await clerk.do("speaker.miss", registration_id=priya)
    await clerk.do("speaker.remove", registration_id=priya, reason="Threats.")
    assert await clerk.line.refused("speaker.decline", client_id="no", registration_id=priya) == (
        "illegal_transition"
    )
    late = await clerk.hall.register("Late Larry")
    assert await clerk.line.refused("speaker.send_link", client_id="post", registration_id=late) == "invalid"
    clerk.hall.desk.sends_mail = True
    assert await clerk.do("speaker.send_link", registration_id=late) == {"ok": True}
    assert [mail["kind"] for mail in clerk.row("Late Larry")["mails"]] == ["registered", "link"]
    await clerk.do("speaker.decline", registration_id=late)


async def _leave_and_come_back(clerk: Clerk) -> None:
    hall, item = clerk.hall, clerk.line.told["state"]["public"]["agenda"][-1]["id"]
    private = {"item_id": item, "paragraphs": [3], "reason": "Contract", "expected_back": "19:40"}
    await clerk.do("note.write", item_id=item, text="The public left.")
    await clerk.do("meeting.private", **private)
    assert (await clerk.do("private.admit", registration_ids=[]))["ok"]
    public = clerk.line.told["state"]["public"]
    assert public["notice"]["title"] == "The public have been excluded for item 9"
    assert not hall.studio.open
    assert await clerk.line.refused("meeting.return", client_id="unsure") == "not_confirmed"
    assert not hall.studio.open
    for name, payload in (
        ("meeting.adjourn", {"reason": "Tea", "expected_back": None}),
        ("meeting.suspend", {"reason": "disturbance"}),
        ("meeting.technical", {"reason": "A cable"}),
        ("gate.cut", {}),
    ):
        await clerk.do("meeting.return", confirmed=True)
        assert hall.studio.open
        await clerk.do(name, **payload)
        assert not hall.studio.open, name
    assert await clerk.line.refused("meeting.end", client_id="not-sure") == "not_confirmed"
    await clerk.do("meeting.end", confirmed=True)
    await clerk.do("recording.withhold", reason="An address was read out")
    await clerk.do("recording.publish", confirmed=True)
    hall.desk.recordings_kept = timedelta(days=28)
    await clerk.do("recording.keep", until="2099-12-31", reason="A complaint")

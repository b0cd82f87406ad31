"""What people left of themselves at a meeting, and what stays of it when it is long over."""

from datetime import timedelta

import pytest
from sqlmodel import select

from hub.domain.errors import Forbidden
from hub.domain.local_time import LONDON
from hub.domain.models import (
    ChatLine,
    Feedback,
    HearingReport,
    Mail,
    Meeting,
    PollVote,
    Question,
    RaisedHand,
    Receipt,
    Registration,
    Removal,
    Vote,
)
from hub.domain.services.attending import attend
from hub.domain.services.traces import sweep
from hub.domain.states.meeting import MeetingState
from hub.domain.views import feedback_records, public_snapshot, questions_record, staff_snapshot
from tests.hub.conftest import House
from tests.hub.fakes import START
from tests.hub.webinar import hold

AUDIENCE = (Feedback, HearingReport, PollVote, Question, RaisedHand, Removal, Vote)
TABLES = (ChatLine, Mail, Receipt, Registration, *AUDIENCE)
PERSONAL = ("device-", "ada@example.org", "sam@example.org", "07700", "A loop", "SECRET")
"""What nobody may find in the tables afterwards."""


async def everything(house: House) -> str:
    """What the tables have of people, as text."""
    async with house.desk.store.read() as session:
        rows = [row.model_dump_json() for table in TABLES for row in await session.exec(select(table))]
    return "\n".join(rows)


def found(text: str) -> list[str]:
    return [word for word in PERSONAL if word in text]


async def play(house: House) -> House:
    """A webinar at which everything happened that leaves traces, and which is over."""
    webinar = await hold(house)
    desk = webinar.desk
    await attend(desk, webinar.ref, webinar.viewer("device-0"), name="SECRET Ada", email="ada@example.org")
    await webinar.live()
    speaker = (await staff_snapshot(desk, webinar.ref)).speakers[0].id
    async with desk.store.write() as session:
        row = await session.get_one(Registration, speaker)
        row.email, row.phone, row.access_needs = "sam@example.org", "07700900123", "A loop"
    await webinar.do("chat.reply", registration_id=speaker, text="SECRET chat")
    approved = await webinar.ask("Published?", "device-1")
    refused = await webinar.ask("SECRET question", "device-2")
    await webinar.do("question.approve", question_id=approved)
    await webinar.do("question.vote", webinar.viewer("device-3"), question_id=approved)
    await webinar.do("person.remove", question_id=refused, reason="SECRET reason")
    poll = (await webinar.do("poll.create", text="How?", kind="single", options=["A", "B"]))["poll_id"]
    await webinar.do("poll.open", poll_id=poll)
    await webinar.do("poll.vote", webinar.viewer("device-4"), poll_id=poll, choices=[2])
    await webinar.do("poll.show", poll_id=poll)
    await webinar.do("hand.raise", webinar.viewer("device-5"), name="SECRET hand")
    await webinar.do("hearing.report", webinar.viewer("device-6"))
    await webinar.do("meeting.end", confirmed=True)
    for number in (7, 8):
        viewer = webinar.viewer(f"device-{number}")
        await webinar.do("feedback.give", viewer, rating=number - 4, text="SECRET words")
    return webinar


async def test_what_was_never_public_is_gone_after_its_time_and_not_before(house: House) -> None:
    webinar = await play(house)
    assert found(await everything(webinar)) == list(PERSONAL)
    webinar.clock.advance(seconds=webinar.desk.kept_after_meeting.total_seconds() - 1)
    assert await sweep(webinar.desk) == 0
    assert found(await everything(webinar)) == list(PERSONAL)
    webinar.clock.advance(seconds=1)
    assert await sweep(webinar.desk) > 0
    assert found(await everything(webinar)) == []
    assert await sweep(webinar.desk) == 0


async def test_a_council_may_keep_it_for_another_number_of_days(house: House) -> None:
    webinar = await play(house)
    webinar.desk.kept_after_meeting = timedelta(days=30)
    webinar.clock.advance(days=29)
    assert await sweep(webinar.desk) == 0
    webinar.clock.advance(days=1)
    assert await sweep(webinar.desk) > 0
    assert found(await everything(webinar)) == []


async def test_what_was_public_and_all_figures_stay(house: House) -> None:
    webinar = await play(house)
    before = await public_snapshot(webinar.desk, webinar.ref)
    webinar.clock.advance(days=webinar.desk.kept_after_meeting.days)
    await sweep(webinar.desk)
    after = await public_snapshot(webinar.desk, webinar.ref)
    assert after.version == before.version + 1
    assert (after.questions, after.polls, after.index) == (before.questions, before.polls, before.index)
    assert [(one.text, one.votes) for one in after.questions] == [("Published?", 1)]
    record = await feedback_records(webinar.desk, webinar.ref)
    assert (record.people, record.mean) == (2, 3.5)
    assert {one.text for one in record.feedback} == {""}
    staff = await staff_snapshot(webinar.desk, webinar.ref)
    assert staff.attending == 1
    assert [row.name for row in staff.speakers] == ["Ann Ash"]


async def test_the_log_says_that_a_question_was_changed_and_no_longer_its_words(house: House) -> None:
    webinar = await play(house)
    async with webinar.desk.store.write() as session:
        (await session.get_one(Meeting, webinar.meeting_id)).state = MeetingState.LIVE
    number = await webinar.ask("SECRET draft", "device-9")
    await webinar.do("question.edit", webinar.viewer("device-9"), question_id=number, text="In public?")
    await webinar.do("question.approve", question_id=number)
    await webinar.do("meeting.end", confirmed=True)

    async def log() -> list[tuple[str, str, str]]:
        record = await questions_record(webinar.desk, webinar.ref)
        return [(line.action, line.before, line.after) for line in record.log][-2:]

    approval = ("question.approve", "pending", "approved")
    assert await log() == [("question.edit", "SECRET draft", "In public?"), approval]
    webinar.clock.advance(days=webinar.desk.kept_after_meeting.days)
    await sweep(webinar.desk)
    assert await log() == [("question.edit", "", ""), approval]


async def test_an_answer_to_its_author_alone_goes_from_a_published_question(house: House) -> None:
    webinar = await hold(house)
    await webinar.live()
    public, private = [await webinar.ask(text, f"device-{text}") for text in ("One?", "Two?")]
    for number, only in ((public, False), (private, True)):
        await webinar.do("question.approve", question_id=number)
        await webinar.do("question.answer", question_id=number, text=f"Answer {number}", private=only)
    await webinar.do("meeting.end", confirmed=True)
    webinar.clock.advance(days=webinar.desk.kept_after_meeting.days)
    await sweep(webinar.desk)
    record = await questions_record(webinar.desk, webinar.ref)
    assert [(one.text, one.answer) for one in record.questions] == [
        ("One?", f"Answer {public}"),
        ("Two?", ""),
    ]


async def test_files_say_the_day_on_which_it_is_really_deleted(house: House) -> None:
    webinar = await play(house)
    async with webinar.desk.store.read() as session:
        ended = (await session.get_one(Meeting, webinar.meeting_id)).ended_at
    assert ended is not None
    day = f"{(ended + webinar.desk.kept_after_meeting).astimezone(LONDON):%Y-%m-%d}"

    async def files() -> dict[str, list[str]]:
        record = await questions_record(webinar.desk, webinar.ref)
        feedback = await feedback_records(webinar.desk, webinar.ref)
        return {
            "whole": [record.personal_data_deleted_on],
            "questions": [one.personal_data_deleted_on for one in record.questions],
            "log": sorted({one.personal_data_deleted_on for one in record.log}),
            "feedback": [one.personal_data_deleted_on for one in feedback.feedback],
        }

    said = {"whole": [day], "questions": ["kept", day], "log": ["kept"], "feedback": [day, day]}
    assert await files() == said
    while f"{webinar.clock.now().astimezone(LONDON):%Y-%m-%d}" < day:
        assert await sweep(webinar.desk) == 0
        assert await files() == said
        webinar.clock.advance(hours=12)
    webinar.clock.advance(days=1)
    assert await sweep(webinar.desk) > 0
    assert (await files())["questions"] == ["kept"], "what said the day is gone, and what said so stays"


async def test_files_name_no_day_before_the_meeting_is_over(house: House) -> None:
    number = await house.ask("In one way?")
    await house.do("question.edit", house.viewer(), question_id=number, text="In another?")

    async def days() -> tuple[str, str, str]:
        record = await questions_record(house.desk, house.ref)
        line, question = record.log[0], record.questions[0]
        return (
            record.personal_data_deleted_on,
            question.personal_data_deleted_on,
            line.personal_data_deleted_on,
        )

    never_held = f"{(START + house.desk.kept_after_meeting).astimezone(LONDON):%Y-%m-%d}"
    assert await days() == (never_held,) * 3
    await house.live()
    assert await days() == ("not set",) * 3
    house.clock.advance(days=2)
    await house.do("meeting.end", confirmed=True)
    day = f"{(house.clock.now() + house.desk.kept_after_meeting).astimezone(LONDON):%Y-%m-%d}"
    assert await days() == (day,) * 3
    house.desk.kept_after_meeting = timedelta(days=30)
    assert (await days())[0] < day


async def test_nothing_more_is_taken_afterwards(house: House) -> None:
    webinar = await play(house)
    webinar.clock.advance(days=webinar.desk.kept_after_meeting.days)
    await sweep(webinar.desk)
    with pytest.raises(Forbidden, match="long ago"):
        await webinar.do("feedback.give", webinar.viewer("device-9"), rating=5)


async def test_a_meeting_is_over_when_it_ended_and_one_that_never_was_when_it_would_have_been(
    house: House,
) -> None:
    await house.waiting()
    webinar = await hold(house)
    await attend(house.desk, webinar.ref, webinar.viewer("device-0"), name="Ada", email="ada@example.org")
    house.clock.advance(days=1)
    await house.live()
    house.clock.advance(days=house.desk.kept_after_meeting.days)
    assert await sweep(house.desk) == 0, "it runs"
    await house.do("meeting.end", confirmed=True)
    house.clock.advance(days=3)
    assert await sweep(house.desk) == 1
    text = await everything(house)
    assert "ada@example.org" not in text
    assert "sam@example.org" in text
    house.clock.advance(days=house.desk.kept_after_meeting.days - 3)
    assert await sweep(house.desk) == 1
    assert found(await everything(house)) == []


async def test_other_meetings_keep_what_is_theirs(house: House) -> None:
    await play(house)
    house.clock.advance(days=house.desk.kept_after_meeting.days)
    await house.do("meeting.open_room")
    await house.ask("Mine?", "device-mine")
    assert await sweep(house.desk) == 1
    text = await everything(house)
    assert "Mine?" in text
    assert "device-mine" in text

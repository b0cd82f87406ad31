"""A practice of a meeting: all that officers do, and nothing that the public could find."""

from dataclasses import replace

import pytest

from hub.domain import views
from hub.domain.errors import IllegalTransition, NotFound
from hub.domain.meetings import find_meeting
from hub.domain.models import MailKind, Registration, key
from hub.domain.people import Viewer
from hub.domain.services.outbox import due, letter, queue
from hub.domain.services.registration import register
from hub.domain.services.rehearsal import rehearse, unfinished_rehearsals
from hub.domain.states.meeting import MeetingState
from tests.hub.conftest import House


async def rehearsal_of(house: House) -> House:
    """The same council, with its hands on the rehearsal."""
    ref = await rehearse(house.desk, house.clerk, house.ref)
    number = await views.meeting_id(house.desk, ref, rehearsals=True)
    return replace(house, ref=ref, meeting_id=number, sent=1000)


async def test_it_is_a_copy_with_an_agenda_people_and_questions(house: House) -> None:
    practice = await rehearsal_of(house)
    staff = await views.staff_snapshot(house.desk, practice.ref)
    real = await views.staff_snapshot(house.desk, house.ref)
    assert (staff.rehearsal, real.rehearsal) == (True, False)
    assert staff.public.title == "Rehearsal: Planning Committee A"
    assert [(item.number, item.title) for item in staff.public.agenda] == [
        (item.number, item.title) for item in real.public.agenda
    ]
    assert not {item.id for item in staff.public.agenda} & set(house.items)
    assert [(row.state, row.email) for row in staff.speakers] == [("confirmed", "")] * 2
    assert len(staff.pending) == 3
    assert set(staff.stream_keys) == {"chamber", "sign"}
    assert not set(staff.stream_keys.values()) & set(real.stream_keys.values())


async def test_a_whole_meeting_is_practised_and_nothing_is_published(house: House) -> None:
    practice = await rehearsal_of(house)
    await practice.live()
    assert house.studio.rehearses
    await practice.next()
    speaker = (await views.staff_snapshot(house.desk, practice.ref)).speakers[0].id
    token = (await practice.do("speaker.link", registration_id=speaker))["token"]
    assert token
    await practice.do("meeting.private", item_id=None, paragraphs=[3])
    await practice.do("meeting.return", confirmed=True)
    await practice.do("meeting.end", confirmed=True)
    assert await practice.state() is MeetingState.ENDED
    with pytest.raises(IllegalTransition, match="A rehearsal is not recorded"):
        await practice.do("recording.publish", confirmed=True)
    assert await house.state() is MeetingState.SCHEDULED


async def test_the_real_meeting_starts_a_studio_that_is_none_of_a_rehearsal(house: House) -> None:
    await house.do("meeting.open_room")
    assert not house.studio.rehearses


@pytest.mark.parametrize("state", MeetingState)
async def test_it_is_in_no_list_calendar_or_feed_in_any_state(house: House, state: MeetingState) -> None:
    practice = await rehearsal_of(house)
    async with house.desk.store.write() as session:
        meeting = await find_meeting(session, practice.ref, rehearsals=True)
        meeting.state, meeting.ended_at = state, house.clock.now()
    lists = await views.list_meetings(house.desk)
    listed = [
        *(card.ref for card in (*lists.live, *lists.upcoming, *lists.recorded)),
        *(card.ref for card in (await views.find_meetings(house.desk)).meetings),
        *(card.ref for card in (await views.find_meetings(house.desk, ["rehearsal"])).meetings),
        *(entry.ref for entry in await views.calendar(house.desk)),
        *(entry.ref for entry in await views.calendar(house.desk, 1)),
        *(entry.ref for entry in await views.recordings(house.desk)),
        *(entry.ref for entry in await views.recordings(house.desk, 1)),
    ]
    assert set(listed) == {house.ref}
    assert await views.calendar(house.desk, ref=practice.ref) == []
    for look in (views.public_snapshot, views.meeting_page, views.chapters, views.meeting_id, views.removals):
        with pytest.raises(NotFound):
            await look(house.desk, practice.ref)


async def test_the_public_can_do_nothing_to_it(house: House) -> None:
    practice = await rehearsal_of(house)
    await practice.live()
    viewer = Viewer("device-1", practice.meeting_id)
    for name, payload in (
        ("question.submit", {"text": "Why?", "author": "", "item_id": None}),
        ("question.vote", {"question_id": 1}),
        ("hearing.report", {}),
    ):
        with pytest.raises(NotFound):
            await practice.do(name, viewer, **payload)
    with pytest.raises(NotFound):
        await register(house.desk, practice.ref, name="Sam Lee", email="sam@example.org")


async def test_nobody_is_written_to(house: House) -> None:
    practice = await rehearsal_of(house)
    async with house.desk.store.write() as session:
        meeting = await find_meeting(session, practice.ref, rehearsals=True)
        row = Registration(meeting_id=key(meeting), name="Sam Lee", email="sam@example.org", token_hash="sam")
        session.add(row)
        await session.flush()
        await queue(session, row, MailKind.CONFIRMED, house.clock.now())
    [number] = await due(house.desk, 10)
    assert await letter(house.desk, number) is None
    assert await due(house.desk, 10) == []


async def test_one_at_a_time_and_only_before_the_meeting(house: House) -> None:
    first = await rehearse(house.desk, house.clerk, house.ref)
    assert await rehearse(house.desk, house.second_clerk, house.ref) == first
    assert [ref for ref, _ in await unfinished_rehearsals(house.desk)] == [first]
    practice = await rehearsal_of(house)
    await practice.live()
    await practice.do("meeting.end", confirmed=True)
    assert await unfinished_rehearsals(house.desk) == []
    assert await rehearse(house.desk, house.clerk, house.ref) != first
    with pytest.raises(NotFound):
        await rehearse(house.desk, house.clerk, first)
    await house.do("meeting.open_room")
    with pytest.raises(IllegalTransition):
        await rehearse(house.desk, house.clerk, house.ref)


async def test_a_restarted_hub_knows_that_it_is_one(house: House) -> None:
    practice = await rehearsal_of(house)
    await practice.live()
    await house.do("meeting.open_room")
    running = {one.ref: one.rehearsal for one in await views.running_meetings(house.desk)}
    assert running == {practice.ref: True, house.ref: False}

"""Opening and closing: what the studio is told, in what order, and what is written down."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.errors import (
    Conflict,
    Forbidden,
    IllegalTransition,
    Invalid,
    MediaUnavailable,
    NotConfirmed,
    NotFound,
    NotSaved,
    SignInNeeded,
)
from hub.domain.models import StaffUser
from hub.domain.people import Resident, Role, Staff
from hub.domain.states.meeting import MeetingState
from hub.domain.store import Store
from hub.domain.views import public_snapshot, staff_snapshot
from tests.hub.conftest import House

CLOSINGS = [
    ("meeting.private", {}, MeetingState.PRIVATE),
    ("meeting.adjourn", {}, MeetingState.ADJOURNED),
    ("meeting.suspend", {"reason": "disturbance"}, MeetingState.SUSPENDED),
    ("meeting.technical", {}, MeetingState.TECHNICAL),
    ("gate.cut", {}, MeetingState.TECHNICAL),
]


class BrokenStore:
    """A database that can be down altogether, or refuse to write."""

    def __init__(self, store: Store, *, reads: bool) -> None:
        self._store = store
        self._reads = reads

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        if not self._reads:
            raise OperationalError("SELECT", {}, Exception("the database is down"))
        async with self._store.read() as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        raise OperationalError("BEGIN", {}, Exception("the database is down"))
        yield


async def state(house: House) -> MeetingState:
    return (await house.meeting()).state


async def test_open_room_then_live_records_before_it_opens(house: House) -> None:
    await house.do("meeting.open_room")
    assert (await state(house), house.studio.open) == (MeetingState.PRE_SHOW, False)
    house.clock.advance(seconds=60)
    await house.do("meeting.go_live", confirmed=True)
    assert house.studio.names() == ["open_room", "start_recording", "open_gate"]
    meeting = await house.meeting()
    assert (meeting.state, meeting.live_at) == (MeetingState.LIVE, house.clock.now())
    assert meeting.epoch_ms == round((house.clock.now().timestamp() - 60) * 1000)
    assert house.announcer.told == [house.ref, house.ref]


async def test_going_live_needs_an_open_room_and_a_confirmation(house: House) -> None:
    with pytest.raises(IllegalTransition):
        await house.do("meeting.go_live", confirmed=True)
    await house.do("meeting.open_room")
    with pytest.raises(NotConfirmed):
        await house.do("meeting.go_live")
    assert house.studio.names() == ["open_room"]
    assert await state(house) is MeetingState.PRE_SHOW


async def test_opening_the_room_twice_is_refused(house: House) -> None:
    await house.do("meeting.open_room")
    with pytest.raises(IllegalTransition):
        await house.do("meeting.open_room")


@pytest.mark.parametrize(("name", "payload", "closed"), CLOSINGS)
async def test_closing_and_coming_back(
    house: House, name: str, payload: dict[str, Any], closed: MeetingState
) -> None:
    await house.live()
    await house.do(name, **payload)
    assert (await state(house), house.studio.open) == (closed, False)
    notice = (await public_snapshot(house.desk, house.ref)).notice
    assert notice is not None
    assert house.studio.slate is not None
    assert (notice.title, notice.lines) == (house.studio.slate.title, list(house.studio.slate.lines))
    with pytest.raises(NotConfirmed):
        await house.do("meeting.return")
    assert not house.studio.open
    await house.do("meeting.return", confirmed=True)
    assert (await state(house), house.studio.open) == (MeetingState.LIVE, True)
    assert (await public_snapshot(house.desk, house.ref)).notice is None


@pytest.mark.parametrize(("name", "payload", "closed"), CLOSINGS)
async def test_closing_a_meeting_that_does_not_run_changes_nothing(
    house: House, name: str, payload: dict[str, Any], closed: MeetingState
) -> None:
    with pytest.raises(IllegalTransition):
        await house.do(name, **payload)
    assert house.studio.calls == []
    assert (await house.meeting()).version == 0


@pytest.mark.parametrize("reads", [True, False])
@pytest.mark.parametrize(("name", "payload", "closed"), CLOSINGS)
async def test_cut_happens_with_the_database_down(
    house: House, name: str, payload: dict[str, Any], closed: MeetingState, reads: bool
) -> None:
    await house.live()
    store = house.desk.store
    house.desk.store = BrokenStore(store, reads=reads)
    with pytest.raises(NotSaved, match="no longer see or hear"):
        await house.do(name, **payload)
    assert not house.studio.open
    assert ("cut", closed) in house.studio.calls
    house.desk.store = store
    assert await state(house) is MeetingState.LIVE, "written down it is not: the officer was told"
    await house.do("gate.cut")
    await house.do("meeting.return", confirmed=True)
    assert house.studio.open


async def test_opening_that_cannot_be_written_down_closes_again(house: House) -> None:
    await house.live()
    await house.do("meeting.private", item_id=house.items[3], paragraphs=[3])
    slate = house.studio.slate
    house.desk.store = BrokenStore(house.desk.store, reads=True)
    with pytest.raises(NotSaved, match="The public see the slate"):
        await house.do("meeting.return", confirmed=True)
    assert (house.studio.open, house.studio.slate) == (False, slate)


async def test_going_live_that_cannot_be_written_down_closes_by_way_of_a_fault(house: House) -> None:
    await house.do("meeting.open_room")
    house.desk.store = BrokenStore(house.desk.store, reads=True)
    with pytest.raises(NotSaved):
        await house.do("meeting.go_live", confirmed=True)
    assert house.studio.calls[-2:] == [("cut", MeetingState.TECHNICAL), ("cut", MeetingState.PRE_SHOW)]


async def test_opening_that_the_studio_refuses_closes_again(house: House) -> None:
    await house.live()
    await house.do("meeting.adjourn")
    house.studio.broken = {"open_gate"}
    with pytest.raises(MediaUnavailable):
        await house.do("meeting.return", confirmed=True)
    assert house.studio.names()[-2:] == ["open_gate", "cut"]
    assert await state(house) is MeetingState.ADJOURNED


async def test_opening_that_cannot_close_again_says_that_the_public_may_see(house: House) -> None:
    await house.live()
    await house.do("meeting.adjourn")
    house.studio.broken = {"open_gate", "cut"}
    with pytest.raises(MediaUnavailable, match="The public may see the meeting"):
        await house.do("meeting.return", confirmed=True)


async def test_cut_wins_over_an_opening_under_way(house: House) -> None:
    await house.live()
    await house.do("meeting.adjourn")

    def somebody_cuts(call: str) -> None:
        if call == "open_gate":
            house.desk.room(house.ref).cuts += 1

    house.studio.before = somebody_cuts
    with pytest.raises(Conflict, match="stays closed"):
        await house.do("meeting.return", confirmed=True)
    assert not house.studio.open
    assert await state(house) is MeetingState.ADJOURNED


async def test_emergency_cut_keeps_the_reason_of_a_private_session(house: House) -> None:
    await house.live()
    await house.do("meeting.private", item_id=house.items[3], paragraphs=[3])
    slate = house.studio.slate
    await house.do("gate.cut")
    assert (await state(house), house.studio.slate) == (MeetingState.PRIVATE, slate)


async def test_cut_that_the_studio_does_not_do_is_not_called_done(house: House) -> None:
    await house.live()
    house.studio.broken = {"cut"}
    with pytest.raises(MediaUnavailable):
        await house.do("gate.cut")
    assert await state(house) is MeetingState.LIVE


async def test_private_slate_says_item_ground_and_time(house: House) -> None:
    await house.live()
    await house.do(
        "meeting.private", item_id=house.items[3], paragraphs=[5, 3], expected_back="19:40", reason="SECRET"
    )
    assert house.studio.slate is not None
    assert house.studio.slate.title == "The public have been excluded for item 9"
    assert house.studio.slate.lines == (
        "Section 100A(4) of the Local Government Act 1972: exempt information, "
        "paragraphs 3 and 5 of Part 1 of Schedule 12A",
        "Expected back about 19:40",
    )
    snapshot = await staff_snapshot(house.desk, house.ref)
    assert snapshot.exclusion_item_id == house.items[3]
    assert snapshot.audit[0].reason == "SECRET"
    assert "SECRET" not in snapshot.public.model_dump_json()
    assert snapshot.public.notice is not None
    assert snapshot.public.notice.expected_back_ms is not None
    assert (snapshot.public.index[-1].kind, snapshot.public.index[-1].label) == ("gate", "Private session")


async def test_speakers_stay_on_air_for_the_studio_when_private(house: House) -> None:
    await house.live()
    registered, _ = await house.waiting()
    await house.do("speaker.call", registration_id=registered.registration_id)
    await house.do("speaker.admit", registration_id=registered.registration_id)
    await house.do("meeting.private")
    assert house.studio.on_air == [registered.registration_id]
    assert (await public_snapshot(house.desk, house.ref)).speaker is None


async def test_next_restricted_item_changes_the_slate_and_stamps_once(house: House) -> None:
    await house.live()
    await house.do("meeting.private", item_id=house.items[3], paragraphs=[3])
    await house.do("meeting.private", item_id=house.items[4], paragraphs=[1])
    assert house.studio.slate is not None
    assert house.studio.slate.title == "The public have been excluded for item 10"
    index = (await public_snapshot(house.desk, house.ref)).index
    assert [point.label for point in index].count("Private session") == 1


async def test_time_that_cannot_be_read_does_not_delay_a_cut(house: House) -> None:
    await house.live()
    answer = await house.do("meeting.private", expected_back="twenty to eight")
    assert "not shown" in answer["warning"]
    assert not house.studio.open


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"paragraphs": [99]}, "paragraphs"),
        ({"paragraphs": "3"}, "paragraphs"),
        ({"reason": "x" * 201}, "reason"),
        ({"colour": "red"}, "colour"),
        ({"client_id": ""}, "client_id"),
        ({"client_id": "x" * 65}, "client_id"),
        ({"client_id": 7}, "client_id"),
    ],
)
async def test_payload_that_does_not_fit_names_the_field(
    house: House, payload: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        await house.do("meeting.private", **payload)
    assert caught.value.field == field
    assert field in caught.value.message


async def test_unknown_commands_and_meetings(house: House) -> None:
    with pytest.raises(NotFound, match="no command"):
        await house.do("meeting.explode")
    house.ref = "2026-01-01-nothing"
    with pytest.raises(NotFound, match="no such meeting"):
        await house.do("meeting.open_room")


@pytest.mark.parametrize("name", ["meeting.open_room", "meeting.go_live", "meeting.end", "gate.cut"])
async def test_only_staff_move_the_gate(house: House, name: str) -> None:
    for actor in (house.viewer(), Resident(1, house.meeting_id, "phone")):
        with pytest.raises(Forbidden):
            await house.do(name, actor)


async def test_officer_whose_account_is_closed(house: House) -> None:
    async with house.desk.store.write() as session:
        (await session.get_one(StaffUser, house.clerk.id)).active = False
    with pytest.raises(SignInNeeded):
        await house.do("meeting.open_room")
    with pytest.raises(SignInNeeded):
        await house.do("meeting.open_room", Staff(4711, "Nobody", Role.ADMIN))
    assert house.studio.calls == []


async def test_replay_gives_the_first_answer_and_moves_nothing(house: House) -> None:
    await house.do("meeting.open_room")
    first = await house.do("meeting.go_live", confirmed=True, client_id="live")
    await house.do("meeting.adjourn", client_id="pause")
    version, calls = (await house.meeting()).version, len(house.studio.calls)
    assert await house.do("meeting.go_live", confirmed=True, client_id="live") == first
    assert await house.do("meeting.adjourn", client_id="pause") == {}
    assert ((await house.meeting()).version, len(house.studio.calls)) == (version, calls)
    assert await state(house) is MeetingState.ADJOURNED


async def test_client_id_of_another_command_is_refused(house: House) -> None:
    await house.do("meeting.open_room", client_id="same")
    with pytest.raises(Conflict, match=r"meeting\.open_room"):
        await house.do("meeting.go_live", confirmed=True, client_id="same")


async def test_end_finishes_publishes_and_dismisses(house: House) -> None:
    await house.live()
    registered, _ = await house.waiting()
    await house.do("speaker.call", registration_id=registered.registration_id)
    await house.do("speaker.admit", registration_id=registered.registration_id)
    with pytest.raises(NotConfirmed):
        await house.do("meeting.end")
    await house.do("meeting.end", confirmed=True)
    meeting = await house.meeting()
    assert (meeting.state, meeting.ended_at) == (MeetingState.PUBLISHED, house.clock.now())
    assert "finish" in house.studio.names()
    assert (await house.speaker(registered.registration_id)).state == "done"
    log = [entry.action for entry in (await staff_snapshot(house.desk, house.ref)).audit]
    assert log[:3] == ["speaker.finish", "meeting.publish", "meeting.end"]


async def test_end_that_cannot_be_written_down_can_be_done_again(house: House) -> None:
    await house.live()
    store = house.desk.store
    house.desk.store = BrokenStore(store, reads=True)
    with pytest.raises(NotSaved, match="End the meeting again"):
        await house.do("meeting.end", confirmed=True)
    house.desk.store = store
    await house.do("meeting.end", confirmed=True)
    assert await state(house) is MeetingState.PUBLISHED


async def test_layout(house: House) -> None:
    await house.live()
    await house.do("layout.set", layout="side_by_side")
    await house.do("layout.set", layout=None)
    assert [call for call in house.studio.calls if call[0] == "set_layout"] == [
        ("set_layout", "side_by_side"),
        ("set_layout", "None"),
    ]
    with pytest.raises(Invalid):
        await house.do("layout.set", layout="upside_down")
    await house.do("layout.set", layout="grid", transition="cut")
    with pytest.raises(Invalid):
        await house.do("layout.set", layout="grid", transition="swipe")


async def test_names_in_the_picture(house: House) -> None:
    await house.live()
    await house.do("captions.show", visible=True)
    await house.do("captions.chamber", text="  Cllr Jane Doe, Chair ")
    await house.do("captions.chamber")
    with pytest.raises(Invalid):
        await house.do("captions.chamber", text="x" * 121)
    assert [call for call in house.studio.calls if "caption" in call[0]] == [
        ("show_captions", "True"),
        ("caption_chamber", "Cllr Jane Doe, Chair"),
        ("caption_chamber", ""),
    ]


async def test_slates_say_of_what_kind_they_are(house: House) -> None:
    await house.do("meeting.open_room")
    slate = house.studio.slate
    assert slate is not None
    assert (slate.kind, slate.until) == ("starting", slate.until)
    assert slate.until is not None
    await house.do("meeting.go_live", confirmed=True)
    for command, kind in (("adjourn", "adjourned"), ("private", "private"), ("technical", "technical")):
        await house.do(f"meeting.{command}")
        assert house.studio.slate is not None
        assert (house.studio.slate.kind, house.studio.slate.until) == (kind, None)
        await house.do("meeting.return", confirmed=True)
    await house.do("meeting.adjourn", expected_back="19:40")
    assert house.studio.slate is not None
    assert house.studio.slate.title == "The meeting is adjourned until about 19:40"


async def test_what_was_noted_of_a_part_that_was_dropped_belongs_at_the_cut(house: House) -> None:
    await house.do("meeting.open_room")
    await house.do("delay.set", seconds=30)
    await house.do("meeting.go_live", confirmed=True)
    house.clock.advance(seconds=100)
    await house.next()
    house.clock.advance(seconds=100)
    await house.next()
    house.clock.advance(seconds=10)
    await house.do("meeting.private")
    index = [(point.kind, point.seconds) for point in (await public_snapshot(house.desk, house.ref)).index]
    assert index == [("gate", 30), ("item", 130), ("item", 210), ("gate", 210)]
    await house.do("meeting.return", confirmed=True)
    await house.next()
    await house.do("meeting.adjourn")
    index = [(point.kind, point.seconds) for point in (await public_snapshot(house.desk, house.ref)).index]
    assert index[4:] == [("gate", 240), ("item", 240), ("gate", 240)], "an adjournment lets the rest be seen"


async def test_the_delay_is_chosen_before_the_meeting_is_live(house: House) -> None:
    with pytest.raises(IllegalTransition):
        await house.do("delay.set", seconds=5)
    await house.do("meeting.open_room")
    with pytest.raises(Invalid):
        await house.do("delay.set", seconds=61)
    await house.do("delay.set", seconds=5)
    await house.do("meeting.go_live", confirmed=True)
    with pytest.raises(IllegalTransition, match="before the meeting is live"):
        await house.do("delay.set", seconds=0)
    assert house.studio.delay == 5


async def test_nobody_is_in_the_private_session_but_who_is_admitted(house: House) -> None:
    await house.live()
    registered, resident = await house.waiting()
    speaker = registered.registration_id
    with pytest.raises(IllegalTransition, match="not in private session"):
        await house.do("private.admit", registration_ids=[speaker])
    await house.do("meeting.private")
    with pytest.raises(IllegalTransition, match="Sam Lee is not connected"):
        await house.do("private.admit", registration_ids=[speaker])
    await house.do("speaker.call", registration_id=speaker)
    assert house.studio.admitted == []
    await house.do("private.admit", registration_ids=[speaker, speaker])
    assert house.studio.admitted == [speaker]
    assert (await staff_snapshot(house.desk, house.ref)).audit[0].action == "private.admit"
    with pytest.raises(NotFound):
        await house.do("private.admit", registration_ids=[999])
    with pytest.raises(Forbidden):
        await house.do("private.admit", resident, registration_ids=[speaker])
    assert house.studio.admitted == [speaker]
    await house.do("private.admit", registration_ids=[])
    assert house.studio.admitted == []


async def test_an_admission_that_cannot_be_written_down_is_taken_back(house: House) -> None:
    await house.live()
    await house.do("meeting.private")
    house.desk.store = BrokenStore(house.desk.store, reads=True)
    with pytest.raises(NotSaved, match="Nobody is admitted"):
        await house.do("private.admit", registration_ids=[])
    assert house.studio.calls[-1] == ("admit_privately",)

"""Closing: it happens whatever else does not work, and coming back is the way it was."""

from typing import Any

import pytest

from hub.domain.commands import moves
from hub.domain.errors import IllegalTransition, MediaUnavailable, NotConfirmed, NotSaved
from hub.domain.states.meeting import MeetingState
from hub.domain.views import public_snapshot
from tests.hub.conftest import House
from tests.hub.fakes import BrokenStore

CLOSINGS = [
    ("meeting.private", {}, MeetingState.PRIVATE),
    ("meeting.adjourn", {}, MeetingState.ADJOURNED),
    ("meeting.suspend", {"reason": "disturbance"}, MeetingState.SUSPENDED),
    ("meeting.technical", {}, MeetingState.TECHNICAL),
    ("gate.cut", {}, MeetingState.TECHNICAL),
]


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cut waits a quarter of a second to be told what the meeting is at: little on a busy machine."""
    monkeypatch.setattr(moves, "LOOK_SECONDS", 10.0)


@pytest.mark.parametrize(("name", "payload", "closed"), CLOSINGS)
async def test_closing_and_coming_back(
    house: House, name: str, payload: dict[str, Any], closed: MeetingState
) -> None:
    await house.live()
    await house.do(name, **payload)
    assert (await house.state(), house.studio.open) == (closed, False)
    notice = (await public_snapshot(house.desk, house.ref)).notice
    assert notice is not None
    assert house.studio.slate is not None
    assert (notice.title, notice.lines) == (house.studio.slate.title, list(house.studio.slate.lines))
    with pytest.raises(NotConfirmed):
        await house.do("meeting.return")
    assert not house.studio.open
    await house.do("meeting.return", confirmed=True)
    assert (await house.state(), house.studio.open) == (MeetingState.LIVE, True)
    assert (await public_snapshot(house.desk, house.ref)).notice is None


@pytest.mark.parametrize(("name", "payload", "closed"), CLOSINGS)
async def test_closing_a_meeting_that_does_not_run_changes_nothing(
    house: House, name: str, payload: dict[str, Any], closed: MeetingState, patient: None
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
    assert await house.state() is MeetingState.LIVE, "written down it is not: the officer was told"
    await house.do("gate.cut")
    await house.do("meeting.return", confirmed=True)
    assert house.studio.open


async def test_emergency_cut_keeps_the_reason_of_a_private_session(house: House, patient: None) -> None:
    await house.live()
    await house.do("meeting.private", item_id=house.items[3], paragraphs=[3])
    slate = house.studio.slate
    await house.do("gate.cut")
    assert (await house.state(), house.studio.slate) == (MeetingState.PRIVATE, slate)


async def test_emergency_cut_drops_what_an_adjournment_still_lets_out(house: House, patient: None) -> None:
    await house.live()
    house.studio.delay = 30.0
    await house.do("meeting.adjourn")
    slate = house.studio.slate
    assert house.studio.held_seconds
    await house.do("gate.cut")
    assert (await house.state(), house.studio.slate) == (MeetingState.ADJOURNED, slate)
    assert not house.studio.held_seconds


async def test_cut_that_the_studio_does_not_do_is_not_called_done(house: House) -> None:
    await house.live()
    house.studio.broken = {"cut"}
    with pytest.raises(MediaUnavailable):
        await house.do("gate.cut")
    assert await house.state() is MeetingState.LIVE


async def test_time_that_cannot_be_read_does_not_delay_a_cut(house: House) -> None:
    await house.live()
    answer = await house.do("meeting.private", expected_back="twenty to eight")
    assert "not shown" in answer["warning"]
    assert not house.studio.open


async def test_speakers_stay_on_air_for_the_studio_when_private(house: House) -> None:
    await house.live()
    registered, _ = await house.waiting()
    await house.do("speaker.call", registration_id=registered.registration_id)
    await house.do("speaker.admit", registration_id=registered.registration_id)
    await house.do("meeting.private")
    assert house.studio.on_air == [registered.registration_id]
    assert (await public_snapshot(house.desk, house.ref)).speaker is None

"""Opening: what the studio is told, in what order, and what is written down."""

import pytest

from hub.domain.errors import Conflict, IllegalTransition, MediaUnavailable, NotConfirmed, NotSaved
from hub.domain.states.meeting import MeetingState
from tests.hub.conftest import House
from tests.hub.fakes import BrokenStore


async def test_open_room_then_live_records_before_it_opens(house: House) -> None:
    await house.do("meeting.open_room")
    assert (await house.state(), house.studio.open) == (MeetingState.PRE_SHOW, False)
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
    assert await house.state() is MeetingState.PRE_SHOW


async def test_opening_the_room_twice_is_refused(house: House) -> None:
    await house.do("meeting.open_room")
    with pytest.raises(IllegalTransition):
        await house.do("meeting.open_room")


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
    assert await house.state() is MeetingState.ADJOURNED


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
    assert await house.state() is MeetingState.ADJOURNED

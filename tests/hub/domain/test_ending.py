"""The end of a meeting."""

import pytest

from hub.domain.errors import NotConfirmed, NotSaved
from hub.domain.states.meeting import MeetingState
from hub.domain.views import staff_snapshot
from tests.hub.conftest import House
from tests.hub.fakes import BrokenStore


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
    assert await house.state() is MeetingState.PUBLISHED

"""A recording that officers take from the public, and give back."""

import pytest

from hub.domain.errors import IllegalTransition, NotConfirmed
from hub.domain.states.meeting import MeetingState
from hub.domain.views import staff_snapshot
from tests.hub.conftest import House


async def test_withheld_and_published_again(house: House) -> None:
    await house.live()
    with pytest.raises(IllegalTransition):
        await house.do("recording.withhold", reason="Too early")
    await house.do("meeting.end", confirmed=True)
    await house.do("recording.withhold", reason="A name was said")
    assert await house.state() is MeetingState.WITHHELD
    with pytest.raises(IllegalTransition):
        await house.do("recording.withhold", reason="Again")
    with pytest.raises(NotConfirmed):
        await house.do("recording.publish")
    assert await house.state() is MeetingState.WITHHELD
    await house.do("recording.publish", confirmed=True)
    assert await house.state() is MeetingState.PUBLISHED
    log = [(one.action, one.reason) for one in (await staff_snapshot(house.desk, house.ref)).audit]
    assert log[:2] == [("meeting.publish", ""), ("meeting.withhold", "A name was said")]

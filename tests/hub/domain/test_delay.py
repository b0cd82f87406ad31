"""The broadcast delay."""

import pytest

from hub.domain.errors import IllegalTransition, Invalid
from hub.domain.views import public_snapshot
from tests.hub.conftest import House


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

"""The countdown before the air tells, and lets nobody in."""

import pytest

from hub.domain.clock import milliseconds
from hub.domain.errors import IllegalTransition, Invalid
from hub.domain.states.speaker import SpeakerState
from hub.domain.views import speaker_snapshot, staff_snapshot
from tests.hub.conftest import House
from tests.hub.domain.test_speakers import called


async def told(house: House, number: int) -> int | None:
    """The same to the resident and to the officers."""
    mine = (await speaker_snapshot(house.desk, number, "phone")).on_air_ms
    (row,) = (row for row in (await staff_snapshot(house.desk, house.ref)).speakers if row.id == number)
    assert row.on_air_ms == mine
    return mine


async def test_resident_is_told_when_and_is_not_on_air_by_it(house: House) -> None:
    await house.live()
    number = await called(house)
    assert await told(house, number) is None
    await house.do("speaker.cue", registration_id=number, seconds=5)
    moment = milliseconds(house.clock.now()) + 5000
    assert await told(house, number) == moment
    house.clock.advance(seconds=5)
    assert await told(house, number) == moment, "the officer is on their way"
    assert (await house.speaker(number)).state is SpeakerState.CALLED
    assert house.studio.on_air == []
    house.clock.advance(seconds=3)
    assert await told(house, number) is None, "nobody came"


async def test_it_is_called_off_and_ends_with_being_called(house: House) -> None:
    await house.live()
    number = await called(house)
    await house.do("speaker.cue", registration_id=number, seconds=5)
    await house.do("speaker.cue", registration_id=number, seconds=0)
    assert await told(house, number) is None
    await house.do("speaker.cue", registration_id=number, seconds=5)
    await house.do("speaker.stand_back", registration_id=number)
    assert await told(house, number) is None
    await house.do("speaker.call", registration_id=number)
    assert await told(house, number) is None, "that of the call before is over"
    await house.do("speaker.cue", registration_id=number, seconds=5)
    await house.do("speaker.admit", registration_id=number)
    assert await told(house, number) is None


async def test_the_same_message_again_does_not_begin_it_anew(house: House) -> None:
    await house.live()
    number = await called(house)
    await house.do("speaker.cue", registration_id=number, seconds=5, client_id="once")
    before = await told(house, number)
    house.clock.advance(seconds=2)
    await house.do("speaker.cue", registration_id=number, seconds=5, client_id="once")
    assert await told(house, number) == before


async def test_only_who_could_be_admitted_now_is_counted_down(house: House) -> None:
    await house.live()
    waiting = (await house.waiting("Jo"))[1].registration_id
    with pytest.raises(IllegalTransition):
        await house.do("speaker.cue", registration_id=waiting, seconds=5)
    number = await called(house)
    await house.do("meeting.private")
    with pytest.raises(IllegalTransition, match="not live"):
        await house.do("speaker.cue", registration_id=number, seconds=5)


@pytest.mark.parametrize("seconds", [-1, 11])
async def test_it_is_short(house: House, seconds: int) -> None:
    await house.live()
    number = await called(house)
    with pytest.raises(Invalid):
        await house.do("speaker.cue", registration_id=number, seconds=seconds)

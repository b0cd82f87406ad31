"""Officers put speakers into another order than the rules say, and let time stand still."""

import pytest

from hub.domain.errors import Conflict, IllegalTransition
from hub.domain.snapshots import Timer
from hub.domain.views import public_snapshot, speaker_snapshot, staff_snapshot
from tests.hub.conftest import House
from tests.hub.domain.test_speakers import admitted, called


async def positions(house: House, *numbers: int) -> list[int | None]:
    return [(await speaker_snapshot(house.desk, number, "phone")).position for number in numbers]


async def test_the_officers_order_comes_before_that_of_the_rules(house: House) -> None:
    await house.live()
    ada, ben, cleo = [(await house.waiting(name))[1].registration_id for name in ("Ada", "Ben", "Cleo")]
    assert await positions(house, ada, ben, cleo) == [1, 2, 3]
    await house.do("speaker.reorder", registration_ids=[cleo, ada, ben])
    assert await positions(house, ada, ben, cleo) == [2, 3, 1]
    rows = {row.id: row.rank for row in (await staff_snapshot(house.desk, house.ref)).speakers}
    assert rows == {cleo: 1, ada: 2, ben: 3}
    dev = (await house.waiting("Dev"))[1].registration_id
    assert await positions(house, dev) == [4], "who comes later stands behind"


async def test_who_is_called_or_on_air_is_not_moved(house: House) -> None:
    await house.live()
    on_air, next_one = await admitted(house, "Ada"), await called(house, "Ben")
    cleo, dev = [(await house.waiting(name))[1].registration_id for name in ("Cleo", "Dev")]
    for wrong in ([next_one, cleo, dev], [on_air, cleo, dev], [cleo], [cleo, cleo], [cleo, dev, 4711]):
        with pytest.raises(Conflict):
            await house.do("speaker.reorder", registration_ids=wrong)
    await house.do("speaker.reorder", registration_ids=[dev, cleo])
    assert await positions(house, next_one, dev, cleo) == [1, 2, 3]


async def test_who_is_expected_has_a_place_too(house: House) -> None:
    expected = (await house.resident("Ada"))[1].registration_id
    ready = (await house.waiting("Ben"))[1].registration_id
    await house.do("speaker.reorder", registration_ids=[ready, expected])
    await house.do("speaker.reorder", registration_ids=[expected, ready])
    log = (await staff_snapshot(house.desk, house.ref)).audit
    assert log[0].action == "speaker.reorder"


async def shown(house: House) -> Timer | None:
    speaker = (await public_snapshot(house.desk, house.ref)).speaker
    assert speaker is not None
    return speaker.timer


async def test_time_stands_still_and_goes_on_where_it_stood(house: House) -> None:
    await house.live()
    number = await admitted(house)
    house.clock.advance(seconds=60)
    await house.do("speaker.pause", registration_id=number)
    for _ in range(2):
        assert await shown(house) == Timer(ends_ms=0, seconds=180, left_ms=120_000)
        house.clock.advance(minutes=5)
    assert house.studio.on_air == [number], "they are seen and heard all the same"
    await house.do("speaker.resume", registration_id=number)
    ends = round((house.clock.now().timestamp() + 120) * 1000)
    assert await shown(house) == Timer(ends_ms=ends, seconds=180)


async def test_time_that_stands_still_can_be_added_to(house: House) -> None:
    await house.live()
    number = await admitted(house)
    house.clock.advance(seconds=200)
    await house.do("speaker.pause", registration_id=number)
    assert await shown(house) == Timer(ends_ms=0, seconds=180, left_ms=-20_000)
    await house.do("speaker.extend", registration_id=number, seconds=30)
    assert await shown(house) == Timer(ends_ms=0, seconds=210, left_ms=30_000)


@pytest.mark.parametrize("name", ["speaker.pause", "speaker.resume"])
async def test_only_time_that_runs_stops_and_only_time_that_stands_goes_on(house: House, name: str) -> None:
    await house.live()
    waiting = await called(house)
    with pytest.raises(IllegalTransition):
        await house.do(name, registration_id=waiting)
    await house.do("speaker.admit", registration_id=waiting)
    if name == "speaker.pause":
        await house.do(name, registration_id=waiting)
    with pytest.raises(IllegalTransition):
        await house.do(name, registration_id=waiting)


async def test_who_goes_to_the_telephone_keeps_time_that_stands_still(house: House) -> None:
    await house.live()
    number = await admitted(house)
    await house.do("speaker.pause", registration_id=number)
    await house.do("speaker.by_phone", registration_id=number, on=True)
    assert await shown(house) == Timer(ends_ms=0, seconds=180, left_ms=180_000)
    await house.do("speaker.finish", registration_id=number)
    assert (await house.speaker(number)).left_ms is None

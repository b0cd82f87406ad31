"""What is expected of an item, and when the next ones are expected to begin."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.clock import milliseconds
from hub.domain.errors import Conflict, IllegalTransition, Invalid, NotFound
from hub.domain.models import Meeting
from hub.domain.snapshots import ItemView
from hub.domain.timetable import expected_starts
from hub.domain.views import public_snapshot, staff_snapshot
from tests.hub.conftest import House
from tests.hub.fakes import START

MINUTE = 60_000
business = st.lists(st.one_of(st.none(), st.integers(1, 600)), max_size=12).map(
    lambda all_minutes: list(enumerate(all_minutes, start=1))
)


async def agenda(house: House) -> dict[int, ItemView]:
    return {item.id: item for item in (await public_snapshot(house.desk, house.ref)).agenda}


async def expected(house: House) -> list[tuple[int, float]]:
    """Items that have a time, in minutes after the meeting's own."""
    start = milliseconds(START)
    return [
        (number, (item.expected_ms - start) / MINUTE)
        for number, item in (await agenda(house)).items()
        if item.expected_ms is not None
    ]


async def expect(house: House, item: int, minutes: int | None) -> dict[str, Any]:
    return await house.do("timetable.expect", item_id=item, minutes=minutes)


@given(business, st.integers(0, 10**12))
def test_each_begins_when_those_before_it_are_done_and_no_time_is_guessed(
    plan: list[tuple[int, int | None]], from_ms: int
) -> None:
    starts = expected_starts(plan, from_ms)
    for at, (item, _) in enumerate(plan):
        before = [minutes for _, minutes in plan[:at]]
        if None in before:
            assert item not in starts
        else:
            assert starts[item] == from_ms + sum(minutes or 0 for minutes in before) * MINUTE


async def test_before_the_meeting_the_day_is_planned_from_its_start(house: House) -> None:
    first, _, lane, private, urgent = house.items
    assert await expected(house) == [], "nothing is expected of anything yet"
    await expect(house, first, 5)
    assert await expected(house) == [(first, 0), (lane, 5)]
    await expect(house, lane, 30)
    await expect(house, private, 10)
    assert await expected(house) == [(first, 0), (lane, 5), (private, 35), (urgent, 45)]
    await expect(house, lane, None)
    assert await expected(house) == [(first, 0), (lane, 5)]


async def test_while_it_runs_the_rest_is_counted_from_when_the_current_item_began(house: House) -> None:
    first, _, lane, private, urgent = house.items
    for item, minutes in ((first, 5), (lane, 30), (private, 10)):
        await expect(house, item, minutes)
    house.clock.advance(seconds=7 * 60)
    await house.live()
    await house.next()
    assert await expected(house) == [(lane, 12), (private, 42), (urgent, 52)]
    house.clock.advance(seconds=2 * 60)
    await house.next()
    assert await expected(house) == [(private, 39), (urgent, 49)]
    for item in (urgent, lane):
        await house.do("item.go", item_id=item, expected_version=(await house.meeting()).version)
    assert await expected(house) == [(private, 39)], "the last was taken already"


async def test_nobody_is_told_a_time_that_nobody_knows(house: House) -> None:
    first = house.items[0]
    await expect(house, first, 5)
    async with house.desk.store.write() as session:
        (await session.get_one(Meeting, house.meeting_id)).agenda_status = "Cancelled"
    assert await expected(house) == []
    async with house.desk.store.write() as session:
        (await session.get_one(Meeting, house.meeting_id)).agenda_status = "Confirmed"
    await house.live()
    assert await expected(house)
    for name, payload in (
        ("meeting.adjourn", {"reason": "Lunch", "expected_back": None}),
        ("meeting.private", {"reason": "Paragraph 3"}),
    ):
        await house.do(name, **payload)
        assert await expected(house) == [], name
        await house.do("meeting.return", confirmed=True)
    assert await expected(house)
    await house.do("meeting.end", confirmed=True)
    assert await expected(house) == []
    with pytest.raises(IllegalTransition, match="over"):
        await expect(house, first, 6)


async def test_it_is_undone_and_blocks_nothing_else(house: House) -> None:
    first, _, lane, *_ = house.items
    await expect(house, first, 5)
    await expect(house, first, 8)
    (step,) = (await staff_snapshot(house.desk, house.ref)).undo
    assert (step.action, step.label) == ("timetable.expect", "1. Apologies")
    await house.do("step.undo", step=step.step)
    assert (await agenda(house))[first].minutes == 5
    assert not (await staff_snapshot(house.desk, house.ref)).undo
    await house.live()
    version = (await house.meeting()).version
    await expect(house, lane, 3)
    await house.do("item.next", expected_version=version)
    await house.do("timetable.expect", house.second_clerk, item_id=lane, minutes=4)
    version = (await house.meeting()).version
    await house.do("item.undo", expected_version=version)
    assert (await public_snapshot(house.desk, house.ref)).now_item_id is None


@pytest.mark.parametrize("minutes", [0, 601, "ten", 1.5])
async def test_minutes_are_whole_and_of_one_day(house: House, minutes: object) -> None:
    with pytest.raises(Invalid):
        await house.do("timetable.expect", item_id=house.items[0], minutes=minutes)


async def test_what_makes_no_sense_is_refused(house: House) -> None:
    first, heading, *_ = house.items
    await expect(house, first, 5)
    with pytest.raises(Conflict, match="already"):
        await expect(house, first, 5)
    with pytest.raises(Invalid, match="heading"):
        await expect(house, heading, 5)
    with pytest.raises(NotFound):
        await expect(house, 4711, 5)

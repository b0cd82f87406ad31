import asyncio

import pytest

from hub.domain.commands import dispatch
from hub.domain.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound
from hub.domain.models import AgendaItem
from hub.domain.views import chapters, public_snapshot
from tests.hub.conftest import House


async def current(house: House) -> int | None:
    return (await public_snapshot(house.desk, house.ref)).now_item_id


async def test_next_walks_the_business_and_skips_headings(house: House) -> None:
    await house.live()
    seen = []
    for _ in range(4):
        house.clock.advance(seconds=10)
        await house.next()
        seen.append(await current(house))
    assert seen == [house.items[0], house.items[2], house.items[3], house.items[4]]
    with pytest.raises(Conflict, match="last item"):
        await house.next()
    stamped = [point for point in await chapters(house.desk, house.ref) if point.kind == "item"]
    assert [(point.seconds, point.label) for point in stamped] == [
        (10, "1. Apologies"),
        (20, "2. Mill Lane"),
        (30, "9. Private session"),
        (40, "10. Urgent"),
    ]


async def test_removed_items_are_skipped(house: House) -> None:
    await house.live()
    async with house.desk.store.write() as session:
        (await session.get_one(AgendaItem, house.items[2])).removed = True
    await house.next()
    await house.next()
    assert await current(house) == house.items[3]
    with pytest.raises(NotFound):
        await house.do("item.go", item_id=house.items[2], expected_version=(await house.meeting()).version)


async def test_item_before_the_start_is_stamped_at_the_start(house: House) -> None:
    await house.do("meeting.open_room")
    await house.next()
    assert await chapters(house.desk, house.ref) == []
    house.clock.advance(seconds=90)
    await house.do("meeting.go_live", confirmed=True)
    assert [(point.seconds, point.kind) for point in await chapters(house.desk, house.ref)] == [
        (90, "item"),
        (90, "gate"),
    ]


async def test_item_moves_in_private_and_the_studio_being_away_does_not_stop_it(house: House) -> None:
    await house.live()
    await house.do("meeting.private")
    house.studio.broken = {"programme_seconds"}
    house.clock.advance(seconds=30)
    await house.next()
    assert (await chapters(house.desk, house.ref))[-1].seconds == 30


async def test_go_to_an_item_and_back(house: House) -> None:
    await house.live()
    await house.do("item.go", item_id=house.items[4], expected_version=(await house.meeting()).version)
    await house.do("item.go", item_id=house.items[0], expected_version=(await house.meeting()).version)
    states = {item.id: item.state for item in (await public_snapshot(house.desk, house.ref)).agenda}
    assert (states[house.items[0]], states[house.items[4]], states[house.items[2]]) == (
        "now",
        "done",
        "not_started",
    )
    with pytest.raises(Invalid, match="heading"):
        await house.do("item.go", item_id=house.items[1], expected_version=(await house.meeting()).version)


async def test_agenda_does_not_move_before_the_room_is_open(house: House) -> None:
    with pytest.raises(IllegalTransition):
        await house.next()


async def test_only_staff(house: House) -> None:
    with pytest.raises(Forbidden):
        await house.do("item.next", house.viewer(), expected_version=0)


async def test_two_clerks_press_next_at_once_and_one_is_told(house: House) -> None:
    await house.live()
    version = (await house.meeting()).version
    results = await asyncio.gather(
        house.do("item.next", house.clerk, expected_version=version),
        house.do("item.next", house.second_clerk, expected_version=version),
        return_exceptions=True,
    )
    refused = [result for result in results if isinstance(result, Conflict)]
    assert len(refused) == 1
    winner = "Bob Dene" if isinstance(results[0], Conflict) else "Ann Clark"
    assert refused[0].message == f"{winner} moved the agenda a moment ago to “1. Apologies”."
    assert await current(house) == house.items[0]


async def test_a_question_meanwhile_is_no_conflict(house: House) -> None:
    await house.live()
    version = (await house.meeting()).version
    await house.ask()
    await house.do("item.next", expected_version=version)
    with pytest.raises(Invalid):
        await house.do("item.next", expected_version=version + 100)


async def test_replay_moves_once_even_when_sent_twice_at_once(house: House) -> None:
    await house.live()
    payload = {"client_id": "same", "expected_version": (await house.meeting()).version}
    answers = await asyncio.gather(
        *(dispatch(house.desk, house.clerk, house.ref, "item.next", payload) for _ in range(5))
    )
    assert answers == [{"item_id": house.items[0]}] * 5
    assert await current(house) == house.items[0]
    assert len([point for point in await chapters(house.desk, house.ref) if point.kind == "item"]) == 1

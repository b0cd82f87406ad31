"""The last step of the agenda can be taken back, for a short time and by who made it."""

import pytest

from hub.domain.errors import Conflict, Forbidden
from hub.domain.people import Staff
from hub.domain.views import chapters, public_snapshot, staff_snapshot
from tests.hub.conftest import House


async def undo(house: House, actor: Staff | None = None) -> dict[str, object]:
    return await house.do("item.undo", actor, expected_version=(await house.meeting()).version)


async def current(house: House) -> int | None:
    return (await public_snapshot(house.desk, house.ref)).now_item_id


async def labels(house: House) -> list[str]:
    return [point.label for point in await chapters(house.desk, house.ref) if point.kind == "item"]


async def test_the_item_before_is_current_again_and_the_moment_leaves_the_index(house: House) -> None:
    await house.live()
    await house.next()
    house.clock.advance(seconds=60)
    await house.next()
    assert await labels(house) == ["1. Apologies", "2. Mill Lane"]
    house.clock.advance(seconds=10)
    [offered] = (await staff_snapshot(house.desk, house.ref)).undo
    assert (offered.by, offered.label) == (house.clerk.name, "2. Mill Lane")
    assert await undo(house) == {"item_id": house.items[0]}
    assert await current(house) == house.items[0]
    assert await labels(house) == ["1. Apologies"]
    log = (await staff_snapshot(house.desk, house.ref)).audit
    assert (log[0].action, log[0].who) == ("item.undo", house.clerk.name)


async def test_an_earlier_visit_to_the_item_keeps_its_moment(house: House) -> None:
    await house.live()
    await house.next()
    house.clock.advance(seconds=60)
    await house.next()
    house.clock.advance(seconds=60)
    await house.do("item.go", item_id=house.items[0], expected_version=(await house.meeting()).version)
    await undo(house)
    assert await current(house) == house.items[2]
    assert await labels(house) == ["1. Apologies", "2. Mill Lane"]


async def test_the_first_step_of_all(house: House) -> None:
    await house.live()
    await house.next()
    await undo(house)
    assert await current(house) is None
    assert await labels(house) == []


async def test_a_step_is_undone_once_and_not_the_one_before_it(house: House) -> None:
    await house.live()
    await house.next()
    await house.next()
    await undo(house)
    assert (await staff_snapshot(house.desk, house.ref)).undo == []
    with pytest.raises(Conflict, match="Nobody moved"):
        await undo(house)
    assert await current(house) == house.items[0]


async def test_only_within_thirty_seconds(house: House) -> None:
    await house.live()
    await house.next()
    house.clock.advance(seconds=31)
    assert (await staff_snapshot(house.desk, house.ref)).undo == []
    with pytest.raises(Conflict):
        await undo(house)
    assert await current(house) == house.items[0]


async def test_not_the_step_of_another_officer(house: House) -> None:
    await house.live()
    await house.next()
    with pytest.raises(Conflict, match="made the last step"):
        await undo(house, actor=house.second_clerk)
    assert await current(house) == house.items[0]


async def test_not_when_another_officer_acted_since(house: House) -> None:
    await house.live()
    await house.next()
    await house.do("captions.chamber", house.second_clerk, text="Cllr Jane Doe, Chair")
    assert (await staff_snapshot(house.desk, house.ref)).undo == []
    with pytest.raises(Conflict, match=house.second_clerk.name):
        await undo(house)
    assert await current(house) == house.items[0]


async def test_who_reads_questions_meanwhile_is_not_in_the_way(house: House) -> None:
    await house.live()
    await house.next()
    question = await house.ask()
    await house.do("question.approve", house.second_clerk, question_id=question)
    await undo(house)
    assert await current(house) is None


async def test_the_gate_is_never_undone(house: House) -> None:
    await house.live()
    await house.next()
    await house.do("meeting.private")
    with pytest.raises(Conflict, match="public see"):
        await undo(house)
    assert await current(house) == house.items[0]
    assert await labels(house) == ["1. Apologies"]


async def test_not_when_the_agenda_moved_since_the_officer_looked(house: House) -> None:
    await house.live()
    seen = (await house.meeting()).version
    await house.next()
    with pytest.raises(Conflict, match="moved the agenda"):
        await house.do("item.undo", expected_version=seen)


async def test_officers_only(house: House) -> None:
    with pytest.raises(Forbidden):
        await house.do("item.undo", house.viewer(), expected_version=0)

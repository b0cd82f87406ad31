"""A point of order comes before whoever speaks: their time stands still, and goes on afterwards."""

from typing import Any

import pytest
from sqlmodel import col, select

from hub.domain.errors import Conflict, Forbidden, IllegalTransition, Invalid
from hub.domain.models import Attendee, AuditEntry
from hub.domain.snapshots import PointOfOrderView
from hub.domain.views import chapters, expected_names, public_snapshot, staff_snapshot
from tests.hub.conftest import House

DOE = "Cllr Jane Doe"


async def admitted(house: House, name: str = "Sam Lee") -> int:
    registered, _ = await house.waiting(name)
    for step in ("speaker.call", "speaker.admit"):
        await house.do(step, registration_id=registered.registration_id)
    return registered.registration_id


async def heard(house: House) -> PointOfOrderView | None:
    return (await staff_snapshot(house.desk, house.ref)).point_of_order


async def left(house: House, number: int) -> float | None:
    """Seconds that stand still; None while they run."""
    milliseconds = (await house.speaker(number)).left_ms
    return None if milliseconds is None else milliseconds / 1000


async def log(house: House) -> list[AuditEntry]:
    async with house.desk.store.read() as session:
        return list(await session.exec(select(AuditEntry).order_by(col(AuditEntry.id))))


async def test_the_time_stands_while_it_is_heard_and_goes_on_where_it_stood(house: House) -> None:
    await house.live()
    number = await admitted(house)
    house.clock.advance(seconds=60)
    await house.do("point_of_order.raise", name=f" {DOE}\n")
    assert await heard(house) == PointOfOrderView(
        name=DOE, since_ms=round(house.clock.now().timestamp() * 1000)
    )
    house.clock.advance(minutes=5)
    assert await left(house, number) == 120
    assert house.studio.on_air == [number], "they are seen and heard all the same"
    await house.do("point_of_order.end")
    assert await heard(house) is None
    ends = (await house.speaker(number)).ends_at
    assert ends is not None
    assert (ends - house.clock.now()).total_seconds() == 120
    said = [(one.action, one.subject.partition(" ")[0], one.reason) for one in (await log(house))[-4:]]
    assert said == [
        ("speaker.pause", "speaker", "point of order"),
        ("point_of_order.raise", house.ref, ""),
        ("speaker.resume", "speaker", "point of order"),
        ("point_of_order.end", house.ref, ""),
    ]


async def test_who_is_admitted_meanwhile_has_their_whole_time_afterwards(house: House) -> None:
    await house.live()
    first = await admitted(house)
    await house.do("point_of_order.raise", name=DOE)
    second = await admitted(house, "Kim Roe")
    house.clock.advance(minutes=5)
    assert (await left(house, first), await left(house, second)) == (180, 180)
    await house.do("point_of_order.end")
    house.clock.advance(seconds=10)
    for number in (first, second):
        ends = (await house.speaker(number)).ends_at
        assert ends is not None
        assert (ends - house.clock.now()).total_seconds() == 170


async def test_the_index_has_it_and_it_is_no_chapter_of_the_agenda(house: House) -> None:
    await house.live()
    await house.next()
    house.clock.advance(seconds=30)
    await house.do("point_of_order.raise", name=DOE)
    point = (await chapters(house.desk, house.ref))[-1]
    assert (point.kind, point.label, point.seconds, point.item_id) == (
        "point_of_order",
        f"Point of order: {DOE}",
        30,
        house.items[0],
    )
    await house.do("point_of_order.end")
    await house.do("point_of_order.raise")
    assert (await chapters(house.desk, house.ref))[-1].label == "Point of order"


async def test_what_an_officer_had_stopped_already_is_not_let_go_on_by_it(house: House) -> None:
    await house.live()
    stopped, running = await admitted(house), await admitted(house, "Ida Poe")
    await house.do("speaker.pause", registration_id=stopped)
    await house.do("point_of_order.raise", name=DOE)
    assert await left(house, running) == 180
    await house.do("point_of_order.end")
    assert (await left(house, stopped), await left(house, running)) == (180, None)


async def test_what_an_officer_stops_meanwhile_stays_so(house: House) -> None:
    await house.live()
    number = await admitted(house)
    await house.do("point_of_order.raise", name=DOE)
    for name in ("speaker.resume", "speaker.pause"):
        await house.do(name, registration_id=number)
    await house.do("point_of_order.end")
    assert await left(house, number) == 180


async def test_who_was_let_go_on_or_taken_off_meanwhile_is_left_alone(house: House) -> None:
    await house.live()
    on, off = await admitted(house), await admitted(house, "Ida Poe")
    await house.do("point_of_order.raise", name=DOE)
    await house.do("speaker.resume", registration_id=on)
    await house.do("speaker.finish", registration_id=off)
    house.clock.advance(seconds=10)
    before = (await house.speaker(on)).ends_at
    await house.do("point_of_order.end")
    assert (await house.speaker(on)).ends_at == before
    assert (await house.speaker(off)).ends_at is None


async def test_one_at_a_time_and_an_officer_ends_what_was_before_them(house: House) -> None:
    await house.live()
    with pytest.raises(IllegalTransition, match="No point of order is being heard"):
        await house.do("point_of_order.end")
    await house.do("point_of_order.raise", name=DOE)
    first = await heard(house)
    assert first is not None
    with pytest.raises(Conflict, match=f"Point of order: {DOE} is being heard: end that first"):
        await house.do("point_of_order.raise", house.second_clerk, name="Cllr Roe")
    await house.do("point_of_order.end", since=first.since_ms)
    house.clock.advance(seconds=1)
    await house.do("point_of_order.raise", name="Cllr Roe")
    with pytest.raises(Conflict, match="Point of order: Cllr Roe is another one"):
        await house.do("point_of_order.end", house.second_clerk, since=first.since_ms)
    assert await heard(house) is not None


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("meeting.private", {}),
        ("meeting.adjourn", {}),
        ("meeting.suspend", {"reason": "disturbance"}),
        ("meeting.technical", {}),
        ("gate.cut", {}),
        ("meeting.end", {"confirmed": True}),
    ],
)
async def test_it_does_not_survive_the_end_of_the_broadcast(
    house: House, name: str, payload: dict[str, Any]
) -> None:
    await house.live()
    number = await admitted(house)
    await house.do("point_of_order.raise", name=DOE)
    await house.do(name, **payload)
    assert await heard(house) is None
    ended = [one for one in await log(house) if one.action == "point_of_order.end"]
    assert [(one.who, one.before) for one in ended] == [("Ann Clark", DOE)]
    assert ended[0].reason.startswith("the meeting is ")
    with pytest.raises(IllegalTransition, match="is raised while it is live"):
        await house.do("point_of_order.raise", name=DOE)
    if name != "meeting.end":
        assert await left(house, number) == 180, "nobody speaks: an officer lets the time go on"
        await house.do("meeting.return", confirmed=True)
        assert await heard(house) is None, "and it does not come back"


async def test_it_is_an_officers_and_the_name_is_a_name(house: House) -> None:
    with pytest.raises(IllegalTransition):
        await house.do("point_of_order.raise", name=DOE)
    await house.live()
    for name in ("point_of_order.raise", "point_of_order.end"):
        with pytest.raises(Forbidden):
            await house.do(name, house.viewer())
    with pytest.raises(Invalid, match="Shorten the name to 80 characters"):
        await house.do("point_of_order.raise", name="x" * 81)
    assert await heard(house) is None
    assert "point_of_order" not in (await public_snapshot(house.desk, house.ref)).model_dump()


async def test_who_is_expected_is_there_to_be_picked_each_once(house: House) -> None:
    async with house.desk.store.write() as session:
        for name, role in ((DOE, "Chair"), ("Cllr Ann Ash", "Member"), (DOE, "Member")):
            session.add(Attendee(meeting_id=house.meeting_id, name=name, role=role))
    assert await expected_names(house.desk, house.ref) == [DOE, "Cllr Ann Ash"]


async def test_the_same_message_again_raises_none(house: House) -> None:
    await house.live()
    await house.do("point_of_order.raise", name=DOE, client_id="raise")
    await house.do("point_of_order.end")
    await house.do("point_of_order.raise", name=DOE, client_id="raise")
    assert await heard(house) is None


async def test_another_officer_can_still_take_back_a_move_of_the_agenda(house: House) -> None:
    await house.live()
    await house.next()
    await house.next()
    await house.do("point_of_order.raise", house.second_clerk, name=DOE)
    await house.do("item.undo", expected_version=(await house.meeting()).version)
    assert (await house.meeting()).current_item_id == house.items[0]

"""The order of business while the meeting runs: items are added, put off and moved, and it can be undone."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.business import follower, merged, moved, speakers_moved
from hub.domain.errors import Conflict, IllegalTransition, Invalid
from hub.domain.imported import ImportedCommittee, ImportedItem, ImportedMeeting
from hub.domain.models import Registration
from hub.domain.people import Resident
from hub.domain.services.agenda import apply_meetings
from hub.domain.services.registration import register, take_slot
from hub.domain.snapshots import ItemView
from hub.domain.views import chapters, public_snapshot, speaker_snapshot, staff_snapshot
from tests.hub.conftest import House
from tests.hub.fakes import START

orders = st.lists(st.integers(1, 30), min_size=1, max_size=12, unique=True)


async def agenda(house: House) -> list[ItemView]:
    return (await public_snapshot(house.desk, house.ref)).agenda


async def order(house: House) -> list[int]:
    return [item.id for item in await agenda(house)]


async def item(house: House, number: int) -> ItemView:
    return next(one for one in await agenda(house) if one.id == number)


async def business(house: House, name: str, /, **payload: Any) -> dict[str, Any]:
    return await house.do(f"business.{name}", expected_version=(await house.meeting()).version, **payload)


async def undo(house: House) -> None:
    (step,) = (await staff_snapshot(house.desk, house.ref)).undo
    await house.do("step.undo", step=step.step)


async def in_the_index(house: House) -> list[tuple[float, str]]:
    points = await chapters(house.desk, house.ref)
    return [(point.seconds, point.label) for point in points if point.kind == "order"]


async def test_an_item_is_put_off_and_comes_when_it_is_its_turn(house: House) -> None:
    first, heading, lane, private, urgent = house.items
    await house.live()
    await house.next()
    house.clock.advance(seconds=20)
    await business(house, "defer", item_id=lane, before=None)
    assert await order(house) == [first, heading, private, urgent, lane]
    assert (await item(house, lane)).state == "deferred"
    assert await in_the_index(house) == [(20, "2. Mill Lane: deferred")]
    for number in (private, urgent, lane):
        await house.next()
        assert (await public_snapshot(house.desk, house.ref)).now_item_id == number
    assert (await item(house, lane)).state == "now"
    with pytest.raises(Conflict, match="last item"):
        await house.next()


async def test_an_item_is_put_off_to_another_meeting_and_passed_over(house: House) -> None:
    _, _, lane, private, _ = house.items
    registered, _ = await house.waiting()
    async with house.desk.store.write() as session:
        (await session.get_one(Registration, registered.registration_id)).item_id = lane
    await house.live()
    await house.next()
    day = START.date() + timedelta(days=21)
    await business(house, "put_off", item_id=lane, to=day.isoformat())
    assert await order(house) == house.items, "it stands where it stood"
    told = await item(house, lane)
    assert (told.state, told.put_off_to) == ("put_off", day)
    assert await in_the_index(house) == [(0, "2. Mill Lane: deferred to another meeting")]
    page = await speaker_snapshot(house.desk, registered.registration_id, "phone")
    assert (page.position, page.item and page.item.state) == (None, "put_off")
    await house.next()
    assert (await public_snapshot(house.desk, house.ref)).now_item_id == private
    await house.do("item.go", item_id=lane, expected_version=(await house.meeting()).version)
    assert (await item(house, lane)).state == "now", "the meeting thought better of it"
    await undo(house)
    assert ((await item(house, lane)).state, (await item(house, lane)).put_off_to) == ("put_off", day)
    await house.do("meeting.end", confirmed=True)
    assert (await item(house, lane)).state == "put_off"


@pytest.mark.parametrize("first", ["not_started", "deferred"])
async def test_undoing_it_gives_back_what_it_was(house: House, first: str) -> None:
    lane = house.items[2]
    await house.live()
    if first == "deferred":
        await business(house, "defer", item_id=lane, before=None)
    before = await order(house)
    await business(house, "put_off", item_id=lane, to=None)
    assert (await item(house, lane)).put_off_to is None
    await undo(house)
    assert ((await item(house, lane)).state, await order(house)) == (first, before)
    assert [label for _, label in await in_the_index(house) if "another" in label] == []


@pytest.mark.parametrize("to", ["2026-11-26", "2026-11-25", "tomorrow", "2026-13-01"])
async def test_another_meeting_is_on_a_later_day(house: House, to: str) -> None:
    await house.live()
    with pytest.raises(Invalid, match="day"):
        await business(house, "put_off", item_id=house.items[2], to=to)
    assert (await item(house, house.items[2])).state == "not_started"


async def test_what_is_current_or_put_off_already_is_not_put_off(house: House) -> None:
    first, heading, lane, *_ = house.items
    await house.live()
    await house.next()
    for error, number in ((Conflict, first), (Invalid, heading)):
        with pytest.raises(error):
            await business(house, "put_off", item_id=number, to=None)
    await business(house, "put_off", item_id=lane, to=None)
    with pytest.raises(IllegalTransition):
        await business(house, "put_off", item_id=lane, to=None)
    with pytest.raises(IllegalTransition):
        await business(house, "defer", item_id=lane, before=None)


async def test_undo_puts_it_back_and_takes_the_moment_from_the_index(house: House) -> None:
    before = house.items
    lane = before[2]
    await house.live()
    await business(house, "defer", item_id=lane, before=None)
    await undo(house)
    assert await order(house) == before
    assert (await item(house, lane)).state == "not_started"
    assert await in_the_index(house) == []
    await business(house, "move", item_id=before[4], before=lane)
    assert await order(house) == [before[0], before[1], before[4], lane, before[3]]
    await undo(house)
    assert await order(house) == before


async def test_undoing_next_gives_the_item_its_deferral_back(house: House) -> None:
    lane = house.items[2]
    await house.live()
    await business(house, "defer", item_id=lane, before=None)
    await house.do("item.go", item_id=lane, expected_version=(await house.meeting()).version)
    assert (await item(house, lane)).state == "now"
    await undo(house)
    assert (await item(house, lane)).state == "deferred"


async def test_what_can_be_undone_is_not_called_a_private_session(house: House) -> None:
    private = house.items[3]
    await house.live()
    for command, payload in (
        ("business.defer", {"before": None}),
        ("item.go", {}),
    ):
        version = (await house.meeting()).version
        await house.do(command, item_id=private, expected_version=version, **payload)
        (step,) = (await staff_snapshot(house.desk, house.ref)).undo
        assert step.label == "9. (title not published)"


async def test_an_urgent_item_is_added_with_a_note_for_the_minutes(house: House) -> None:
    first, heading, lane, private, urgent = house.items
    await house.live()
    house.clock.advance(seconds=5)
    answer = await business(
        house, "add", title="Flood on Foss Bank", number="11.", reason="The water rose today.", before=private
    )
    added = answer["item_id"]
    assert await order(house) == [first, heading, lane, added, private, urgent]
    view = await item(house, added)
    assert (view.added, view.title, view.number, view.state) == (
        True,
        "Flood on Foss Bank",
        "11.",
        "not_started",
    )
    assert await in_the_index(house) == [(5, "11. Flood on Foss Bank: added")]
    (note,) = (await staff_snapshot(house.desk, house.ref)).notes
    assert (note.text, note.item_id, note.seconds) == ("Urgent item: The water rose today.", added, 5)
    await undo(house)
    assert await order(house) == house.items
    assert await in_the_index(house) == []


@pytest.mark.parametrize("missing", [{"title": " "}, {"reason": ""}, {"title": "x" * 301}])
async def test_an_item_needs_a_title_and_a_reason(house: House, missing: dict[str, str]) -> None:
    await house.live()
    good = {"title": "Flood", "reason": "Today."}
    with pytest.raises(Invalid):
        await business(house, "add", before=None, **{**good, **missing})
    assert await order(house) == house.items


async def test_what_makes_no_sense_is_refused_and_changes_nothing(house: House) -> None:
    first, heading, lane, private, urgent = house.items
    with pytest.raises(IllegalTransition, match="agenda does not move"):
        await business(house, "move", item_id=urgent, before=lane)
    await house.live()
    await house.next()
    await house.next()
    for error, name, number, before in (
        (Conflict, "defer", lane, None),
        (Invalid, "defer", heading, None),
        (Invalid, "move", urgent, first),
        (Invalid, "move", urgent, lane),
        (Invalid, "move", urgent, 4711),
        (Invalid, "move", urgent, urgent),
        (Conflict, "move", private, urgent),
    ):
        with pytest.raises(error):
            await business(house, name, item_id=number, before=before)
    await business(house, "defer", item_id=private, before=None)
    with pytest.raises(IllegalTransition, match="deferred"):
        await business(house, "defer", item_id=private, before=urgent)
    assert await order(house) == [first, heading, lane, urgent, private]


async def test_who_looked_at_an_older_order_is_told(house: House) -> None:
    await house.live()
    version = (await house.meeting()).version
    await house.do("business.defer", item_id=house.items[2], before=None, expected_version=version)
    with pytest.raises(Conflict, match="Ann Clark changed the order of business a moment ago"):
        await house.do("item.next", house.second_clerk, expected_version=version)


async def test_nothing_is_undone_once_the_agenda_went_on(house: House) -> None:
    await house.live()
    await business(house, "defer", item_id=house.items[2], before=None)
    version = (await house.meeting()).version
    await house.do("item.next", house.second_clerk, expected_version=version)
    steps = {step.by: step.action for step in (await staff_snapshot(house.desk, house.ref)).undo}
    assert list(steps.values()) == ["item.next"]


async def ready(house: House, name: str, item_id: int) -> int:
    who = await register(house.desk, house.ref, name=name, email="s@example.org", item_id=item_id)
    await house.do("speaker.confirm", registration_id=who.registration_id)
    await take_slot(house.desk, who.token, "phone")
    await house.do("speaker.check_in", Resident(who.registration_id, house.meeting_id, "phone"))
    return who.registration_id


async def queue(house: House, *numbers: int) -> list[int]:
    places = {number: (await speaker_snapshot(house.desk, number, "phone")).position for number in numbers}
    return sorted(numbers, key=lambda number: places[number] or 0)


async def test_speakers_go_with_their_item(house: House) -> None:
    lane, urgent = house.items[2], house.items[4]
    await house.live()
    ada, ben, cleo = (
        await ready(house, "Ada", lane),
        await ready(house, "Ben", lane),
        await ready(house, "Cleo", urgent),
    )
    assert await queue(house, ada, ben, cleo) == [ada, ben, cleo]
    await business(house, "defer", item_id=lane, before=None)
    assert await queue(house, ada, ben, cleo) == [cleo, ada, ben]
    await undo(house)
    assert await queue(house, ada, ben, cleo) == [ada, ben, cleo]


async def test_speakers_whom_officers_put_in_order_go_with_their_item_in_that_order(house: House) -> None:
    lane, urgent = house.items[2], house.items[4]
    await house.live()
    ada, ben, cleo = (
        await ready(house, "Ada", lane),
        await ready(house, "Ben", lane),
        await ready(house, "Cleo", urgent),
    )
    await house.do("speaker.reorder", registration_ids=[ben, ada, cleo])
    await business(house, "defer", item_id=lane, before=None)
    async with house.desk.store.read() as session:
        rows = [await session.get_one(Registration, number) for number in (ada, ben, cleo)]
    assert [row.rank for row in rows] == [3, 2, 1]


def imported(number: int) -> ImportedItem:
    return ImportedItem(
        modgov_id=number,
        number=f"{number}.",
        title=f"T{number}",
        heading=False,
        restricted=False,
        public_can_speak=False,
        text_html="",
        minutes_html="",
        decision_html="",
        documents=(),
    )


async def bring(house: House, *numbers: int) -> list[str]:
    """Import an agenda of these items; what the agenda is then."""
    meeting = ImportedMeeting(
        modgov_id=70,
        starts_at=START,
        location="",
        status="Confirmed",
        items=tuple(imported(number) for number in numbers),
        attendees=(),
    )
    committee = ImportedCommittee(7, "Planning Committee A")
    desk = house.desk
    await apply_meetings(desk.store, house.clock, desk.tokens, "https://m.example.org/", committee, [meeting])
    return [one.number for one in await agenda(house) if one.title.startswith("T")]


async def test_an_import_keeps_the_officers_order_and_puts_in_what_is_new(house: House) -> None:
    assert await bring(house, 1, 2, 3) == ["1.", "2.", "3."]
    assert await bring(house, 2, 1, 3) == ["2.", "1.", "3."], "as published"
    await house.live()
    second = next(one.id for one in await agenda(house) if one.title == "T2")
    await business(house, "defer", item_id=second, before=None)
    assert await bring(house, 2, 1, 4, 3) == ["1.", "4.", "3.", "2."]
    assert (await item(house, second)).state == "deferred"


@given(orders, st.data())
def test_moving_moves_one_item_and_back_again(before: list[int], data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(before))
    place = data.draw(st.sampled_from([None, *(other for other in before if other != one)]))
    after = moved(before, one, place)
    assert follower(after, one) == place
    assert [other for other in after if other != one] == [other for other in before if other != one]
    assert moved(after, one, follower(before, one)) == before


@given(orders, orders)
def test_merging_keeps_what_officers_made_and_loses_nothing(own: list[int], published: list[int]) -> None:
    order = merged(own, published)
    assert sorted(order) == sorted({*own, *published})
    assert [one for one in order if one in own] == own
    for at, fresh in enumerate(published):
        if at and fresh not in own:
            assert order.index(fresh) > order.index(published[at - 1])


@given(st.lists(st.integers(1, 4), max_size=10), orders)
def test_speakers_of_other_items_keep_their_order(items: list[int], agenda: list[int]) -> None:
    places = {number: at for at, number in enumerate(agenda)} | {1: 5}
    ranked = list(enumerate(items))
    after = speakers_moved(ranked, 1, places)
    assert sorted(after) == [speaker for speaker, _ in ranked]
    for mine in (True, False):
        chosen = [speaker for speaker, of in ranked if (of == 1) is mine]
        assert [speaker for speaker in after if speaker in chosen] == chosen

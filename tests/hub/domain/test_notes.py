"""Notes for the minutes are for officers alone, with the moment in the programme."""

import pytest

from hub.domain.errors import Forbidden, Invalid, NotFound
from hub.domain.views import chapters, meeting_page, notes_record, public_snapshot, staff_snapshot
from tests.hub.conftest import House

WORDS = "Cllr Ash left the room"


async def test_a_note_has_its_moment_and_is_in_no_public_view(house: House) -> None:
    await house.live()
    house.clock.advance(seconds=65)
    await house.do("note.write", item_id=house.items[2], text=f" {WORDS}\u202e\n")
    (note,) = (await staff_snapshot(house.desk, house.ref)).notes
    assert (note.item_id, note.seconds, note.text, note.by) == (house.items[2], 65, WORDS, "Ann Clark")
    for view in (
        await public_snapshot(house.desk, house.ref),
        await meeting_page(house.desk, house.ref),
        *await chapters(house.desk, house.ref),
    ):
        assert WORDS not in view.model_dump_json()
    log = (await staff_snapshot(house.desk, house.ref)).audit
    assert WORDS not in str(log), "who may read the log need not read the notes"
    assert [(line.item, line.text) for line in await notes_record(house.desk, house.ref)] == [
        ("2. Mill Lane", WORDS)
    ]


async def test_notes_are_taken_before_during_and_after(house: House) -> None:
    await house.do("note.write", item_id=None, text="Before")
    await house.live()
    house.clock.advance(seconds=10)
    await house.do("meeting.private")
    await house.do("note.write", item_id=house.items[3], text="In private")
    await house.do("meeting.end", confirmed=True)
    await house.do("note.write", item_id=None, text="After")
    notes = (await staff_snapshot(house.desk, house.ref)).notes
    assert [(note.text, note.seconds) for note in notes] == [
        ("Before", None),
        ("In private", 10),
        ("After", None),
    ]


async def test_they_do_not_stand_in_the_way_of_undoing_a_step(house: House) -> None:
    await house.live()
    await house.next()
    await house.do("note.write", house.second_clerk, item_id=None, text=WORDS)
    await house.do("item.undo", expected_version=(await house.meeting()).version)
    assert (await house.meeting()).current_item_id is None


@pytest.mark.parametrize("text", ["", " \n ", "x" * 2001])
async def test_a_note_there_must_be(house: House, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        await house.do("note.write", item_id=None, text=text)
    assert refused.value.field == "text"


async def test_of_this_meeting_and_by_officers(house: House) -> None:
    with pytest.raises(NotFound):
        await house.do("note.write", item_id=4711, text=WORDS)
    with pytest.raises(Forbidden):
        await house.do("note.write", house.viewer(), item_id=None, text=WORDS)

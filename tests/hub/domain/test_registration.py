from datetime import timedelta

import pytest

from hub.domain.errors import Conflict, Forbidden, Invalid, NotFound
from hub.domain.models import AgendaItem, Committee, Meeting, Registration
from hub.domain.rules import YORK
from hub.domain.services.registration import register, speaker_by_token
from hub.domain.states.speaker import SpeakerState
from hub.domain.views import meeting_page
from tests.hub.conftest import House


async def sam(house: House, **form: object) -> SpeakerState:
    filled: dict[str, object] = {"name": "Sam Lee", "email": "sam@example.org"} | form
    return (await register(house.desk, house.ref, **filled)).state  # type: ignore[arg-type]


async def test_token_is_given_once_and_only_its_hash_kept(house: House) -> None:
    registered = await register(house.desk, house.ref, name=" Sam  Lee ", phone="01904 551 550")
    holder = await speaker_by_token(house.desk, registered.token)
    assert (holder.name, holder.state, holder.meeting_ref) == ("Sam Lee", SpeakerState.SUBMITTED, house.ref)
    async with house.desk.store.read() as session:
        row = await session.get_one(Registration, registered.registration_id)
    assert registered.token not in row.model_dump_json()
    with pytest.raises(NotFound):
        await speaker_by_token(house.desk, "guess")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"email": "", "phone": ""}, "email"),
        ({"email": "sam at example"}, "email"),
        ({"email": "", "phone": "ring me"}, "phone"),
        ({"summary": "x" * 1001}, "summary"),
        ({"item_id": 4711}, "item_id"),
    ],
)
async def test_form_errors_name_the_field(house: House, form: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        await sam(house, **form)
    assert caught.value.field == field


async def test_restricted_items_and_headings_cannot_be_spoken_on(house: House) -> None:
    for item in (house.items[1], house.items[3]):
        with pytest.raises(Invalid):
            await sam(house, item_id=item)
    await sam(house, item_id=house.items[0])


async def test_marked_items_are_the_only_ones_where_any_is_marked(house: House) -> None:
    async with house.desk.store.write() as session:
        (await session.get_one(AgendaItem, house.items[2])).public_can_speak = True
    assert (await meeting_page(house.desk, house.ref)).speakable_item_ids == [house.items[2]]
    with pytest.raises(Invalid):
        await sam(house, item_id=house.items[0])
    await sam(house, item_id=house.items[2])


async def test_beyond_the_cap_is_the_waiting_list(house: House) -> None:
    async with house.desk.store.write() as session:
        meeting = await session.get_one(Meeting, house.meeting_id)
        committee = await session.get_one(Committee, meeting.committee_id)
        committee.rules = YORK.model_dump(mode="json") | {"places": {"meeting": 2}}
    states = [await sam(house, name=name) for name in ("A", "B", "C")]
    assert states == [SpeakerState.SUBMITTED, SpeakerState.SUBMITTED, SpeakerState.WAITING_LIST]


async def test_the_same_form_sent_twice_registers_once(house: House) -> None:
    await sam(house)
    with pytest.raises(Conflict):
        await sam(house)
    await sam(house, item_id=house.items[0])


async def test_after_the_deadline(house: House) -> None:
    async with house.desk.store.write() as session:
        meeting = await session.get_one(Meeting, house.meeting_id)
        meeting.registration_closes_at = house.clock.now() + timedelta(minutes=1)
    await sam(house)
    house.clock.advance(minutes=1)
    with pytest.raises(Forbidden, match="closed on 26 November 2026 at 18:31"):
        await sam(house, name="Late")
    assert "closed on" in (await meeting_page(house.desk, house.ref)).registration_closed_because


async def test_after_the_meeting_and_when_cancelled(house: House) -> None:
    async with house.desk.store.write() as session:
        (await session.get_one(Meeting, house.meeting_id)).agenda_status = "Cancelled"
    with pytest.raises(Forbidden, match="cancelled"):
        await sam(house)
    async with house.desk.store.write() as session:
        (await session.get_one(Meeting, house.meeting_id)).agenda_status = "Confirmed"
    await house.live()
    await house.do("meeting.end", confirmed=True)
    with pytest.raises(Forbidden, match="over"):
        await sam(house)

"""What gets out, and above all what does not."""

import pytest

from hub.domain.errors import NotFound
from hub.domain.services.registration import register
from hub.domain.views import (
    chapters,
    list_meetings,
    meeting_page,
    public_snapshot,
    speaker_snapshot,
    staff_snapshot,
)
from tests.hub.conftest import House

PLANTED = (
    "SECRET-MAIL",
    "0770090",
    "SECRET-SUMMARY",
    "SECRET-PENDING",
    "SECRET-REJECTED",
    "SECRET-TITLE",
    "SECRET-LINK",
)


async def plant(house: House) -> int:
    """A busy meeting with something secret in every place that has one."""
    await house.live()
    registered = await register(
        house.desk,
        house.ref,
        name="Sam Lee",
        email="SECRET-MAIL@example.org",
        phone="07700900123",
        summary="SECRET-SUMMARY",
        item_id=house.items[2],
    )
    await house.ask("SECRET-PENDING")
    rejected = await house.ask("SECRET-REJECTED", "device-2")
    await house.do("question.reject", question_id=rejected)
    await house.do("item.go", item_id=house.items[3], expected_version=(await house.meeting()).version)
    await house.do("meeting.private", item_id=house.items[3], paragraphs=[3])
    return registered.registration_id


async def test_public_views_hold_nothing_planted(house: House) -> None:
    await plant(house)
    public = [
        (await public_snapshot(house.desk, house.ref)).model_dump_json(),
        (await meeting_page(house.desk, house.ref)).model_dump_json(),
        (await list_meetings(house.desk)).model_dump_json(),
        "".join(point.model_dump_json() for point in await chapters(house.desk, house.ref)),
    ]
    for text in public:
        assert [planted for planted in PLANTED if planted in text] == []
    assert "9. Private session" in public[3]


async def test_speaker_sees_no_contact_details_of_others_nor_questions(house: House) -> None:
    other = await register(
        house.desk, house.ref, name="Kim Moss", email="kim@example.org", phone="01904551550"
    )
    await plant(house)
    text = (await speaker_snapshot(house.desk, other.registration_id, "phone")).model_dump_json()
    assert [planted for planted in PLANTED if planted in text] == []
    assert "01904551550" in text, "their own number, at which we call them"
    with pytest.raises(NotFound):
        await speaker_snapshot(house.desk, 4711, "phone")


async def test_staff_see_what_they_need(house: House) -> None:
    await plant(house)
    snapshot = await staff_snapshot(house.desk, house.ref)
    text = snapshot.model_dump_json()
    assert all(planted in text for planted in PLANTED[:5])
    assert not any(planted in snapshot.public.model_dump_json() for planted in PLANTED)


async def test_items_link_to_their_place_in_the_agenda_system(house: House) -> None:
    urls = [item.url for item in (await public_snapshot(house.desk, house.ref)).agenda]
    assert urls[2] == "https://modgov.example.org/ieListDocuments.aspx?CId=7&MId=70#AI18833"
    assert urls[0] == "", "this item is not from the agenda system"


async def test_lists_follow_the_life_of_a_meeting(house: House) -> None:
    async def where() -> list[str]:
        lists = await list_meetings(house.desk)
        return [name for name in ("live", "upcoming", "recorded") if getattr(lists, name)]

    assert await where() == ["upcoming"]
    await house.live()
    assert await where() == ["live"]
    await house.do("meeting.end", confirmed=True)
    assert await where() == ["recorded"]


async def test_version_counts_every_change(house: House) -> None:
    before = (await public_snapshot(house.desk, house.ref)).version
    await house.live()
    assert (await public_snapshot(house.desk, house.ref)).version == before + 2


async def test_meeting_that_is_not_there(house: House) -> None:
    with pytest.raises(NotFound):
        await public_snapshot(house.desk, "nothing")

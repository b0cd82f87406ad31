"""What the picture shows: layouts, names, and the words on slates."""

import pytest

from hub.domain.errors import Invalid
from hub.domain.views import public_snapshot, staff_snapshot
from tests.hub.conftest import House


async def test_layout(house: House) -> None:
    await house.live()
    await house.do("layout.set", layout="side_by_side")
    await house.do("layout.set", layout=None)
    assert [call for call in house.studio.calls if call[0] == "set_layout"] == [
        ("set_layout", "side_by_side"),
        ("set_layout", "None"),
    ]
    with pytest.raises(Invalid):
        await house.do("layout.set", layout="upside_down")
    await house.do("layout.set", layout="grid", transition="cut")
    with pytest.raises(Invalid):
        await house.do("layout.set", layout="grid", transition="swipe")


async def test_names_in_the_picture(house: House) -> None:
    await house.live()
    await house.do("captions.show", visible=True)
    await house.do("captions.chamber", text="  Cllr Jane Doe, Chair ")
    await house.do("captions.chamber")
    with pytest.raises(Invalid):
        await house.do("captions.chamber", text="x" * 121)
    assert [call for call in house.studio.calls if "caption" in call[0]] == [
        ("show_captions", "True"),
        ("caption_chamber", "Cllr Jane Doe, Chair"),
        ("caption_chamber", ""),
    ]


async def test_slates_say_of_what_kind_they_are(house: House) -> None:
    await house.do("meeting.open_room")
    slate = house.studio.slate
    assert slate is not None
    assert (slate.kind, slate.until) == ("starting", slate.until)
    assert slate.until is not None
    await house.do("meeting.go_live", confirmed=True)
    for command, kind in (("adjourn", "adjourned"), ("private", "private"), ("technical", "technical")):
        await house.do(f"meeting.{command}")
        assert house.studio.slate is not None
        assert (house.studio.slate.kind, house.studio.slate.until) == (kind, None)
        await house.do("meeting.return", confirmed=True)
    await house.do("meeting.adjourn", expected_back="19:40")
    assert house.studio.slate is not None
    assert house.studio.slate.title == "The meeting is adjourned until about 19:40"


async def test_private_slate_says_item_ground_and_time(house: House) -> None:
    await house.live()
    await house.do(
        "meeting.private", item_id=house.items[3], paragraphs=[5, 3], expected_back="19:40", reason="SECRET"
    )
    assert house.studio.slate is not None
    assert house.studio.slate.title == "The public have been excluded for item 9"
    assert house.studio.slate.lines == (
        "Section 100A(4) of the Local Government Act 1972: exempt information, "
        "paragraphs 3 and 5 of Part 1 of Schedule 12A",
        "Expected back about 19:40",
    )
    snapshot = await staff_snapshot(house.desk, house.ref)
    assert snapshot.exclusion_item_id == house.items[3]
    assert snapshot.audit[0].reason == "SECRET"
    assert "SECRET" not in snapshot.public.model_dump_json()
    assert snapshot.public.notice is not None
    assert snapshot.public.notice.expected_back_ms is not None
    assert (snapshot.public.index[-1].kind, snapshot.public.index[-1].label) == ("gate", "Private session")


async def test_next_restricted_item_changes_the_slate_and_stamps_once(house: House) -> None:
    await house.live()
    await house.do("meeting.private", item_id=house.items[3], paragraphs=[3])
    await house.do("meeting.private", item_id=house.items[4], paragraphs=[1])
    assert house.studio.slate is not None
    assert house.studio.slate.title == "The public have been excluded for item 10"
    index = (await public_snapshot(house.desk, house.ref)).index
    assert [point.label for point in index].count("Private session") == 1

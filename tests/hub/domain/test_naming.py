"""What a speaker is called in public is the officers' to say."""

import pytest
from sqlmodel import col, select

from hub.domain.errors import Invalid, NotFound
from hub.domain.models import AuditEntry
from hub.domain.views import chapters, public_snapshot, speaker_snapshot, staff_snapshot
from tests.hub.conftest import House
from tests.hub.domain.test_speakers import admitted, called


async def renamed(house: House, number: int, name: str) -> dict[str, object]:
    return await house.do("speaker.rename", registration_id=number, name=name)


async def labels(house: House) -> list[str]:
    return [point.label for point in await chapters(house.desk, house.ref) if point.kind == "speaker"]


async def test_name_on_air_is_corrected_in_picture_page_and_index(house: House) -> None:
    await house.live()
    number, other = await admitted(house, "Rude Name"), await admitted(house, "Jo")
    await renamed(house, number, " Sam\nLee ")
    assert house.studio.calls[-1] == ("rename_speaker", str(number), "Sam Lee", "Sam Lee, resident")
    public = await public_snapshot(house.desk, house.ref)
    assert [speaker.name for speaker in public.on_air] == ["Sam Lee", "Jo"]
    assert await labels(house) == ["Sam Lee, resident", "Jo, resident"]
    staff = await staff_snapshot(house.desk, house.ref)
    assert {row.id: row.name for row in staff.speakers} == {number: "Sam Lee", other: "Jo"}
    assert (await speaker_snapshot(house.desk, number, "phone")).name == "Sam Lee"


async def test_before_and_after_are_in_the_log(house: House) -> None:
    number = (await house.waiting("Rude Name"))[1].registration_id
    await renamed(house, number, "Sam Lee")
    async with house.desk.store.read() as session:
        newest = select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(1)
        (entry,) = (await session.exec(newest)).all()
    assert (entry.who, entry.action, entry.subject) == ("Ann Clark", "speaker.rename", f"speaker {number}")
    assert (entry.before, entry.after) == ("Rude Name", "Sam Lee")


async def test_who_is_called_has_no_caption_yet(house: House) -> None:
    await house.live()
    number = await called(house, "Rude Name")
    await renamed(house, number, "Sam Lee")
    assert house.studio.calls[-1] == ("rename_speaker", str(number), "Sam Lee", "")


async def test_the_studio_has_nobody_who_waits_or_is_on_the_telephone(house: House) -> None:
    await house.live()
    waiting = (await house.waiting("Rude Name"))[1].registration_id
    await renamed(house, waiting, "Sam Lee")
    by_phone = await admitted(house, "Jo")
    await house.do("speaker.by_phone", registration_id=by_phone, on=True)
    await renamed(house, by_phone, "Joanna")
    assert "rename_speaker" not in house.studio.names()


async def test_index_is_corrected_after_the_meeting(house: House) -> None:
    await house.live()
    number = await admitted(house, "Rude Name")
    await house.do("speaker.finish", registration_id=number)
    await house.do("meeting.end", confirmed=True)
    await renamed(house, number, "Sam Lee")
    assert await labels(house) == ["Sam Lee, resident"]


async def test_a_studio_that_does_not_answer_is_told_of_and_the_page_is_right(house: House) -> None:
    await house.live()
    number = await admitted(house, "Rude Name")
    house.studio.broken = {"rename_speaker"}
    answer = await renamed(house, number, "Sam Lee")
    assert "may still show the old name" in str(answer["warning"])
    assert [speaker.name for speaker in (await public_snapshot(house.desk, house.ref)).on_air] == ["Sam Lee"]
    house.studio.broken = set()
    assert "warning" not in await renamed(house, number, "Sam Lee"), "pressing again mends the picture"
    assert house.studio.calls[-1][0] == "rename_speaker"


@pytest.mark.parametrize("name", ["", "  \n ", "x" * 81])
async def test_a_name_there_must_be(house: House, name: str) -> None:
    number = (await house.waiting())[1].registration_id
    with pytest.raises(Invalid) as refused:
        await renamed(house, number, name)
    assert refused.value.field == "name"
    assert (await house.speaker(number)).name == "Sam Lee"


async def test_who_was_invited_is_no_speaker(house: House) -> None:
    invited = await house.do("invitation.issue", name="Gwen", part="signer")
    with pytest.raises(NotFound):
        await renamed(house, invited["registration_id"], "Somebody")

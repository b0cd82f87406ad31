"""An officer takes a resident out of the meeting, for a reason that the resident reads."""

import pytest
from sqlmodel import select

from hub.domain.errors import Conflict, IllegalTransition, Invalid
from hub.domain.models import AuditEntry
from hub.domain.states.speaker import LINK_WORKS, SpeakerState
from hub.domain.views import public_snapshot, speaker_snapshot
from tests.hub.conftest import House
from tests.hub.domain.test_speakers import admitted, called

REASON = "You threatened a member."


async def test_from_the_air_they_are_cut_first_and_cannot_come_back(house: House) -> None:
    await house.live()
    sam = await admitted(house, "Sam")
    await house.do("speaker.remove", registration_id=sam, reason=f" {REASON} ")
    assert house.studio.on_air == []
    assert house.studio.calls[-1] == ("close_speaker", str(sam))
    snapshot = await speaker_snapshot(house.desk, sam, "phone")
    assert (snapshot.state, snapshot.removed_for, snapshot.timer) == (SpeakerState.REMOVED, REASON, None)
    assert SpeakerState.REMOVED not in LINK_WORKS
    assert (await public_snapshot(house.desk, house.ref)).on_air == []
    for command in ("speaker.call", "speaker.admit", "speaker.confirm"):
        with pytest.raises(IllegalTransition):
            await house.do(command, registration_id=sam)
    with pytest.raises(IllegalTransition):
        await house.do("speaker.remove", registration_id=sam, reason=REASON)
    async with house.desk.store.read() as session:
        log = select(AuditEntry).where(AuditEntry.action == "speaker.remove")
        (entry,) = (await session.exec(log)).all()
    assert (entry.who, entry.before, entry.reason) == ("Ann Clark", "on_air", REASON)


async def test_from_the_waiting_room_too_and_others_move_up(house: House) -> None:
    await house.live()
    ada, ben = [(await house.waiting(name))[1].registration_id for name in ("Ada", "Ben")]
    await house.do("speaker.remove", registration_id=ada, seen="checked_in", reason=REASON)
    assert (await speaker_snapshot(house.desk, ben, "phone")).position == 1


async def test_a_reason_is_needed_and_what_the_officer_saw_must_still_be_so(house: House) -> None:
    await house.live()
    sam = await called(house, "Sam")
    for wrong in ("", " ", "x" * 201):
        with pytest.raises(Invalid):
            await house.do("speaker.remove", registration_id=sam, reason=wrong)
    with pytest.raises(Conflict):
        await house.do("speaker.remove", registration_id=sam, seen="on_air", reason=REASON)
    assert (await house.speaker(sam)).state is SpeakerState.CALLED


async def test_a_studio_that_is_away_keeps_nobody_in(house: House) -> None:
    await house.live()
    sam = await admitted(house, "Sam")
    house.studio.broken = {"set_on_air", "close_speaker"}
    answer = await house.do("speaker.remove", registration_id=sam, reason=REASON)
    assert answer["warning"]
    assert (await house.speaker(sam)).state is SpeakerState.REMOVED

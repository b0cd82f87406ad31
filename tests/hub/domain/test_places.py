from hub.domain.services.places import look_after
from hub.domain.states.speaker import SpeakerState
from hub.domain.views import speaker_snapshot, staff_snapshot
from tests.hub.conftest import House


async def on_air(house: House) -> int:
    """A resident on air, of whom sound and picture arrive."""
    await house.live()
    registered, _ = await house.waiting()
    speaker = registered.registration_id
    await house.do("speaker.call", registration_id=speaker)
    await house.do("speaker.admit", registration_id=speaker)
    await look_after(house.desk, house.ref, {speaker: True}, {speaker})
    return speaker


async def state(house: House, speaker: int) -> SpeakerState:
    return (await house.speaker(speaker)).state


async def kept_ms(house: House, speaker: int) -> tuple[int | None, int | None]:
    """Until when the place is kept, as the console and the speaker's page have it."""
    (row,) = (await staff_snapshot(house.desk, house.ref)).speakers
    return row.kept_until_ms, (await speaker_snapshot(house.desk, speaker, "phone")).kept_until_ms


async def test_a_lost_speaker_finds_the_place_kept(house: House) -> None:
    speaker = await on_air(house)
    assert await kept_ms(house, speaker) == (None, None)
    told = len(house.announcer.told)
    await look_after(house.desk, house.ref, {speaker: False}, set())
    until = int(house.clock.now().timestamp() * 1000) + 120_000
    assert await kept_ms(house, speaker) == (until, until)
    assert len(house.announcer.told) == told + 1
    house.clock.advance(seconds=119)
    await look_after(house.desk, house.ref, {speaker: False}, set())
    assert await state(house, speaker) is SpeakerState.ON_AIR
    assert len(house.announcer.told) == told + 1
    await look_after(house.desk, house.ref, {speaker: True}, {speaker})
    assert await kept_ms(house, speaker) == (None, None)
    house.clock.advance(minutes=5)
    await look_after(house.desk, house.ref, {speaker: True}, {speaker})
    assert await state(house, speaker) is SpeakerState.ON_AIR


async def test_after_two_minutes_the_place_is_given_up(house: House) -> None:
    speaker = await on_air(house)
    await look_after(house.desk, house.ref, {speaker: False}, set())
    house.clock.advance(minutes=2)
    await look_after(house.desk, house.ref, {speaker: False}, set())
    assert await state(house, speaker) is SpeakerState.NO_SHOW
    assert house.studio.on_air == []
    assert ("close_speaker", str(speaker)) in house.studio.calls
    line = (await staff_snapshot(house.desk, house.ref)).audit[0]
    assert (line.who, line.action) == ("Moot Hall", "speaker.lose")
    assert "two minutes" in line.reason


async def test_whose_page_is_open_goes_back_to_the_waiting_room(house: House) -> None:
    speaker = await on_air(house)
    await look_after(house.desk, house.ref, {speaker: False}, {speaker})
    house.clock.advance(minutes=2)
    await look_after(house.desk, house.ref, {}, {speaker})
    assert await state(house, speaker) is SpeakerState.CHECKED_IN


async def test_who_is_called_and_not_connected_yet_is_not_lost(house: House) -> None:
    await house.live()
    registered, _ = await house.waiting()
    speaker = registered.registration_id
    await house.do("speaker.call", registration_id=speaker)
    for _ in range(3):
        await look_after(house.desk, house.ref, {}, {speaker})
        house.clock.advance(minutes=2)
    assert await state(house, speaker) is SpeakerState.CALLED
    await look_after(house.desk, house.ref, {speaker: False}, {speaker})
    house.clock.advance(minutes=2)
    # A studio that was restarted knows nobody: the minutes go on all the same.
    await look_after(house.desk, house.ref, {}, set())
    assert await state(house, speaker) is SpeakerState.NO_SHOW


async def test_an_officer_who_was_quicker_decides(house: House) -> None:
    speaker = await on_air(house)
    await look_after(house.desk, house.ref, {speaker: False}, set())
    await house.do("speaker.finish", registration_id=speaker)
    house.clock.advance(minutes=3)
    await look_after(house.desk, house.ref, {}, set())
    assert await state(house, speaker) is SpeakerState.DONE
    assert house.desk.room(house.ref).lost == {}


async def test_a_studio_that_is_away_does_not_keep_a_place_for_ever(house: House) -> None:
    speaker = await on_air(house)
    await look_after(house.desk, house.ref, {speaker: False}, set())
    house.clock.advance(minutes=2)
    house.studio.broken = {"set_on_air", "close_speaker"}
    await look_after(house.desk, house.ref, {}, set())
    assert await state(house, speaker) is SpeakerState.NO_SHOW

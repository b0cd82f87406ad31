"""An interpreter at a real studio, by WebRTC: what they hear, and what is made of what they say."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from media.access_unit import Track
from media.bus import subscribe
from media.control.channel import ControlClient
from media.control.command import Refused
from media.control.feeds import CloseSpeaker, OpenFeed, OpenSpeaker
from media.control.picture import SetOnAir
from media.control.studio import GateState, GetStatus, LevelsMeasured
from media.formats.cmaf import AAC_STEREO_48K
from media.sources.ice import listen_on
from tests.media.studio.house import House
from tests.media.studio.listening import band_dbfs, peak_dbfs
from tests.media.studio.publisher import Colour, Publisher, Tone

GREEN, PINK = (120, 60, 70), (160, 120, 190)
FLOOR, INTERPRETER = 440, 880


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    listen_on("127.0.0.1")
    house = House(tmp_path, language="cy")
    await house.start()
    yield house
    assert await house.stop() == 0


async def chamber(house: House) -> Publisher:
    publisher = Publisher(Colour(GREEN), Tone(FLOOR))
    answer = await house.client.call(
        OpenFeed(source="chamber", sdp=await publisher.offer(), label="Chamber encoder")
    )
    await publisher.accept(answer.sdp)
    return publisher


async def interpreter(house: House) -> Publisher:
    publisher = Publisher(Tone(INTERPRETER), Colour(PINK, 320, 240))
    answer = await house.client.call(
        OpenSpeaker(speaker="i1", label="Gwen", sdp=await publisher.offer(), role="interpreter")
    )
    await publisher.accept(answer.sdp)
    return publisher


async def listen(house: House, tracks: tuple[Track, ...], seconds: float) -> dict[Track, NDArray[np.float32]]:
    """The next seconds of each track, decoded, left channel."""
    bus = subscribe(house.bus)
    decoders = {track: _decoder(track) for track in tracks}
    heard: dict[Track, list[NDArray[np.float32]]] = {track: [] for track in tracks}
    async with asyncio.timeout(15):
        async for unit in bus:
            decoder = decoders.get(unit.track)
            if decoder is None:
                continue
            assert isinstance(decoder, av.AudioCodecContext)
            for frame in decoder.decode(av.Packet(unit.data)):
                samples = frame.to_ndarray()
                planar = frame.format.is_planar
                left = samples[0] if planar else samples.reshape(-1, 2)[:, 0]
                scale = 32768 if frame.format.name.startswith("s16") else 1
                heard[unit.track].append((left / scale).astype(np.float32))
            if all(sum(map(len, parts)) >= seconds * 48_000 for parts in heard.values()):
                break
    await bus.close()
    return {track: np.concatenate(parts) for track, parts in heard.items()}


def _decoder(track: Track) -> av.CodecContext:
    if track.value.startswith("opus"):
        return av.CodecContext.create("libopus", "r")
    decoder = av.CodecContext.create("aac", "r")
    decoder.extradata = AAC_STEREO_48K
    return decoder


async def seen_tracks(house: House, units: int = 300) -> set[Track]:
    bus, seen = subscribe(house.bus), set()
    async with asyncio.timeout(15):
        async for unit in bus:
            seen.add(unit.track)
            units -= 1
            if not units:
                break
    await bus.close()
    return seen


async def test_both_languages_are_on_the_programme_and_the_interpreter_is_in_one_only(house: House) -> None:
    publisher = await chamber(house)
    await house.gate(GateState.OPEN)
    assert await seen_tracks(house) == {Track.VIDEO_720, Track.OPUS, Track.AAC}
    assert (await house.client.call(GetStatus())).languages == []

    gwen = await interpreter(house)
    await gwen.until_heard(1.0, lambda: band_dbfs(gwen.heard(1.0), FLOOR) > -35)
    assert band_dbfs(gwen.heard(1.0), INTERPRETER) < band_dbfs(gwen.heard(1.0), FLOOR) - 30
    status = await house.client.call(GetStatus())
    assert status.languages == ["cy"]
    assert ("i1", "interpreter") in {(feed.source, feed.kind) for feed in status.feeds}

    every = (Track.OPUS, Track.AAC, Track.OPUS_INTERPRETED, Track.AAC_INTERPRETED)
    heard = {track: sound[-48_000:] for track, sound in (await listen(house, every, 3.0)).items()}
    for track in (Track.OPUS, Track.AAC):
        assert band_dbfs(heard[track], FLOOR) > -30
        assert band_dbfs(heard[track], INTERPRETER) < -60
    for track in (Track.OPUS_INTERPRETED, Track.AAC_INTERPRETED):
        assert band_dbfs(heard[track], INTERPRETER) > -30
        assert band_dbfs(heard[track], FLOOR) < band_dbfs(heard[track], INTERPRETER) - 10

    with pytest.raises(Refused, match="not connected"):
        await house.client.call(SetOnAir(speakers=["i1"]))

    await house.client.call(CloseSpeaker(speaker="i1"))
    await listen(house, (Track.OPUS_INTERPRETED,), 3.0)
    alone = (await listen(house, (Track.OPUS_INTERPRETED,), 1.0))[Track.OPUS_INTERPRETED]
    assert band_dbfs(alone[-24_000:], FLOOR) > -30
    assert band_dbfs(alone[-24_000:], INTERPRETER) < -60
    for one in (publisher, gwen):
        await one.close()


async def test_the_gate_holds_for_the_interpreted_sound_and_for_the_interpreters_return(house: House) -> None:
    publisher, gwen = await chamber(house), await interpreter(house)
    await house.gate(GateState.OPEN)
    await gwen.until_heard(1.0, lambda: band_dbfs(gwen.heard(1.0), FLOOR) > -35)
    await house.gate(GateState.PRIVATE)
    gwen.forget_heard()
    sound = await listen(house, (Track.OPUS_INTERPRETED, Track.AAC_INTERPRETED), 4.0)
    assert all(peak_dbfs(one[-96_000:]) < -70 for one in sound.values())
    await gwen.until_heard(1.0, lambda: peak_dbfs(gwen.heard(0.5)) < -60)
    for one in (publisher, gwen):
        await one.close()


async def test_without_an_interpreted_language_there_is_no_interpreter(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    house = House(tmp_path / "plain")
    await house.start()
    with pytest.raises(Refused, match="no interpreted language") as refusal:
        await house.client.call(OpenSpeaker(speaker="i1", label="", sdp="v=0", role="interpreter"))
    assert refusal.value.code == "no_language"
    assert await house.stop() == 0


async def test_levels_come_ten_times_a_second_for_every_source(house: House) -> None:
    publisher, gwen = await chamber(house), await interpreter(house)
    await gwen.until_heard(0.5)
    client = ControlClient(house.config.control_socket, (LevelsMeasured,))
    await client.connect()
    told: list[LevelsMeasured] = []
    async with asyncio.timeout(10):
        async for event in client.events():
            assert isinstance(event, LevelsMeasured)
            told.append(event)
            if len(told) == 21:
                break
    stamps = [event.seconds for event in told]
    assert [round(after - before, 2) for before, after in pairwise(stamps)] == [0.1] * 20
    sources = {level.source: level for level in told[-1].sources}
    assert sources["chamber"].peak == pytest.approx(-14, abs=0.5)
    assert sources["chamber"].rms == pytest.approx(-17, abs=0.5)
    assert sources["i1"].peak == pytest.approx(-14, abs=0.5)
    assert told[-1].interpreted is not None
    await client.close()
    for one in (publisher, gwen):
        await one.close()

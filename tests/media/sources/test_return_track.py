import av
import numpy as np
import pytest
from aiortc.mediastreams import MediaStreamError

from media.sources.return_track import MOST_WAITING, ReturnTrack
from media.sources.sound import RATE, Sound
from tests.media.studio.listening import tone_dbfs

BLOCK = 960


def tone(hertz: float, blocks: int, peak: tuple[float, float] = (0.2, 0.2)) -> list[Sound]:
    wave = np.sin(2 * np.pi * hertz * np.arange(blocks * BLOCK) / RATE)[:, None] * np.array(peak)
    return [wave[begin : begin + BLOCK].astype(np.float32) for begin in range(0, len(wave), BLOCK)]


class Ear:
    """Decodes what a browser would get."""

    def __init__(self) -> None:
        self._decoder = av.CodecContext.create("libopus", "r")
        self._decoder.sample_rate, self._decoder.format, self._decoder.layout = RATE, "s16", "stereo"

    async def hear(self, track: ReturnTrack, blocks: list[Sound]) -> Sound:
        heard = []
        for number, block in enumerate(blocks):
            track.offer(block)
            packet = await track.recv()
            assert isinstance(packet, av.Packet)
            assert packet.time_base is not None
            heard += [frame.to_ndarray().reshape(-1, 2) for frame in self._decoder.decode(packet)]
            assert number == 0 or packet.size < 400
        return np.concatenate(heard).astype(np.float32) * np.float32(1 / 32768)


async def test_a_speaker_hears_both_channels_as_loud_as_they_are() -> None:
    track = ReturnTrack(encoded=True)
    left, right = tone(1000, 50, (0.2, 0.0)), tone(1700, 50, (0.0, 0.2))
    heard = await Ear().hear(track, [one + other for one, other in zip(left, right, strict=True)])
    for channel in range(2):
        for hertz in (1000, 1700):
            assert tone_dbfs(heard[-24_000:, channel], hertz) == pytest.approx(-20, abs=1)


async def test_packets_follow_each_other_without_a_gap() -> None:
    track = ReturnTrack(encoded=True)
    stamps = []
    for block in tone(440, 10):
        track.offer(block)
        packet = await track.recv()
        stamps.append(packet.pts)
    assert stamps == [number * BLOCK for number in range(10)]


async def test_nothing_of_what_was_forgotten_is_heard() -> None:
    track, ear = ReturnTrack(encoded=True), Ear()
    await ear.hear(track, tone(1000, 20, (0.8, 0.8)))
    for block in tone(1000, 3):
        track.offer(block)
    track.clear()
    heard = await Ear().hear(track, tone(1000, 20, (0.0, 0.0)))
    assert np.abs(heard).max() < 1e-4


async def test_who_cannot_take_opus_gets_samples() -> None:
    track = ReturnTrack()
    (block,) = tone(1000, 1)
    track.offer(block)
    frame = await track.recv()
    assert isinstance(frame, av.AudioFrame)
    assert (frame.format.name, frame.layout.name, frame.samples) == ("s16", "stereo", BLOCK)


async def test_the_oldest_gives_way_and_the_end_lets_go() -> None:
    track = ReturnTrack()
    for block in tone(1000, MOST_WAITING + 3):
        track.offer(block)
    for _ in range(MOST_WAITING):
        await track.recv()
    track.stop()
    with pytest.raises(MediaStreamError):
        await track.recv()

"""A live programme for the relay: pictures of one colour and a tone, really encoded, in real time."""

import asyncio
from collections.abc import Iterator
from fractions import Fraction
from itertools import count

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from media.access_unit import AccessUnit, Track
from media.bus import BusAddress, Publisher, open_publisher

EPOCH_MS = 1_790_000_000_000
RATE = 25
TONE_HZ = 880.0
INTERPRETER_HZ = 1760.0

Rgb = tuple[int, int, int]
RED: Rgb = (200, 30, 30)
BLUE: Rgb = (30, 30, 200)
GREEN: Rgb = (30, 200, 30)
"""The small rendition; not the same programme here, so that it is seen when it is sent by mistake."""
SMALL = (160, 90)


class Encoder:
    """Makes the units of one studio start, second by second."""

    def __init__(
        self,
        colour: Rgb,
        session: int,
        start: int = 0,
        size: tuple[int, int] = (640, 360),
        interpreter_comes: int | None = None,
        *,
        small: bool = True,
    ) -> None:
        self._colour = colour
        self._session = session
        self._start = start
        self._size = size
        self._pictures = count()
        self._sounds = count()
        self._video = _x264(size)
        self._small = _x264(SMALL) if small else None
        self._audio = _opus()
        self._comes = interpreter_comes
        self._interpreter = _opus()

    def second(self) -> list[tuple[float, AccessUnit]]:
        """(Seconds since the start, unit) of the next second, in order. Begins with a key picture."""
        units = [*self._second_of_pictures(), *self._second_of_sound()]
        return sorted(units, key=lambda timed: timed[0])

    def _second_of_pictures(self) -> Iterator[tuple[float, AccessUnit]]:
        for number in [next(self._pictures) for _ in range(RATE)]:
            pts = (self._start * RATE + number) * 90_000 // RATE
            for unit in self._beside(self._small, number, pts) if self._small else ():
                yield number / RATE, unit
            frame = VideoFrame.from_ndarray(self._picture(number), format="rgb24")
            frame.pts = number
            for packet in self._video.encode(frame):
                key = packet.is_keyframe
                yield number / RATE, self._unit(Track.VIDEO_720, number, pts, 3600, bytes(packet), key=key)

    def _beside(self, encoder: VideoCodecContext, number: int, pts: int) -> Iterator[AccessUnit]:
        frame = VideoFrame.from_ndarray(np.full((SMALL[1], SMALL[0], 3), GREEN, np.uint8), format="rgb24")
        frame.pts = number
        for packet in encoder.encode(frame):
            yield self._unit(Track.VIDEO_360, number, pts, 3600, bytes(packet), key=packet.is_keyframe)

    def _picture(self, number: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        """The colour, with a noisy strip on top so that pictures take several packets and each differs."""
        picture = np.empty((self._size[1], self._size[0], 3), np.uint8)
        picture[:] = self._colour
        noise = np.random.default_rng(number).integers(0, 255, (64, self._size[0], 3), np.uint8)
        picture[:64] = noise
        return picture

    def _second_of_sound(self) -> Iterator[tuple[float, AccessUnit]]:
        for number in [next(self._sounds) for _ in range(50)]:
            pts = (self._start * 50 + number) * 960
            if self._comes is not None and number >= self._comes * 50:
                for packet in self._interpreter.encode(_tone(INTERPRETER_HZ, number)):
                    yield (
                        number / 50,
                        self._unit(Track.OPUS_INTERPRETED, number, pts, 960, bytes(packet), key=True),
                    )
            for packet in self._audio.encode(_tone(TONE_HZ, number)):
                yield number / 50, self._unit(Track.OPUS, number, pts, 960, bytes(packet), key=True)

    def _unit(
        self, track: Track, number: int, pts: int, duration: int, data: bytes, *, key: bool
    ) -> AccessUnit:
        return AccessUnit(track, self._session, number, EPOCH_MS, pts, duration, key, data)


class Feed:
    """Publishes an encoder's units at their time until ``close``."""

    def __init__(self, publisher: Publisher, encoder: Encoder) -> None:
        self._publisher = publisher
        self._encoder = encoder
        self._task = asyncio.create_task(self._run())

    @classmethod
    async def open(cls, address: BusAddress, encoder: Encoder) -> "Feed":
        """Begin to publish at the address."""
        return cls(await open_publisher(address), encoder)

    async def close(self) -> None:
        """Stop, as a studio that ends."""
        self._task.cancel()
        await asyncio.wait([self._task])
        await self._publisher.close()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            for due, unit in self._encoder.second():
                await asyncio.sleep(max(0.0, began + due - loop.time()))
                self._publisher.publish(unit)


def _tone(hertz: float, number: int) -> AudioFrame:
    times = (np.arange(960) + number * 960) / 48_000
    wave = (8000 * np.sin(2 * np.pi * hertz * times)).astype(np.int16)
    frame = AudioFrame.from_ndarray(np.repeat(wave, 2)[None, :], format="s16", layout="stereo")
    frame.sample_rate, frame.pts = 48_000, number * 960
    return frame


def _x264(size: tuple[int, int]) -> VideoCodecContext:
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.width, encoder.height = size
    encoder.pix_fmt = "yuv420p"
    encoder.framerate = Fraction(RATE)
    encoder.time_base = Fraction(1, RATE)
    encoder.options = {
        "tune": "zerolatency",
        "preset": "ultrafast",
        "profile": "baseline",
        "level": "3.1",
        "crf": "30",
        "x264-params": f"keyint={RATE}:scenecut=0:repeat-headers=1:annexb=1:sliced-threads=0:threads=1:aud=1",
    }
    return encoder


def _opus() -> AudioCodecContext:
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, AudioCodecContext)
    encoder.sample_rate = 48_000
    encoder.layout = "stereo"
    encoder.format = "s16"
    encoder.bit_rate = 64_000
    return encoder

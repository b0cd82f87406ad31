"""A reader of the bus that decodes everything, as the public would."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

from media.access_unit import AccessUnit, Track
from media.bus import BusAddress, Subscription, subscribe
from media.programme.picture import planes

_BLACK = 24
"""Luma up to which a pixel is black."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A decoded picture: the colour of its middle and of a corner, as Y, U and V."""

    unit: AccessUnit
    middle: tuple[int, int, int]
    corner: tuple[int, int, int]
    frame: av.VideoFrame

    def colour_at(self, x: int, y: int) -> tuple[int, int, int]:
        """The colour about a point of 1280×720."""
        return _colour(self.frame, x, y)

    @property
    def extent(self) -> tuple[int, int]:
        """How wide and high what is in the middle of a black canvas is: pixels that are not black."""
        luma = planes(self.frame)[0]
        return int(np.count_nonzero(luma[360] > _BLACK)), int(np.count_nonzero(luma[:, 640] > _BLACK))


@dataclass(frozen=True, slots=True)
class Heard:
    """Decoded sound, float of shape (samples,), left channel."""

    unit: AccessUnit
    samples: NDArray[np.float32]


class Viewer:
    """``async for`` decoded pictures and sound; begins at a key picture."""

    def __init__(self, address: BusAddress) -> None:
        self._bus: Subscription = subscribe(address)
        self._session: int | None = None
        self._decoders: dict[Track, av.CodecContext] = {}

    async def watch(self) -> AsyncIterator[Seen | Heard]:
        async for unit in self._bus:
            if unit.session != self._session:
                self._session = unit.session
                self._decoders = {
                    Track.VIDEO_720: av.CodecContext.create("h264", "r"),
                    Track.OPUS: av.CodecContext.create("libopus", "r"),
                }
            for item in self._decode(unit):
                yield item

    async def until(self, good: Callable[[Seen | Heard], bool], seconds: float = 30.0) -> Seen | Heard:
        """The first thing seen or heard that is ``good``."""
        async with asyncio.timeout(seconds):
            async for item in self.watch():
                if good(item):
                    return item
        raise AssertionError("the bus ended")

    async def close(self) -> None:
        await self._bus.close()

    def _decode(self, unit: AccessUnit) -> list[Seen | Heard]:
        decoder = self._decoders.get(unit.track)
        if decoder is None:
            return []
        packet = av.Packet(unit.data)
        packet.pts = unit.pts
        packet.time_base = Fraction(1, unit.track.clock_rate)
        if isinstance(decoder, av.VideoCodecContext):
            return [_see(unit, frame) for frame in decoder.decode(packet)]
        assert isinstance(decoder, av.AudioCodecContext)
        return [_hear(unit, frame) for frame in decoder.decode(packet)]


def near(colour: tuple[int, int, int], wanted: tuple[int, int, int], tolerance: int = 8) -> bool:
    """Whether two colours look alike."""
    return all(abs(a - b) <= tolerance for a, b in zip(colour, wanted, strict=True))


def _see(unit: AccessUnit, frame: av.VideoFrame) -> Seen:
    return Seen(unit, _colour(frame, 640, 360), _colour(frame, 40, 40), frame)


def _colour(frame: av.VideoFrame, x: int, y: int) -> tuple[int, int, int]:
    luma, u, v = planes(frame)
    return (
        round(float(luma[y - 8 : y + 8, x - 8 : x + 8].mean())),
        round(float(u[y // 2 - 4 : y // 2 + 4, x // 2 - 4 : x // 2 + 4].mean())),
        round(float(v[y // 2 - 4 : y // 2 + 4, x // 2 - 4 : x // 2 + 4].mean())),
    )


def _hear(unit: AccessUnit, frame: av.AudioFrame) -> Heard:
    samples = frame.to_ndarray()
    if frame.format.is_planar:
        return Heard(unit, samples[0].astype(np.float32))
    scale = np.float32(32768 if frame.format.name == "s16" else 1)
    return Heard(unit, (samples.reshape(-1, 2)[:, 0] / scale).astype(np.float32))

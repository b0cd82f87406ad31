"""Moving pictures and sound, encoded as a browser would, for publishers that cost little."""

import asyncio
import fractions

import av
import numpy as np
from aiortc import MediaStreamTrack
from av.video.frame import PictureType

from media.programme.picture import copy, planes
from media.sources.sound import RATE as RATE_OF_SOUND
from media.sources.sound import Sound
from media.sources.test_card import draw
from tests.media.programme.speech import speech
from tests.media.programme.speech import tone as sine

RATE = 25
VIDEO_CLOCK = 90_000
BLOCK = 960
SECONDS = 4
"""After which a scene begins again."""


def scene(width: int, height: int, bits: int, seed: int = 0) -> list[bytes]:
    """Four seconds of H.264 access units: a test card that pans, with noise as cameras have it."""
    background = draw(0.0, 0).reformat(width=width, height=height)
    noise = np.random.default_rng(seed).integers(-3, 4, (height, width), dtype=np.int16)
    context = av.CodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.time_base = fractions.Fraction(1, VIDEO_CLOCK)
    context.framerate = fractions.Fraction(RATE)
    context.bit_rate = bits
    context.options = {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "profile": "baseline",
        "x264-params": "keyint=infinite:scenecut=0:sliced-threads=0:threads=1:repeat-headers=1",
    }
    units = []
    for number in range(SECONDS * RATE):
        frame = copy(background)
        shift = abs(number - SECONDS * RATE // 2) * 2
        luma, *chroma = planes(frame)
        panned = np.roll(luma, shift, axis=1).astype(np.int16) + np.roll(noise, number * 7, axis=0)
        luma[:] = np.clip(panned, 16, 235)
        for plane in chroma:
            plane[:] = np.roll(plane, shift // 2, axis=1)
        frame.pts, frame.time_base = number * VIDEO_CLOCK // RATE, fractions.Fraction(1, VIDEO_CLOCK)
        frame.pict_type = PictureType.NONE if number % RATE else PictureType.I
        units += [bytes(packet) for packet in context.encode(frame)]
    return units


def voice(seed: int) -> list[bytes]:
    """Four seconds of somebody who speaks, as Opus packets of 20 ms."""
    return _packets(speech(SECONDS, -23.0, seed))


def tone(hertz: float) -> list[bytes]:
    """A second of a sine, as Opus packets of 20 ms."""
    return _packets(sine(1, hertz, 0.12))


def _packets(sound: Sound) -> list[bytes]:
    context = av.CodecContext.create("libopus", "w")
    context.sample_rate, context.format, context.layout = RATE_OF_SOUND, "flt", "stereo"
    context.bit_rate = 48_000
    packets = []
    for position in range(0, len(sound) - BLOCK + 1, BLOCK):
        block = np.ascontiguousarray(sound[position : position + BLOCK]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(block, "flt", "stereo")
        frame.sample_rate, frame.pts = RATE_OF_SOUND, position
        frame.time_base = fractions.Fraction(1, RATE_OF_SOUND)
        packets += [bytes(packet) for packet in context.encode(frame)]
    return packets


class Loop(MediaStreamTrack):
    """Encoded units in real time, for ever."""

    def __init__(self, kind: str, units: list[bytes], rate: int, clock: int) -> None:
        self.kind = kind
        super().__init__()
        self._units = units
        self._rate = rate
        self._clock = clock
        self._number = 0
        self._begin = asyncio.get_running_loop().time()

    async def recv(self) -> "av.Packet[av.stream.Stream]":
        due = self._begin + self._number / self._rate
        await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
        packet = av.Packet(self._units[self._number % len(self._units)])
        packet.pts = self._number * self._clock // self._rate
        packet.time_base = fractions.Fraction(1, self._clock)
        self._number += 1
        return packet

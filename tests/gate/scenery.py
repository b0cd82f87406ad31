"""What sources send, encoded once. Every picture is a key picture; a second of sound fits on to itself."""

from fractions import Fraction
from functools import cache

import av
import numpy as np

from media.programme.picture import blank
from tests.gate.marks import COLOURS, RATE, TONES, Mark

WIDTH, HEIGHT = 320, 180
BLOCK = 960
LOUDNESS = 0.15
"""Of full scale."""


@cache
def picture(mark: Mark) -> bytes:
    """An H.264 key picture in the mark's colour, with its parameter sets."""
    context = av.CodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    context.time_base, context.framerate = Fraction(1, 25), Fraction(25)
    context.options = {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "profile": "baseline",
        "x264-params": "keyint=1:sliced-threads=0:threads=1:repeat-headers=1",
    }
    frame = blank(WIDTH, HEIGHT, COLOURS[mark])
    frame.pts = 0
    return b"".join(bytes(packet) for packet in context.encode(frame))


@cache
def tone(mark: Mark) -> tuple[bytes, ...]:
    """A second of the mark's tone as Opus packets of 20 ms."""
    context = av.CodecContext.create("libopus", "w")
    context.sample_rate, context.format, context.layout = RATE, "s16", "stereo"
    context.bit_rate = 64_000
    packets = []
    for number in range(RATE // BLOCK):
        at = np.arange(number * BLOCK, (number + 1) * BLOCK)
        wave = (LOUDNESS * 32767 * np.sin(2 * np.pi * TONES[mark] * at / RATE)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(np.repeat(wave, 2).reshape(1, -1), "s16", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, number * BLOCK, Fraction(1, RATE)
        packets += [bytes(packet) for packet in context.encode(frame)]
    return tuple(packets)

"""Marks: the colours and tones by which a search tells what came from where, and what is private.

Colours are told apart by chroma alone (U and V of 4:2:0), which neither brightness nor scaling changes.
"""

import io
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from media.programme.picture import planes

RATE = 48_000
SECRET = "XYZZY-what-was-said-in-private"
"""Given as reason of private sessions; as a name in the picture and a captioner's line while there is one."""
PUBLIC_LINE = "What was said in public, as text."
Yuv = tuple[int, int, int]
Sound = NDArray[np.float64]


class Mark(StrEnum):
    """What a piece of media shows or sounds of. Nothing but the sources of the test has any of these."""

    ROOM = "the room"
    """Chamber and speakers while the meeting is public."""
    PAGE = "a presentation"
    """Pages and shared screens that the public may see."""
    SIGNER = "the signer"
    INTERPRETER = "the interpreter"
    ENCODER = "the chamber's encoder"
    """The room, where the chamber comes by RTMP."""
    PRIVATE = "private"
    """What any source at all shows and sounds of while the public are excluded."""


Marks = frozenset[Mark]
NOTHING: Marks = frozenset()

COLOURS: Mapping[Mark, Yuv] = {
    Mark.ROOM: (120, 62, 74),
    Mark.PAGE: (90, 190, 90),
    Mark.SIGNER: (115, 80, 190),
    Mark.ENCODER: (186, 30, 130),
    Mark.PRIVATE: (110, 196, 196),
}
TONES: Mapping[Mark, int] = {Mark.ROOM: 1000, Mark.INTERPRETER: 1600, Mark.ENCODER: 4000, Mark.PRIVATE: 2700}
"""Hertz: whole turns in 20 ms, and the private one far from every product of the others."""

TOLERANCE = 26
"""Per chroma channel: BT.601 read as BT.709, and low rates."""
STEP = 4
"""Every fourth chroma sample of every fourth row is looked at: 8 by 8 pixels of the picture."""
LEAST_SAMPLES = 8
HEARD_DBFS = -42.0
BESIDE_HERTZ, CLEAR_DB = 500, 6.0
"""A tone stands out by so much from what is beside it. A click, such as a decoder makes that missed what came
before, has all frequencies alike."""


def look(frame: av.VideoFrame) -> Marks:
    """The marks in a decoded 4:2:0 picture."""
    _, u, v = planes(frame)
    found = np.bincount(_classes()[u[::STEP, ::STEP], v[::STEP, ::STEP]].ravel(), minlength=len(Mark) + 1)
    return frozenset(mark for number, mark in enumerate(COLOURS, 1) if found[number] >= LEAST_SAMPLES)


def listen(sound: Sound) -> Marks:
    """The marks in mono sound at 48 kHz."""
    return frozenset(mark for mark, hertz in TONES.items() if _sounds(sound, hertz))


def _sounds(sound: Sound, hertz: int) -> bool:
    loud = level(sound, hertz)
    if loud <= HEARD_DBFS:
        return False
    beside = max(level(sound, hertz - BESIDE_HERTZ), level(sound, hertz + BESIDE_HERTZ))
    return loud > beside + CLEAR_DB


def level(sound: Sound, hertz: int) -> float:
    """The level of one tone, dB below full scale; -200 for nothing."""
    if len(sound) < 240:
        return -200.0
    return float(20 * np.log10(abs(np.dot(sound, _probe(len(sound), hertz))) + 1e-10))


def mono(frame: av.AudioFrame) -> Sound:
    """The left channel, full scale 1."""
    samples = frame.to_ndarray()
    left = samples[0] if frame.format.is_planar else samples.reshape(-1, len(frame.layout.channels))[:, 0]
    return left.astype(np.float64) / (32768 if frame.format.name.startswith("s16") else 1)


def look_at_still(jpeg: bytes) -> Marks:
    """The marks in a JPEG."""
    with av.open(io.BytesIO(jpeg), format="jpeg_pipe") as container:
        assert isinstance(container, InputContainer)
        frame = next(container.decode(video=0)).reformat(format="yuv420p")
    return look(frame)


@cache
def _classes() -> NDArray[np.uint8]:
    """For every U and V the number of the mark that has this colour, or 0."""
    u, v = np.meshgrid(np.arange(256), np.arange(256), indexing="ij")
    classes = np.zeros((256, 256), np.uint8)
    for number, (_, blue, red) in enumerate(COLOURS.values(), 1):
        classes[(np.abs(u - blue) <= TOLERANCE) & (np.abs(v - red) <= TOLERANCE)] = number
    return classes


@cache
def _probe(length: int, hertz: int) -> NDArray[np.complex128]:
    window = np.hanning(length)
    turning = np.exp(-2j * np.pi * hertz * np.arange(length) / RATE)
    probe: NDArray[np.complex128] = turning * window * (2 / window.sum())
    return probe

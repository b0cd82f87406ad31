"""Marks that private content carries, and the search for them: a colour and a tone that nothing public has.

Colours are told apart by chroma alone (U and V of 4:2:0), which neither brightness nor scaling changes.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from media.programme.picture import planes

RATE = 48_000
Yuv = tuple[int, int, int]
Sound = NDArray[np.float64]

PUBLIC: Yuv = (120, 62, 74)
PRIVATE: Yuv = (110, 196, 196)
PUBLIC_HZ = 1000.0
PRIVATE_HZ = 2770.0

TOLERANCE = 26
"""Per chroma channel: BT.601 read as BT.709, and low rates."""
STEP = 4
"""Every fourth chroma sample of every fourth row is looked at: 8 by 8 pixels of the picture."""
LEAST_SAMPLES = 8
HEARD_DBFS = -42.0


@dataclass(frozen=True, slots=True)
class Shown:
    """What one piece of media shows or sounds of, at its own time in seconds."""

    seconds: float
    kind: str
    """``picture`` or ``sound``."""
    public: bool
    private: bool


def look(frame: av.VideoFrame) -> tuple[bool, bool]:
    """Whether a decoded picture has the public colour, and whether it has the private one."""
    _, u, v = planes(frame)
    blue, red = u[::STEP, ::STEP].astype(np.int16), v[::STEP, ::STEP].astype(np.int16)
    return _has(blue, red, PUBLIC), _has(blue, red, PRIVATE)


def listen(sound: Sound) -> tuple[bool, bool]:
    """Whether mono sound at 48 kHz has the public tone, and whether it has the private one."""
    return level(sound, PUBLIC_HZ) > HEARD_DBFS, level(sound, PRIVATE_HZ) > HEARD_DBFS


def level(sound: Sound, hz: float) -> float:
    """The level of one tone, dB below full scale; -200 for nothing."""
    if len(sound) < 240:
        return -200.0
    window = np.hanning(len(sound))
    turning = np.exp(-2j * np.pi * hz * np.arange(len(sound)) / RATE)
    return float(20 * np.log10(2 * abs(np.sum(sound * window * turning)) / window.sum() + 1e-10))


def mono(frame: av.AudioFrame) -> Sound:
    """The left channel, full scale 1."""
    samples = frame.to_ndarray()
    left = samples[0] if frame.format.is_planar else samples.reshape(-1, len(frame.layout.channels))[:, 0]
    return left.astype(np.float64) / (32768 if frame.format.name.startswith("s16") else 1)


def search(media: bytes) -> Iterator[Shown]:
    """Everything in an MP4, initialisation first. What a crash tore at its end is looked at up to there."""
    with av.open(io.BytesIO(media), format="mp4") as container:
        assert isinstance(container, InputContainer)
        streams = [*container.streams.video, *container.streams.audio]
        try:
            for packet in container.demux(streams):
                for frame in packet.decode():
                    if isinstance(frame, av.VideoFrame):
                        yield Shown(frame.time or 0.0, "picture", *look(frame))
                    elif isinstance(frame, av.AudioFrame):
                        yield Shown(frame.time or 0.0, "sound", *listen(mono(frame)))
        except av.error.InvalidDataError:
            return


def search_still(jpeg: bytes) -> tuple[bool, bool]:
    """The same for a JPEG."""
    with av.open(io.BytesIO(jpeg), format="jpeg_pipe") as container:
        assert isinstance(container, InputContainer)
        frame = next(container.decode(video=0)).reformat(format="yuv420p")
    return look(frame)


def _has(u: NDArray[np.int16], v: NDArray[np.int16], colour: Yuv) -> bool:
    near = (np.abs(u - colour[1]) <= TOLERANCE) & (np.abs(v - colour[2]) <= TOLERANCE)
    return int(near.sum()) >= LEAST_SAMPLES

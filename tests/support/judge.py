"""What the public really see and hear: colours of decoded pictures and tones of decoded sound.

Every source of a test has its own colour and its own tone: a picture tells who is in it, any output can be
searched for what must not be there. Colours are 8-bit RGB, regions are fractions of the picture
``(left, top, right, bottom)``, levels are dBFS of a sine (0 is full scale), sound is mono float at 48 kHz.
"""

import base64
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import cast

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from numpy.typing import NDArray

RATE = 48_000
WIDTH, HEIGHT = 64, 36
"""Pictures are judged at this size: a region's mean survives, compression noise does not."""
TOLERANCE = 48
"""Per channel. Wide enough for BT.601 read as BT.709 and low rates; sources lie further apart."""
CLOCK_BITS = 12
CLOCK_CELLS = 16
"""Of the top of the picture, from the left; the first ``CLOCK_BITS`` are the clock, highest bit first."""
CLOCK_TICK = 0.1
CLOCK_TURN = (1 << CLOCK_BITS) * CLOCK_TICK
"""Seconds after which it begins again."""
MOST_STRETCHES = 500
"""Looked at together, for the memory's sake."""
HEARD = -40.0
SILENT = -60.0

Rgb = tuple[int, int, int]
Region = tuple[float, float, float, float]
Sound = NDArray[np.float32]
Pixels = NDArray[np.uint8]

WHOLE: Region = (0.0, 0.0, 1.0, 1.0)
MIDDLE: Region = (0.4, 0.3, 0.6, 0.6)
LEFT: Region = (0.2, 0.4, 0.3, 0.6)
RIGHT: Region = (0.7, 0.4, 0.8, 0.6)


@dataclass(frozen=True)
class Signature:
    """What tells a source from all others."""

    name: str
    colour: Rgb
    hz: float


CHAMBER = Signature("chamber", (24, 88, 200), 440.0)
RESIDENT = Signature("resident", (216, 128, 16), 1000.0)
PRIVATE = Signature("private", (208, 16, 168), 2770.0)
SECOND = Signature("second encoder", (24, 168, 64), 1650.0)


@dataclass(frozen=True)
class Picture:
    """One decoded picture at its time in seconds."""

    seconds: float
    pixels: Pixels
    """Rows, columns, RGB."""

    def mean(self, region: Region = MIDDLE) -> Rgb:
        """The mean colour of a region."""
        rows, columns = self.pixels.shape[:2]
        left, top, right, bottom = region
        part = self.pixels[int(top * rows) : int(bottom * rows), int(left * columns) : int(right * columns)]
        red, green, blue = part.reshape(-1, 3).mean(axis=0)
        return round(float(red)), round(float(green)), round(float(blue))

    def shows(self, colour: Rgb, region: Region = MIDDLE, tolerance: int = TOLERANCE) -> bool:
        """Whether a region's mean is that colour."""
        return near(self.mean(region), colour, tolerance)

    def contains(self, colour: Rgb, tolerance: int = TOLERANCE, share: float = 0.002) -> bool:
        """Whether more than a ``share`` of all pixels have that colour."""
        return self.share(colour, tolerance) > share

    def share(self, colour: Rgb, tolerance: int = TOLERANCE) -> float:
        """How much of the picture has that colour, 0 to 1."""
        off = np.abs(self.pixels.astype(np.int16) - np.array(colour, np.int16)).max(axis=2)
        return float((off <= tolerance).mean())

    def clock(self) -> float:
        """Seconds that the sender's clock shows: squares along the top, white for 1 (``Feed`` draws them)."""
        width = 1 / CLOCK_CELLS
        cells = [
            self.mean((at * width + 0.02, 0.02, (at + 1) * width - 0.02, 0.06)) for at in range(CLOCK_BITS)
        ]
        ticks = sum(1 << (CLOCK_BITS - 1 - at) for at, cell in enumerate(cells) if sum(cell) > 3 * 128)
        return ticks * CLOCK_TICK


def near(seen: Rgb, wanted: Rgb, tolerance: int = TOLERANCE) -> bool:
    """Whether two colours are the same but for compression."""
    return all(abs(a - b) <= tolerance for a, b in zip(seen, wanted, strict=True))


def find_colour(pictures: Iterable[Picture], colour: Rgb, tolerance: int = TOLERANCE) -> list[float]:
    """Times of all pictures in which the colour occurs anywhere."""
    return [picture.seconds for picture in pictures if picture.contains(colour, tolerance)]


def tone_level(sound: Sound, hz: float) -> float:
    """Level of one tone in all of ``sound``."""
    if not sound.size:
        return -200.0
    return float(20 * np.log10(abs(sound @ _kernel(sound.size, hz)) + 1e-10))


def loudest(sound: Sound, hz: float, seconds: float = 0.1) -> float:
    """The highest level a tone has in any stretch of ``seconds``: finds bursts that the whole would hide."""
    size = int(seconds * RATE)
    if sound.size < size:
        return tone_level(sound, hz)
    stretches = np.lib.stride_tricks.sliding_window_view(sound, size)[:: size // 2]
    kernel = _kernel(size, hz)
    parts = range(0, len(stretches), MOST_STRETCHES)
    amplitude = max(float(np.abs(stretches[at : at + MOST_STRETCHES] @ kernel).max()) for at in parts)
    return float(20 * np.log10(amplitude + 1e-10))


@cache
def _kernel(size: int, hz: float) -> NDArray[np.complex64]:
    window = np.hanning(size)
    turning = np.exp(-2j * np.pi * hz * np.arange(size) / RATE)
    kernel: NDArray[np.complex64] = (2 * window * turning / window.sum()).astype(np.complex64)
    return kernel


def peak(sound: Sound) -> float:
    """The highest sample of all, in dBFS."""
    return float(20 * np.log10(np.abs(sound).max(initial=0.0) + 1e-10))


def pictures(media: bytes) -> Iterator[Picture]:
    """Decode all pictures of an MP4, MPEG-TS or fragmented MP4 (init segment first)."""
    with _opened(media) as container:
        if not container.streams.video:
            return
        container.streams.video[0].thread_type = "AUTO"
        for frame in container.decode(video=0):
            yield Picture(frame.time or 0.0, _small(frame))


def still(jpeg: bytes) -> Picture:
    """Decode one JPEG."""
    with _opened(jpeg, "jpeg_pipe") as container:
        return Picture(0.0, _small(next(container.decode(video=0))))


def sound(media: bytes) -> Sound:
    """Decode all sound of the first audio track."""
    with _opened(media) as container:
        if not container.streams.audio:
            return np.zeros(0, np.float32)
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        frames = [*container.decode(audio=0), None]
        heard = [part.to_ndarray().ravel() for frame in frames for part in resampler.resample(frame)]
        return np.concatenate(heard).astype(np.float32) if heard else np.zeros(0, np.float32)


def _opened(media: bytes, format: str | None = None) -> InputContainer:  # noqa: A002 - PyAV's own name
    return cast("InputContainer", av.open(io.BytesIO(media), format=format))


def _small(frame: VideoFrame) -> Pixels:
    return (
        frame.reformat(width=WIDTH, height=HEIGHT, format="rgb24").to_ndarray().astype(np.uint8, copy=False)
    )


def picture_from_page(rgba: str) -> Picture:
    """What ``moot.look`` returned."""
    flat = np.frombuffer(base64.b64decode(rgba), np.uint8)
    return Picture(0.0, flat.reshape(HEIGHT, WIDTH, 4)[:, :, :3])


def sound_from_page(words: str) -> Sound:
    """What ``moot.hear`` returned."""
    return np.frombuffer(base64.b64decode(words), "<i2").astype(np.float32) / np.float32(32768)

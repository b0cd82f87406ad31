"""What a source sends lands in the programme in its own shape and its own colours: decoded, then composed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from media.clock import SystemClock
from media.programme.arrangement import arrange
from media.programme.layout import Cast
from media.programme.picture import blank, planes
from media.programme.slate import Slates
from media.programme.vision import Vision
from media.sources.file import FileSource
from media.sources.intake import Intake

GREEN_601, GREEN_709 = (145, 54, 34), (173, 42, 26)
"""Pure green by ITU-R BT.601-7 and BT.709-6, limited range."""
SMPTE170M, BT709 = 6, 1


@dataclass(frozen=True)
class Shape:
    """A film as a source may send it, and the width and height at which it is to be seen in 1280×720."""

    width: int
    height: int
    seen: tuple[int, int]
    pixel: Fraction = Fraction(1)
    rate: int = 25
    matrix: int | None = None

    @property
    def green(self) -> tuple[int, int, int]:
        said = self.matrix or (BT709 if self.height >= 720 else SMPTE170M)
        return GREEN_709 if said == BT709 else GREEN_601


SHAPES = {
    "4:3": Shape(640, 480, (960, 720)),
    "portrait phone": Shape(720, 1280, (405, 720)),
    "1080p50": Shape(1920, 1080, (1280, 720), rate=50),
    "15 fps": Shape(1280, 720, (1280, 720), rate=15),
    "PAL widescreen": Shape(720, 576, (1280, 720), Fraction(64, 45)),
    "PAL 4:3": Shape(720, 576, (960, 720), Fraction(16, 15)),
    "ultrawide": Shape(1680, 720, (1280, 548)),
    "720p that says BT.601": Shape(1280, 720, (1280, 720), matrix=SMPTE170M),
    "480p that says BT.709": Shape(854, 480, (1280, 720), matrix=BT709),
}


def film(path: Path, shape: Shape) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", shape.rate)
        stream.width, stream.height, stream.pix_fmt = shape.width, shape.height, "yuv420p"
        stream.sample_aspect_ratio = shape.pixel
        stream.options = {"preset": "ultrafast", "tune": "zerolatency", "qp": "4"}
        if shape.matrix is not None:
            stream.codec_context.colorspace = shape.matrix
        for _ in range(shape.rate // 5):
            container.mux(stream.encode(blank(shape.width, shape.height, shape.green)))
        container.mux(stream.encode(None))


class Waiting(Intake):
    """Tells when pictures arrived."""

    def __init__(self) -> None:
        super().__init__("chamber", "file", "Film", SystemClock())
        self.arrived = threading.Semaphore(0)

    def put_picture(self, frame: av.VideoFrame, at: float | None = None) -> bool:
        taken = super().put_picture(frame, at)
        self.newest = frame
        self.arrived.release()
        return taken


@contextmanager
def playing(path: Path) -> Iterator[Waiting]:
    intake = Waiting()
    source = FileSource(path, intake, SystemClock())
    source.start()
    yield intake
    source.stop()


@pytest.mark.parametrize("name", SHAPES)
def test_it_is_letterboxed_and_of_the_right_colour(name: str, tmp_path: Path) -> None:
    shape = SHAPES[name]
    film(tmp_path / "film.mp4", shape)
    with playing(tmp_path / "film.mp4") as intake:
        assert intake.arrived.acquire(timeout=20)
        vision = Vision(Slates("C", "#1d4e6b"))
        luma, u, v = planes(vision.compose(arrange(None, Cast()), {"chamber": intake.newest}, {}))
    middle = (int(luma[360, 640]), int(u[180, 320]), int(v[180, 320]))
    assert all(abs(one - other) <= 3 for one, other in zip(middle, GREEN_709, strict=True)), middle
    wide, high = (int(np.count_nonzero(line > 90)) for line in (luma[360], luma[:, 640]))
    assert abs(wide - shape.seen[0]) <= 4
    assert abs(high - shape.seen[1]) <= 4
    left, top = (int(np.argmax(line > 90)) for line in (luma[360], luma[:, 640]))
    assert abs(2 * left + wide - 1280) <= 4
    assert abs(2 * top + high - 720) <= 4

"""A picture that says when it was taken: wall time in milliseconds as a row of black and white cells."""

import av
import numpy as np

from media.programme.picture import Plane, copy, planes
from media.sources.test_card import CODE_CELLS, draw, read_code

_SIZE = 1280 // CODE_CELLS
_MODULUS = 2**32


def picture(background: av.VideoFrame, wall: float, number: int) -> av.VideoFrame:
    """A copy of the background with the code of ``wall`` (Unix seconds) and a bar that moves."""
    frame = copy(background)
    luma, _, _ = planes(frame)
    left = number * 8 % 1200
    luma[560:620, left : left + 80] = 235
    bits = round(wall * 1000) % _MODULUS >> np.arange(CODE_CELLS - 1, -1, -1) & 1
    luma[720 - _SIZE :] = np.repeat(np.where(bits, 235, 16), _SIZE)
    return frame


def background() -> av.VideoFrame:
    """Something that an encoder has work with."""
    return draw(0.0, 0)


def age(luma: Plane, wall: float) -> float | None:
    """Seconds between the picture's code and ``wall``; ``None`` for a picture without a code."""
    value = read_code(luma)
    if value is None:
        return None
    late = (round(wall * 1000) - value) % _MODULUS
    return late / 1000 if late < 10_000 else None

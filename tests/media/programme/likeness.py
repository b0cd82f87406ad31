"""How unlike two pictures are to an eye: grain is smoothed away, everything larger counts where it is."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

MOST = 10.0
"""Levels of 255. An encoder's or scaler's rounding is below 2; what somebody would see is far above."""
_BLUR = 1.5
_CELL = 10
"""Pixels each way over which differences are averaged: a missing caption must not drown in the picture."""


def unlikeness(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of the most different cell, in luma or either chroma.

    Raises ``ValueError`` when the pictures are not of one size.
    """
    if one.size != other.size:
        raise ValueError(f"{one.size} and {other.size} cannot be compared")
    difference = np.abs(_smooth(one) - _smooth(other))
    height, width = difference.shape[0] // _CELL * _CELL, difference.shape[1] // _CELL * _CELL
    cells = difference[:height, :width].reshape(height // _CELL, _CELL, width // _CELL, _CELL, 3)
    return float(cells.mean(axis=(1, 3)).max())


def _smooth(image: Image.Image) -> NDArray[np.float64]:
    smooth = image.convert("RGB").filter(ImageFilter.GaussianBlur(_BLUR)).convert("YCbCr")
    return np.asarray(smooth, dtype=np.float64)

"""Sound made a few samples longer or shorter, without a click, so that two clocks agree."""

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from media.sources.sound import Sound

MOST = 4
"""Samples more or fewer that one block of 960 may be made from: 0.42 %, seven hundredths of a semitone."""
REACH = 8
"""Samples on either side that an interpolated one is made from."""


def stretch(sound: Sound, samples: int) -> Sound:
    """``samples`` samples from the ``len(sound) - 2 * REACH`` in the middle; the rest is context.

    Interpolated by a windowed sinc of 16 taps. The first sample is the first of the middle, and the sample
    after the last would be the first of what follows it: block joins block.
    """
    consumed = len(sound) - 2 * REACH
    first, weights = _taps(consumed, samples)
    windows = sliding_window_view(sound, 2 * REACH, axis=0)[first]
    made: Sound = np.einsum("nct,nt->nc", windows, weights)
    return made


@lru_cache(maxsize=4 * MOST)
def _taps(consumed: int, samples: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    at = np.arange(samples) * (consumed / samples)
    whole = np.floor(at).astype(np.int64)
    offsets = np.arange(2 * REACH) - (REACH - 1)
    distance = offsets[None, :] - (at - whole)[:, None]
    window = 0.5 + 0.5 * np.cos(np.pi * np.clip(distance / REACH, -1.0, 1.0))
    weights = np.sinc(distance) * window
    weights /= weights.sum(axis=1, keepdims=True)
    return whole + 1, weights.astype(np.float32)

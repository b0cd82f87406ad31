"""Sound made a few samples longer or shorter, without a click, so that two clocks agree."""

from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from media.sources.sound import Sound

MOST = 4
"""Samples more or fewer that one block of 960 may be made from: 0.42 %, seven hundredths of a semitone."""
REACH = 8
"""Samples on either side that an interpolated one is made from."""
_CHANNELS = 2


def stretch(sound: Sound, samples: int) -> Sound:
    """``samples`` samples from the ``len(sound) - 2 * REACH`` in the middle; the rest is context.

    Interpolated by a windowed sinc of 16 taps. The first sample is the first of the middle, and the sample
    after the last would be the first of what follows it: block joins block.
    """
    runs, weights = _taps(len(sound) - 2 * REACH, samples)
    line = np.ascontiguousarray(sound, np.float32)
    made = np.empty((samples, _CHANNELS), np.float32)
    flat = made.reshape(-1)
    for begin, end, source in runs:
        # A row for each tap, one sample further on than the row before: no loop as short as 16.
        step, count = _CHANNELS * line.itemsize, (end - begin) * _CHANNELS
        rows: Sound = np.ndarray((2 * REACH, count), np.float32, line, source * step, (step, line.itemsize))
        part = slice(begin * _CHANNELS, end * _CHANNELS)
        np.einsum("tn,tn->n", rows, weights[:, part], out=flat[part])
    return made


@lru_cache(maxsize=4 * MOST)
def _taps(consumed: int, samples: int) -> tuple[tuple[tuple[int, int, int], ...], NDArray[np.float32]]:
    """Runs of samples whose first taps stand side by side, from, to and where the taps begin; and weights.

    The weights have a row for each tap and a column for each channel of each sample.
    """
    at = np.arange(samples) * (consumed / samples)
    whole = np.floor(at).astype(np.int64)
    offsets = np.arange(2 * REACH) - (REACH - 1)
    distance = offsets[:, None] - (at - whole)[None, :]
    window = 0.5 + 0.5 * np.cos(np.pi * np.clip(distance / REACH, -1.0, 1.0))
    weights = np.sinc(distance) * window
    weights /= weights.sum(axis=0)
    borders = [0, *(np.flatnonzero(np.diff(whole) != 1) + 1), samples]
    runs = tuple((int(begin), int(end), int(whole[begin]) + 1) for begin, end in pairwise(borders))
    return runs, np.repeat(weights, _CHANNELS, axis=1).astype(np.float32)

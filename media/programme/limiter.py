"""The limiter: looks five milliseconds ahead, so that no peak is cut off and no gain jumps."""

from collections import deque

import numpy as np

from media.sources.sound import RATE, Sound

CEILING = 0.89
"""-1 dBFS: nothing that comes out is above."""
STEP = RATE // 1000
"""Samples between two values of the gain: a millisecond."""
AHEAD = 5
"""Steps that sound is delayed for the look-ahead."""
DELAY = AHEAD * STEP
RELEASE = 0.004
"""How much of the way back to full gain one millisecond goes: a time constant of a quarter of a second."""
_FULL = 0.9999


class Limiter:
    """Delays by ``DELAY`` samples. What stays below the ceiling comes out bit for bit.

    For each millisecond the gain it can stand is known; the gain goes along the running mean, over the
    look-ahead, of the least of them, and so has come down in a straight line when the peak arrives.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the sound that waits and let go."""
        self._waiting: Sound = np.zeros((DELAY, 2), np.float32)
        self._allowed: deque[float] = deque([1.0] * (AHEAD + 1), AHEAD + 2)
        self._held = deque([1.0] * AHEAD, AHEAD)
        self._gain = 1.0
        self._last = 1.0

    @property
    def turned_down(self) -> bool:
        """Whether it is at work."""
        return self._last < 1.0

    def limit(self, sound: Sound) -> Sound:
        """The next block, shape (samples, 2), as long as ``sound``: whole milliseconds, or ``ValueError``."""
        if len(sound) % STEP:
            raise ValueError(f"{len(sound)} samples are not whole milliseconds")
        line = np.concatenate((self._waiting, sound))
        out, self._waiting = line[: len(sound)], line[len(sound) :]
        if self._last == 1.0 and _quiet(sound) and min(self._allowed) == 1.0:
            return out
        peaks = np.abs(sound).reshape(-1, STEP * 2).max(axis=1)
        ends = [self._follow(float(peak)) for peak in peaks]
        ramps = np.linspace([self._last, *ends[:-1]], ends, STEP, axis=1, dtype=np.float32)
        self._last = ends[-1]
        limited: Sound = out * ramps.reshape(-1, 1)
        return limited

    def _follow(self, peak: float) -> float:
        """The gain at the end of the millisecond that goes out as the one with ``peak`` comes in."""
        self._allowed.append(CEILING / peak if peak > CEILING else 1.0)
        self._gain = min(min(self._allowed), self._gain + (1.0 - self._gain) * RELEASE)
        if self._gain > _FULL:
            self._gain = 1.0
        self._held.append(self._gain)
        return sum(self._held) / AHEAD


def _quiet(sound: Sound) -> bool:
    return bool(not sound.size or (sound.max() <= CEILING and sound.min() >= -CEILING))

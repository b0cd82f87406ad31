"""How loud something is, for the console's meters: root mean square and peak of each tenth of a second."""

import math

import numpy as np

from media.control.studio import Level
from media.sources.sound import RATE, Sound

TENTH = RATE // 10
QUIETEST = -100.0


class Gauge:
    """Gathers blocks until it is read."""

    def __init__(self) -> None:
        self._sum = 0.0
        self._count = 0
        self._peak = 0.0
        self.peak = 0.0
        """The highest sample of the last block."""

    def put(self, sound: Sound) -> float:
        """Take a block of shape (samples, 2); its mean square."""
        if not sound.size:
            return 0.0
        total = float(np.vdot(sound, sound))
        self._sum += total
        self._count += sound.size
        self.peak = max(float(sound.max()), -float(sound.min()))
        self._peak = max(self._peak, self.peak)
        return total / sound.size

    def read(self) -> Level:
        """The level since the last reading, which begins anew."""
        power = self._sum / self._count if self._count else 0.0
        level = Level(rms=dbfs(math.sqrt(power)), peak=dbfs(self._peak))
        self._sum, self._count, self._peak = 0.0, 0, 0.0
        return level


def dbfs(amplitude: float) -> float:
    """An amplitude, full scale 1, in decibels; never under -100."""
    return round(max(QUIETEST, 20.0 * math.log10(amplitude)), 1) if amplitude > 0 else QUIETEST

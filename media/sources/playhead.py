"""How old what the programme shows of a source is, and how that is kept steady."""

import math
from collections import deque

from media.sources.stretch import MOST

TICK = 0.04
"""The programme takes so much sound at once."""
SOUND_MARGIN = TICK + 0.005
"""Sound must be there for the whole of a tick, that of its last sample included."""
PICTURE_MARGIN = TICK / 2 + 0.005
LEAST_DELAY = SOUND_MARGIN
MOST_DELAY = 0.8
GAIN = 0.1
"""How much of an error a second of gentle correction takes away."""
SMOOTHING = 0.01
"""How much one block's error counts: a ticker's own lateness must not be heard."""
LOST = 0.05
"""An error beyond this is not corrected gently: until it is gone, nobody's lips would fit."""
SECONDS_REMEMBERED = 15
SPARED = 2
"""Seconds among them in which things may come later than what is allowed for: one stall is no reason to be
late for everybody from then on."""


class _Lateness:
    """How late things came in each of the last seconds; ``share`` of a second's things count, the best."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._seconds: deque[float] = deque(maxlen=SECONDS_REMEMBERED)
        self._now: list[float] = []
        self._since = -math.inf

    def add(self, now: float, late: float) -> bool:
        """Something came. True when ``needed`` may have changed."""
        over = now - self._since > 1.0
        if over:
            if self._now:
                self._seconds.append(self._worst())
            self._now, self._since = [], now
        self._now.append(late)
        return over

    @property
    def needed(self) -> float | None:
        """What to allow for; ``None`` before anything came."""
        if not self._seconds:
            return self._worst() if self._now else None
        worst = sorted(self._seconds, reverse=True)
        return worst[min(SPARED, len(worst) - 1)]

    def _worst(self) -> float:
        return sorted(self._now)[math.ceil(len(self._now) * self._share) - 1]


class Delay:
    """How long after capture things are shown: as long as the least punctual of the last seconds needs.

    A picture may miss its moment, a fifth of them do; sound may not. All times in seconds.
    """

    def __init__(self) -> None:
        self._sounds = _Lateness(1.0)
        self._pictures = _Lateness(0.8)
        self.seconds = LEAST_DELAY

    def sound_came(self, now: float, late: float) -> None:
        """Sound came so long after its first sample was captured."""
        first = self._sounds.needed is None
        if self._sounds.add(now, late) or first:
            self._count()

    def picture_came(self, now: float, late: float) -> None:
        """A picture came so long after it was captured."""
        if self._pictures.add(now, late):
            self._count()

    def _count(self) -> None:
        sound, picture = self._sounds.needed, self._pictures.needed
        needed = LEAST_DELAY
        if sound is not None:
            needed = max(needed, sound + SOUND_MARGIN)
        if picture is not None:
            needed = max(needed, picture + PICTURE_MARGIN)
        self.seconds = min(needed, MOST_DELAY)


class Correction:
    """Whole samples to take more or fewer for one block, so that an error goes away unheard."""

    def __init__(self) -> None:
        self._error = 0.0
        self._owed = 0.0

    def samples(self, error: float, samples: int) -> int:
        """``error``: seconds by which playing is ahead of where it should be. At most ``MOST`` either way."""
        self._error += SMOOTHING * (error - self._error)
        self._owed += min(max(-self._error * GAIN * samples, -MOST), MOST)
        whole = min(max(round(self._owed), -MOST), MOST)
        self._owed -= whole
        return whole

    def reset(self) -> None:
        """The error is gone by other means."""
        self._error = self._owed = 0.0

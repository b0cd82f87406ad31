"""How old what the programme shows of a source is, and how that is kept steady."""

import math
from collections import deque

from media.rhythm import DEFAULT
from media.sources.stretch import MOST

SPARE = 0.005
"""Seconds that things are there before they are taken."""
MOST_DELAY = 0.8
"""More than tracks of one clock are apart (``capture_clock.APART``): what is later is never heard at all."""
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

    A picture may miss its moment, a fifth of them do; sound may not, and must be there for the whole of a
    tick, that of its last sample included. All times in seconds. ``tick``: a period of the programme.
    """

    def __init__(self, tick: float = DEFAULT.period) -> None:
        self._sounds = _Lateness(1.0)
        self._pictures = _Lateness(0.8)
        self._sound_margin = tick + SPARE
        self._picture_margin = tick / 2 + SPARE
        self.seconds = self._sound_margin

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
        needed = self._sound_margin
        if sound is not None:
            needed = max(needed, sound + self._sound_margin)
        if picture is not None:
            needed = max(needed, picture + self._picture_margin)
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

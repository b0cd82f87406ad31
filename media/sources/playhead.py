"""How old what the programme shows of a source is, and how that is kept steady."""

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
MEMORY = 10.0
"""Seconds for which unpunctual sound is remembered; twice as long at most."""
FIRST_MEMORY = 1.0
"""What comes in a burst when a connection is made is forgotten sooner."""
_PICTURES = 50


class Delay:
    """How long after capture things are shown: as long as the least punctual of the last seconds needs.

    A picture may miss its moment, a tenth of them do; sound may not. All times in seconds.
    """

    def __init__(self) -> None:
        self._sound: float | None = None
        self._sound_before: float | None = None
        self._since: float | None = None
        self._memory = FIRST_MEMORY
        self._pictures: deque[float] = deque(maxlen=_PICTURES)
        self._uncounted = 0
        self.seconds = LEAST_DELAY

    def sound_came(self, now: float, late: float) -> None:
        """Sound came so long after its first sample was captured."""
        if self._since is None:
            self._since = now
        if now - self._since > self._memory:
            self._sound_before = self._sound if self._memory == MEMORY else None
            self._sound, self._since, self._memory = late, now, MEMORY
            self._count()
        elif self._sound is None or late > self._sound:
            self._sound = late
            self._count()

    def picture_came(self, late: float) -> None:
        """A picture came so long after it was captured."""
        self._pictures.append(late)
        self._uncounted += 1
        if self._uncounted >= _PICTURES // 2:
            self._count()

    def _count(self) -> None:
        self._uncounted = 0
        needed = [late + SOUND_MARGIN for late in (self._sound, self._sound_before) if late is not None]
        if self._pictures:
            needed.append(sorted(self._pictures)[len(self._pictures) * 9 // 10] + PICTURE_MARGIN)
        self.seconds = min(max(LEAST_DELAY, *needed, LEAST_DELAY), MOST_DELAY)


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

"""What a source says after an opening may have been said before it, and is not taken."""

import math

STALLED = 1.0
"""Seconds without an arrival after which what comes next may have been kept back on the way."""


class Deafness:
    """Times are monotonic seconds. ``transit``: how long, at most, something is on its way. Not thread-safe.

    A source that was kept back across the opening sends what it had first: it is not heard for as long again.
    """

    def __init__(self, transit: float) -> None:
        self._transit = transit
        self._heard = -math.inf
        self._doubtful = False
        self.until = -math.inf
        """Nothing that was captured before this is taken."""

    def fall(self, now: float, *, held: bool = False) -> None:
        """Take nothing from before now. ``held``: nothing at all, until it falls again."""
        self.until = math.inf if held else now + self._transit
        self._doubtful = True

    def hears(self, now: float, at: float | None) -> bool:
        """Whether something captured ``at`` would be taken, as far as is known now."""
        return (now if at is None else min(now, at)) >= self.until

    def notices(self, now: float) -> None:
        """Something arrives that is not to be taken, whatever it is."""
        gap, self._heard = now - self._heard, now
        if self._doubtful and gap > STALLED:
            self.until = max(self.until, now + self._transit)
            self._doubtful = False

    def ignores(self, now: float, at: float | None) -> bool:
        """Judge what arrives now, captured ``at``, if that is known."""
        self.notices(now)
        if not self.hears(now, at):
            return True
        self._doubtful = False
        return False

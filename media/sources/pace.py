"""When what arrives unevenly is due to be shown: as evenly as it was captured, and as soon as that allows."""

from dataclasses import dataclass

LONGEST_HOLD = 0.5
"""Seconds that the most punctual piece waits for the least punctual, at most."""
WINDOW = 2.0
"""Seconds of one look back; two of them count."""
JUMP = 2.0
"""A change of transit time beyond this is a new beginning: time stamps jumped, or the sender paused."""


@dataclass(slots=True)
class _Span:
    """The extremes of transit time since ``began``."""

    began: float
    least: float
    most: float

    def add(self, transit: float) -> None:
        self.least = min(self.least, transit)
        self.most = max(self.most, transit)


class Pace:
    """Follows transit times: arrival less time stamp, of which only the differences mean anything.

    All tracks of a stream share one pace, so that they stay together. Not thread-safe.
    """

    def __init__(self) -> None:
        self._now: _Span | None = None
        self._before: _Span | None = None
        self.beginnings = 0
        """Counts new beginnings. What arrived before the last one has no due time any more."""

    def arrived(self, at: float, stamp: float) -> None:
        """A piece with this time stamp arrived. Both in seconds, each on its own clock."""
        transit = at - stamp
        if self._now is None or abs(transit - self._now.least) > JUMP:
            self._now, self._before = _Span(at, transit, transit), None
            self.beginnings += 1
        elif at - self._now.began > WINDOW:
            self._now, self._before = _Span(at, transit, transit), self._now
        else:
            self._now.add(transit)

    def due(self, stamp: float) -> float:
        """When to show the piece with this time stamp, on the clock of arrivals.

        Raises ``ValueError`` before any arrival.
        """
        least, most = self._extremes()
        return stamp + least + min(most - least, LONGEST_HOLD)

    def captured(self, stamp: float) -> float:
        """When the piece with this time stamp would have arrived, had it been as punctual as the best.

        Steadier than ``due``, which every latecomer moves. Raises ``ValueError`` before any arrival.
        """
        return stamp + self._extremes()[0]

    def _extremes(self) -> tuple[float, float]:
        if self._now is None:
            raise ValueError("nothing has arrived")
        spans = [self._now] if self._before is None else [self._now, self._before]
        return min(span.least for span in spans), max(span.most for span in spans)

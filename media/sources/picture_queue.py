"""A source's pictures, each shown when its moment has come."""

import math
from collections import deque

import av

from media.rhythm import DEFAULT

MOST_PICTURES = 45
"""The oldest give way: what comes late is worth less than what comes new. Fifty a second may have to wait
0.8 s for sound that is behind them, and a tick more."""
HOLD_SECONDS = 0.5
"""How long the last picture stands in for the next."""
STEADY = 0.006
"""Seconds that a picture's moment may be off before the rhythm of the last ones is broken for it."""
LONGEST_INTERVAL = 0.2
"""Seconds between two pictures beyond which there is a pause and no rate."""
SMOOTHING = 0.1


class PictureQueue:
    """Not thread-safe: its owner holds a lock. Times are in seconds, of capture.

    ``tick``: a period of the programme. The source has a rate of its own, which is measured.
    """

    def __init__(self, tick: float = DEFAULT.period) -> None:
        self._tick = tick
        self._waiting: deque[tuple[float, av.VideoFrame]] = deque(maxlen=MOST_PICTURES)
        self._shown: tuple[float, av.VideoFrame] | None = None
        self._interval: float | None = None
        self._asked = -math.inf
        self._bias = 0.0

    @property
    def newest(self) -> av.VideoFrame | None:
        """The picture that came last."""
        if self._waiting:
            return self._waiting[-1][1]
        return self._shown[1] if self._shown else None

    def put(self, frame: av.VideoFrame, at: float) -> None:
        """Add a picture captured at ``at``. What was to be shown at or after that gives way to it."""
        while self._waiting and self._waiting[-1][0] >= at:
            self._waiting.pop()
        before = self._waiting[-1] if self._waiting else self._shown
        if before is not None and 0 < (interval := at - before[0]) < LONGEST_INTERVAL:
            known = self._interval if self._interval is not None else interval
            self._interval = known + SMOOTHING * (interval - known)
        self._waiting.append((at, frame))

    def at(self, position: float, hold: float = HOLD_SECONDS) -> av.VideoFrame | None:
        """The picture of a tick that begins at ``position``: the one captured nearest to its beginning.

        ``hold``: seconds that it stands in for the next. Asked in ascending order, once or more for a tick.
        Where the source's rate is a multiple or a fraction of the programme's, or the same, each picture is
        shown equally long, even where their moments waver about the middle between two ticks.
        """
        if position != self._asked:
            self._asked = position
            self._turn(position)
        if self._shown is None or abs(position - self._shown[0]) > hold:
            return None
        return self._shown[1]

    def _turn(self, position: float) -> None:
        """Show all that has come up to half a tick ahead, or a little earlier or later than that.

        Of pictures that come every ``interval``, the one shown is between this bound and an interval before
        it. The bound moves away from where the last one was: what is near the bound once stays on its side.
        """
        bound = position + self._tick / 2 + self._bias
        before = self._shown
        while self._waiting and self._waiting[0][0] <= bound:
            self._shown = self._waiting.popleft()
        if self._shown is None or self._shown is before:
            return
        interval = min(self._interval or self._tick, self._tick)
        middle = position + (self._tick - interval) / 2
        steady = min(STEADY, interval / 6)
        self._bias = steady if self._shown[0] > middle else -steady

    def clear(self) -> None:
        """Forget everything."""
        self._waiting.clear()
        self._shown = None
        self._bias = 0.0

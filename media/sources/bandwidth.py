"""aiortc's estimator of bandwidth with two parts that find the same numbers with less work.

aiortc 1.16 keeps a bucket for each millisecond and empties every one of them as time goes by, and looks
through sixty intervals in Python for each group of packets.
"""

from collections import deque

from aiortc.rate import (
    MIN_FRAME_PERIOD_HISTORY_LENGTH,
    OveruseEstimator,
    RateCounter,
    RemoteBitrateEstimator,
)


def lighten(estimator: RemoteBitrateEstimator) -> None:
    """Before it is given anything."""
    estimator.incoming_bitrate = Rate(1000)
    estimator.estimator = QuickEstimator()


class Rate(RateCounter):
    """Bits a second over ``window`` milliseconds, of what came; what came in one millisecond is one entry."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._came: deque[tuple[int, int]] = deque()
        super().__init__(window)

    def add(self, value: int, now_ms: int) -> None:
        """Count so many bytes."""
        self._forget(now_ms)
        if self._came and self._came[-1][0] == now_ms:
            self._came[-1] = now_ms, self._came[-1][1] + value
        else:
            if len(self._came) == self._window:
                # Only a wall clock that was set back leads here.
                self._bytes -= self._came.popleft()[1]
            self._came.append((now_ms, value))
        self._bytes += value

    def rate(self, now_ms: int) -> int | None:
        """Bits a second; ``None`` before there is any duration to count over."""
        if self._since is None:
            return None
        self._forget(now_ms)
        milliseconds = now_ms - self._since + 1
        return round(self._scale * self._bytes / milliseconds) if self._came and milliseconds > 1 else None

    def reset(self) -> None:
        """Forget everything."""
        self._came.clear()
        self._bytes = 0
        self._since: int | None = None

    def _forget(self, now_ms: int) -> None:
        since = now_ms - self._window + 1
        self._since = now_ms if self._since is None else max(self._since, since)
        while self._came and self._came[0][0] < since:
            self._bytes -= self._came.popleft()[1]


class QuickEstimator(OveruseEstimator):
    """Looks for the shortest of the last intervals in one call."""

    def update_min_frame_period(self, ts_delta: float) -> float:
        """The shortest of the last sixty and this one, milliseconds."""
        history = self.ts_delta_hist
        if len(history) >= MIN_FRAME_PERIOD_HISTORY_LENGTH:
            history.pop(0)
        shortest = min(min(history, default=ts_delta), ts_delta)
        history.append(ts_delta)
        return shortest

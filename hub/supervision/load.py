"""How full relays are, between two of their own reports."""

from collections import deque

REPORT_SECONDS = 3.0
"""By then a viewer that was placed is in the relay's own count, or did not come."""
MOST_REMEMBERED = 1000


class Placed:
    """The viewers that were sent to each relay just now: a crowd that comes at once is spread evenly."""

    def __init__(self) -> None:
        self._moments: dict[str, deque[float]] = {}

    def note(self, relay: str, now: float) -> None:
        """One more was sent to ``relay`` at the monotonic time ``now``."""
        self._moments.setdefault(relay, deque(maxlen=MOST_REMEMBERED)).append(now)

    def lately(self, relay: str, now: float) -> int:
        """How many that the relay may not have counted yet."""
        moments = self._moments.get(relay)
        while moments and now - moments[0] > REPORT_SECONDS:
            moments.popleft()
        return len(moments) if moments else 0

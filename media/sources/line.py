"""What a source's line carries: bits a second, and packets that were lost on the way, of the last seconds."""

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

SECONDS = 5.0
"""That are looked back on."""
EVERY = 0.5
"""Seconds between two looks that are kept."""
FEW = 20
"""Packets, of which one that is missing says nothing yet."""


class Arrived(NamedTuple):
    """Counts since the beginning of a connection."""

    octets: int
    """Of the media themselves, without headers."""
    expected: int = 0
    """Packets that were sent, by their numbers; 0 where the transport does not number them for us."""
    received: int = 0


@dataclass(frozen=True, slots=True)
class LineStatus:
    """As the console shows it."""

    kilobits_per_second: int = 0
    lost_percent: float | None = None
    """Of packets; ``None`` where that cannot be known."""


class Line:
    """Looks at the counts whenever it is asked. A source that connected anew begins anew."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, Arrived]] = deque(maxlen=int(SECONDS / EVERY) + 2)

    def status(self, now: float, arrived: Arrived) -> LineStatus:
        """Of the last seconds. ``now``: monotonic seconds."""
        looks = self._looks
        if looks and (arrived.octets < looks[-1][1].octets or arrived.expected < looks[-1][1].expected):
            looks.clear()
        if not looks or now - looks[-1][0] >= EVERY:
            looks.append((now, arrived))
        while len(looks) > 1 and now - looks[1][0] >= SECONDS:
            looks.popleft()
        began, before = looks[0]
        if now - began < EVERY:
            return LineStatus()
        bits = (arrived.octets - before.octets) * 8 / (now - began)
        return LineStatus(round(bits / 1000), _lost(before, arrived))


def _lost(before: Arrived, after: Arrived) -> float | None:
    expected = after.expected - before.expected
    if expected < FEW:
        return None
    # What was sent again may arrive twice, and make more than there were.
    return max(0.0, round(100 * (1 - (after.received - before.received) / expected), 1))

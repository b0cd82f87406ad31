"""How often something may be done: token buckets for a person, for where they come from, and for a meeting.

Kept in memory: after a restart everybody has a full bucket. What counts for good (a device votes once) is in
the database.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_REMEMBERED = 8192
"""Buckets. The one that was used longest ago is forgotten first."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """``burst`` at once, and one more ``every`` so often."""

    burst: int
    every: timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of something one device, one place and one meeting may do."""

    what: str
    device: Allowance
    place: Allowance
    """An address; of IPv6 a network. A library or a school has many people behind one."""
    meeting: Allowance


ASKING = Limit(
    "ask",
    device=Allowance(3, timedelta(seconds=20)),
    place=Allowance(60, timedelta(seconds=2)),
    meeting=Allowance(120, timedelta(seconds=0.5)),
)
POSTING = Limit(
    "post",
    device=Allowance(3, timedelta(minutes=1)),
    place=Allowance(30, timedelta(seconds=10)),
    meeting=Allowance(60, timedelta(seconds=2)),
)
"""Each may send an e-mail to an address that somebody else typed."""
FOLLOWING = Limit(
    "follow",
    device=Allowance(5, timedelta(minutes=1)),
    place=Allowance(30, timedelta(seconds=10)),
    meeting=Allowance(120, timedelta(seconds=1)),
)
"""For the whole house: what is followed need not be one meeting."""
VOTING = Limit(
    "vote",
    device=Allowance(30, timedelta(seconds=1)),
    place=Allowance(120, timedelta(seconds=0.5)),
    meeting=Allowance(1000, timedelta(seconds=0.02)),
)
HEARING = Limit(
    "hear",
    device=Allowance(3, timedelta(seconds=20)),
    place=Allowance(60, timedelta(seconds=1)),
    meeting=Allowance(1000, timedelta(seconds=0.1)),
)
CAPTIONING = Limit(
    "caption",
    device=Allowance(20, timedelta(seconds=0.5)),
    place=Allowance(40, timedelta(seconds=0.1)),
    meeting=Allowance(20, timedelta(seconds=0.5)),
)
"""Nobody speaks two lines a second for long."""

RAISING = Limit(
    "raise",
    device=Allowance(3, timedelta(seconds=30)),
    place=Allowance(30, timedelta(seconds=2)),
    meeting=Allowance(120, timedelta(seconds=0.5)),
)
TELLING = Limit(
    "tell",
    device=Allowance(3, timedelta(seconds=20)),
    place=Allowance(60, timedelta(seconds=2)),
    meeting=Allowance(300, timedelta(seconds=0.2)),
)
"""Feedback: everybody gives it at the same time."""
ATTENDING = Limit(
    "attend",
    device=Allowance(5, timedelta(minutes=1)),
    place=Allowance(60, timedelta(seconds=2)),
    meeting=Allowance(300, timedelta(seconds=0.2)),
)
"""To register for a webinar: an invitation to thousands brings many at once."""


class Limits:
    """The buckets of one hub."""

    def __init__(self) -> None:
        self._full_at: OrderedDict[tuple[str, ...], datetime] = OrderedDict()
        """Bucket → when it will be full again."""

    def spend(self, limit: Limit, now: datetime, *, meeting: str, device: str, place: str) -> int:
        """0 and one is spent of each bucket, or the seconds to wait and nothing is spent."""
        buckets = [
            ((limit.what, "device", meeting, device), limit.device),
            ((limit.what, "meeting", meeting), limit.meeting),
        ]
        if place:
            buckets.append(((limit.what, "place", place), limit.place))
        fuller = {name: self._with_one_less(name, allowance, now) for name, allowance in buckets}
        wait = max(fuller[name] - now - allowance.burst * allowance.every for name, allowance in buckets)
        if wait > timedelta():
            return math.ceil(wait.total_seconds())
        for name, full in fuller.items():
            self._full_at[name] = full
            self._full_at.move_to_end(name)
        while len(self._full_at) > MOST_REMEMBERED:
            self._full_at.popitem(last=False)
        return 0

    def _with_one_less(self, name: tuple[str, ...], allowance: Allowance, now: datetime) -> datetime:
        """When the bucket would be full. A clock that was set back empties it at most."""
        empty = now + allowance.burst * allowance.every
        return min(max(now, self._full_at.get(name, now)), empty) + allowance.every

"""Who may come in: bounds on how many viewers there are, are on their way in, and come from one place."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from media.control.command import Refused
from media.relay.limits import neighbourhood

HALF_OPEN = 200
"""Sessions in all that may be on their way to being connected."""
HALF_OPEN_NEIGHBOURS = 50
"""The same for one /24 or /56: a hall full of people joins within a minute, a flood does not get the rest."""
NEIGHBOURS_SHARE = 0.75
"""Of all places, for one /24 or /56: a council's own network may be most of the audience, and never all."""


class Crowd(Protocol):
    """Who is there already."""

    def __len__(self) -> int:
        """Viewers in all."""

    @property
    def coming(self) -> int:
        """Those who are not connected yet."""

    def coming_from(self, near: str) -> int:
        """Those of them that this neighbourhood asked for."""

    def here_from(self, near: str) -> int:
        """All that this neighbourhood asked for."""


class Door:
    """Counts. ``capacity``: viewers in all."""

    def __init__(self, capacity: int, crowd: Crowd) -> None:
        self._capacity = capacity
        self._crowd = crowd
        self._opening: Counter[str] = Counter()

    @contextmanager
    def entering(self, near: str) -> Iterator[None]:
        """Hold a place while a session is made. Raises ``Refused`` with ``full`` or ``too_many``."""
        opening = self._opening.total()
        if len(self._crowd) + opening >= self._capacity or self._crowd.coming + opening >= HALF_OPEN:
            raise Refused("full", "This relay serves as many viewers as it can.")
        if near:
            self._refuse_crowd(near)
        self._opening[near] += 1
        try:
            yield
        finally:
            self._opening[near] -= 1
            if not self._opening[near]:
                del self._opening[near]

    def _refuse_crowd(self, near: str) -> None:
        if self._opening[near] + self._crowd.coming_from(near) >= HALF_OPEN_NEIGHBOURS:
            raise Refused("too_many", "Too many viewers are joining from your network. Try again soon.")
        # At least one: a relay of one place is for one viewer.
        allowed = max(1, int(self._capacity * NEIGHBOURS_SHARE))
        if self._opening[near] + self._crowd.here_from(near) >= allowed:
            raise Refused("too_many", "Your network has as many viewers by WebRTC as one may have.")


def place(host: str) -> str:
    """The neighbourhood of an address; empty for what is none."""
    try:
        return neighbourhood(host)
    except ValueError:
        return ""

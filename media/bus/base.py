"""What a bus promises, whichever way it travels.

A publisher never waits for a reader. A reader starts with the last group of pictures that the bus kept (and
the audio beside it), so that it can show a picture at once. A reader that falls behind loses the oldest units
and continues at a key picture; a reader whose publisher went away waits for it to come back.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from media.access_unit import AccessUnit


@dataclass(frozen=True, slots=True)
class BusAddress:
    """Where one meeting's units travel: ``unix:/run/…/x.bus`` or ``redis://host:6379/0#ref``."""

    url: str


class Publisher(Protocol):
    """The studio's end. Owned by the studio; one for each meeting."""

    def publish(self, unit: AccessUnit) -> None:
        """Hand over one unit. Never blocks; call from the event loop's thread."""

    async def close(self) -> None:
        """Send what is waiting, then let go of readers."""


class Subscription(Protocol):
    """A reader's end."""

    def __aiter__(self) -> AsyncIterator[AccessUnit]:
        """Units in order, for ever: reconnects by itself, ends only by ``close``."""

    async def close(self) -> None:
        """Stop the iteration."""

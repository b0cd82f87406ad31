"""Who is publishing now: one publisher for each key, the newest wins."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from media.control.ingest import StreamKey
from media.ingest.delivery import Publisher
from media.ingest.keys import KeyRing

MOST_PUBLISHERS = 32


class Full(Exception):  # noqa: N818  an answer, not a fault
    """There is no room for another publisher; the message is a sentence."""


class Register:
    """Bounded. A publisher is in it from its accepted key to its end."""

    def __init__(self) -> None:
        self._publishers: dict[str, tuple[StreamKey, Publisher]] = {}

    @contextmanager
    def enter(self, key: StreamKey, publisher: Publisher) -> Iterator[None]:
        """Hold a place. An older publisher with the same key is cut. Raises ``Full``."""
        older = self._publishers.pop(key.key, None)
        if older is not None:
            older[1].cut("Replaced by a newer publisher with the same key.")
        if len(self._publishers) >= MOST_PUBLISHERS:
            raise Full(f"The server takes {MOST_PUBLISHERS} publishers at once.")
        self._publishers[key.key] = (key, publisher)
        try:
            yield
        finally:
            if self._publishers.get(key.key) == (key, publisher):
                del self._publishers[key.key]

    def counts(self) -> dict[str, int]:
        """Open publishers by protocol."""
        return dict(Counter(publisher.protocol for _, publisher in self._publishers.values()))

    def review(self, keys: KeyRing) -> None:
        """Cut everybody whose key is no longer good."""
        for key, publisher in list(self._publishers.values()):
            if not keys.holds(key):
                publisher.cut("The stream key is no longer valid.")

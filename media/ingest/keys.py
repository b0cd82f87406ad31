"""The stream keys that are good now."""

import hmac
from collections.abc import Iterable

from media.control.ingest import StreamKey

LONGEST_KEY = 512


class KeyRing:
    """The list the hub last sent. Empty until then, so that nothing is let in by accident."""

    def __init__(self) -> None:
        self._keys: tuple[StreamKey, ...] = ()

    def replace(self, keys: Iterable[StreamKey]) -> None:
        """Take over the whole list."""
        self._keys = tuple(keys)

    def find(self, offered: str) -> StreamKey | None:
        """The good key that equals ``offered``. Takes the same time for every wrong one."""
        found = None
        given = offered.encode("utf-8", "replace")
        for key in self._keys:
            if hmac.compare_digest(key.key.encode(), given):
                found = key
        return found

    def holds(self, key: StreamKey) -> bool:
        """Whether exactly this key, with the same destination, is still good."""
        return key in self._keys

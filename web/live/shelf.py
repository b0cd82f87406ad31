"""What an LL-HLS origin answered, for all who ask for the same: fetched once, kept as long as it may be."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from media.clock import Clock

Key: TypeAlias = tuple[str, ...]
"""Which origin, which file, with which directives, in which encoding."""

KEPT_BYTES = 64 * 1024 * 1024
"""The last half a minute of all renditions of several meetings, and places to which many rewind."""
WAITING_LIMIT = 20_000
"""Requests that may wait at one time, of all meetings."""
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})")


class TooManyWait(Exception):  # noqa: N818  it is a state of the house, not a mistake
    """As many requests as the hub will hold are held already."""


@dataclass(slots=True)
class Kept:
    """One answer, whole, for many."""

    status: int
    headers: dict[str, str]
    body: bytes
    since: float
    """When it came, by the monotonic clock."""
    head: bytes = b""
    """Its headers as they go to viewers, once they have been written down."""

    @property
    def seconds(self) -> int:
        """For how long it may be given to others (Cache-Control)."""
        said = self.headers.get("Cache-Control", "")
        found = _MAX_AGE.search(said)
        return int(found[1]) if found and "no-store" not in said else 0


class Shelf:
    """Answers by key. Those who ask while one is being fetched wait for that one."""

    def __init__(self, clock: Clock, limit: int = KEPT_BYTES) -> None:
        self._clock = clock
        self._limit = limit
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._size = 0
        self._errands: dict[Key, asyncio.Task[Kept]] = {}
        self._waiting = 0

    async def get(self, key: Key, fetch: Callable[[], Awaitable[Kept]]) -> Kept:
        """The answer that is kept, or what ``fetch`` brings. Raises what that raises, and ``TooManyWait``."""
        kept = self._kept.get(key)
        if kept is not None and self.age(kept) < kept.seconds:
            self._kept.move_to_end(key)
            return kept
        if self._waiting >= WAITING_LIMIT:
            raise TooManyWait
        errand = self._errands.get(key)
        if errand is None:
            errand = self._errands[key] = asyncio.create_task(self._run(key, fetch))
            errand.add_done_callback(_heard)
        self._waiting += 1
        try:
            return await asyncio.shield(errand)
        finally:
            self._waiting -= 1

    def received(self, status: int, headers: dict[str, str], body: bytes) -> Kept:
        """An answer that came now."""
        return Kept(status, headers, body, self._clock.monotonic())

    def age(self, kept: Kept) -> float:
        """Seconds since it came."""
        return self._clock.monotonic() - kept.since

    async def close(self) -> None:
        """Stop all errands: whoever waits is told."""
        errands = list(self._errands.values())
        for errand in errands:
            errand.cancel()
        await asyncio.gather(*errands, return_exceptions=True)

    async def _run(self, key: Key, fetch: Callable[[], Awaitable[Kept]]) -> Kept:
        try:
            kept = await fetch()
            self._keep(key, kept)
            return kept
        finally:
            del self._errands[key]

    def _keep(self, key: Key, kept: Kept) -> None:
        if (old := self._kept.pop(key, None)) is not None:
            self._size -= len(old.body)
        if not kept.seconds:
            return
        self._kept[key] = kept
        self._size += len(kept.body)
        while self._size > self._limit:
            self._size -= len(self._kept.popitem(last=False)[1].body)


def _heard(errand: asyncio.Task[Kept]) -> None:
    """Those who wait hear of a failure; when all have left, nobody needs to."""
    if not errand.cancelled():
        errand.exception()

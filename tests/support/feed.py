"""A subscription that a test feeds by hand: the outside of a media process, driven to the unit."""

import asyncio
from collections.abc import AsyncIterator, Iterable

from media.access_unit import AccessUnit


class HandFeed:
    """``Subscription`` over a queue. ``taken`` waits until the reader asked for more than it was given."""

    def __init__(self) -> None:
        self._units: asyncio.Queue[AccessUnit | None] = asyncio.Queue()

    def give(self, units: Iterable[AccessUnit]) -> None:
        for unit in units:
            self._units.put_nowait(unit)

    async def taken(self) -> None:
        """All that was given is dealt with."""
        async with asyncio.timeout(10):
            await self._units.join()

    async def __aiter__(self) -> AsyncIterator[AccessUnit]:
        while True:
            unit = await self._units.get()
            if unit is None:
                return
            try:
                yield unit
            finally:
                self._units.task_done()

    async def close(self) -> None:
        self._units.put_nowait(None)


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def wall(self) -> float:
        return 1_790_000_000.0 + self.now

    def monotonic(self) -> float:
        return self.now

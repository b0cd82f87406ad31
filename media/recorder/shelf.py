"""Fragments on their way to the disk."""

import asyncio
from collections import deque

from media.recorder.cutter import Cut


class Shelf:
    """A bounded queue. When the disk does not keep up, the oldest fragment gives way and is lost."""

    def __init__(self, limit: int) -> None:
        self._cuts: deque[Cut] = deque()
        self._limit = limit
        self._something = asyncio.Event()
        self._closed = asyncio.Event()
        self.lost_seconds = 0.0

    @property
    def closed(self) -> bool:
        """Whether nothing more will come."""
        return self._closed.is_set()

    @property
    def waiting_seconds(self) -> float:
        """How much programme lies here."""
        return sum(cut.fragment.duration for cut in self._cuts)

    def put(self, cut: Cut) -> None:
        """Never blocks."""
        if len(self._cuts) >= self._limit:
            self.lost_seconds += self._cuts.popleft().fragment.duration
        self._cuts.append(cut)
        self._something.set()

    def close(self) -> None:
        """Nothing more will come."""
        self._closed.set()
        self._something.set()

    async def first(self) -> Cut | None:
        """The oldest fragment, which stays until ``done``; ``None`` when closed and empty."""
        while not self._cuts:
            if self.closed:
                return None
            self._something.clear()
            await self._something.wait()
        return self._cuts[0]

    def done(self, cut: Cut) -> None:
        """The fragment is on disk. It may have given way meanwhile; then it was not lost after all."""
        if self._cuts and self._cuts[0] is cut:
            self._cuts.popleft()
        else:
            self.lost_seconds -= cut.fragment.duration

    async def pause(self, seconds: float) -> None:
        """Wait before another attempt; a closing shelf ends the wait."""
        try:
            async with asyncio.timeout(seconds):
                await self._closed.wait()
        except TimeoutError:
            return

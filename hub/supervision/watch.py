"""Tells several listeners which meetings changed, each at its own pace, at most four times a second."""

import asyncio
from collections.abc import AsyncIterator

INTERVAL = 0.25


class Changes:
    """A set of touched refs for each listener: bounded by the number of meetings, not by events."""

    def __init__(self) -> None:
        self._listeners: set[_Listener] = set()

    def touch(self, ref: str) -> None:
        """Say that something of a meeting changed."""
        for listener in self._listeners:
            listener.touched.add(ref)
            listener.woken.set()

    async def changes(self) -> AsyncIterator[str]:
        """Refs as they change, for ever."""
        listener = _Listener()
        self._listeners.add(listener)
        try:
            while True:
                await listener.woken.wait()
                listener.woken.clear()
                touched, listener.touched = listener.touched, set()
                for ref in sorted(touched):
                    yield ref
                await asyncio.sleep(INTERVAL)
        finally:
            self._listeners.discard(listener)


class _Listener:
    def __init__(self) -> None:
        self.touched: set[str] = set()
        self.woken = asyncio.Event()

"""Tells several listeners which meetings changed, each at its own pace, at most four times a second."""

import asyncio
from collections.abc import AsyncIterator

from media.control.studio import LevelsMeasured

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


class NewestLevels:
    """Levels for several listeners at their own pace: a slow one misses some and gets the newest."""

    def __init__(self) -> None:
        self._listeners: set[_Meter] = set()

    def put(self, ref: str, levels: LevelsMeasured) -> None:
        """The newest levels of a meeting."""
        for listener in self._listeners:
            listener.newest[ref] = levels
            listener.woken.set()

    async def follow(self) -> AsyncIterator[tuple[str, LevelsMeasured]]:
        """Levels with their meeting's ref, for ever."""
        listener = _Meter()
        self._listeners.add(listener)
        try:
            while True:
                await listener.woken.wait()
                listener.woken.clear()
                newest, listener.newest = listener.newest, {}
                for found in newest.items():
                    yield found
        finally:
            self._listeners.discard(listener)


class _Meter:
    def __init__(self) -> None:
        self.newest: dict[str, LevelsMeasured] = {}
        self.woken = asyncio.Event()

"""The live edge as something one can wait for."""

import asyncio
from collections.abc import Callable

WAITING_LIMIT = 10_000


class TooManyWaiting(Exception):  # noqa: N818  it is a state of the house, not a mistake
    """As many requests as this process will hold are held already."""


class Edge:
    """Wakes all who wait whenever the window moved."""

    def __init__(self) -> None:
        self._moved = asyncio.Event()
        self.waiting = 0
        self._closed = False

    def moved(self) -> None:
        """Something changed: look again."""
        self._moved.set()
        self._moved = asyncio.Event()

    def close(self) -> None:
        """Nobody waits any more."""
        self._closed = True
        self.moved()

    async def wait(self, there: Callable[[], bool], seconds: float) -> bool:
        """Wait until ``there()``; False after ``seconds`` or ``close``. Raises ``TooManyWaiting``."""
        if there():
            return True
        if self.waiting >= WAITING_LIMIT:
            raise TooManyWaiting
        self.waiting += 1
        try:
            async with asyncio.timeout(seconds):
                while not there():
                    if self._closed:
                        return False
                    await self._moved.wait()
        except TimeoutError:
            return False
        finally:
            self.waiting -= 1
        return True

"""Spreads the kept group over a moment: a second of programme at once overruns sockets and home routers."""

import asyncio

from media.relay.delivery import Delivery

PACKETS = 20
SECONDS = 0.01
"""20 packets in 10 ms are about 19 Mbit/s for one viewer."""


class Pacer:
    """One task for all viewers that are catching up. ``close`` ends it."""

    def __init__(self) -> None:
        self._behind: set[Delivery] = set()
        self._wake = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name="relay pacer")

    def add(self, delivery: Delivery) -> None:
        """Keep sending what waits for this viewer until nothing does."""
        if delivery.behind:
            self._behind.add(delivery)
            self._wake.set()

    def discard(self, delivery: Delivery) -> None:
        """The viewer left."""
        self._behind.discard(delivery)

    async def close(self) -> None:
        """End the task. Raises what it died of, if it did."""
        self._task.cancel()
        await asyncio.wait([self._task])
        if not self._task.cancelled():
            self._task.result()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            for delivery in list(self._behind):
                delivery.pump(PACKETS)
                if not delivery.behind:
                    self._behind.discard(delivery)
            if not self._behind:
                self._wake.clear()
            await asyncio.sleep(SECONDS)

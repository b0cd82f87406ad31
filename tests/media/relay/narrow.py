"""A line that carries only so much to the viewer."""

import asyncio

from tests.media.relay.lossy import Address, LossyPath

QUEUE_SECONDS = 0.5


class NarrowPath(LossyPath):
    """A queue before the narrow place; what finds it full is lost. ``rate``: bytes a second, at any time."""

    def __init__(self, relay_port: int, rate: int) -> None:
        super().__init__(relay_port, rate)
        self.rate = rate
        self._free_at = 0.0

    def datagram_received(self, data: bytes, addr: Address) -> None:
        if addr != self._relay:
            self._carry(data, addr)
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self._free_at - now > QUEUE_SECONDS:
            return
        self._free_at = max(self._free_at, now) + len(data) / self.rate
        loop.call_at(self._free_at, self._carry, data, addr)

    def _carry(self, data: bytes, addr: Address) -> None:
        if not self.closed:
            super().datagram_received(data, addr)

    def _loses(self, data: bytes) -> bool:
        return False

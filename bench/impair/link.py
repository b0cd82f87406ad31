"""A bad line between a viewer and a server, as a program: the kernel's netem is not everywhere.

Towards the viewer: a queue with a rate and a limit, then delay and loss. Towards the server: delay alone.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Condition:
    """How bad the line is."""

    name: str
    lost: float = 0.0
    delay: float = 0.0
    """Seconds one way."""
    rate: float = 0.0
    """Bits a second towards the viewer; 0: no limit."""
    queue: float = 0.5
    """Seconds that the queue before the narrow place can hold."""
    dead: bool = False
    """Nothing passes."""


CLEAR = Condition("clear")
CONDITIONS = (
    Condition("2 % loss", lost=0.02),
    Condition("5 % loss", lost=0.05),
    Condition("100 ms", delay=0.05),
    Condition("800 kbit/s", rate=800_000.0),
    Condition("3 s outage", dead=True),
)
OVERHEAD = 28
"""Bytes of IPv4 and UDP around a datagram."""


class Link:
    """``condition`` may be set at any time. One viewer."""

    def __init__(self, server: Address, seed: int = 1) -> None:
        self.condition = CLEAR
        self._server = server
        self._viewer: Address | None = None
        self._chance = random.Random(seed)
        self._free_at = 0.0
        self._near: asyncio.DatagramTransport | None = None
        self._far: asyncio.DatagramTransport | None = None

    @property
    def port(self) -> int:
        """Where the viewer sends to, on the loopback address."""
        assert self._near is not None
        return int(self._near.get_extra_info("sockname")[1])

    async def open(self) -> None:
        """Begin to carry."""
        loop = asyncio.get_running_loop()
        near, _ = await loop.create_datagram_endpoint(lambda: End(self._up), local_addr=("0.0.0.0", 0))
        far, _ = await loop.create_datagram_endpoint(lambda: End(self._down), local_addr=("0.0.0.0", 0))
        self._near, self._far = near, far

    def close(self) -> None:
        """Let go of the ports."""
        for transport in (self._near, self._far):
            if transport is not None:
                transport.close()

    def _up(self, data: bytes, address: Address) -> None:
        self._viewer = address
        if not self.condition.dead:
            self._later(self.condition.delay, self._far, data, self._server)

    def _down(self, data: bytes, address: Address) -> None:
        condition = self.condition
        if condition.dead or self._viewer is None or self._chance.random() < condition.lost:
            return
        wait = condition.delay
        if condition.rate:
            now = asyncio.get_running_loop().time()
            if self._free_at - now > condition.queue:
                return
            self._free_at = max(self._free_at, now) + (len(data) + OVERHEAD) * 8 / condition.rate
            wait += self._free_at - now
        self._later(wait, self._near, data, self._viewer)

    def _later(
        self, seconds: float, transport: asyncio.DatagramTransport | None, data: bytes, address: Address
    ) -> None:
        assert transport is not None
        if seconds:
            asyncio.get_running_loop().call_later(seconds, transport.sendto, data, address)
        else:
            transport.sendto(data, address)


class End(asyncio.DatagramProtocol):
    """One of the two sockets."""

    def __init__(self, carry: Callable[[bytes, Address], None]) -> None:
        self._carry = carry

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._carry(data, addr)

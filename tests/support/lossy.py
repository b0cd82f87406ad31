"""A network that loses, delays and damages UDP datagrams: the same ones for the same seed and traffic."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self, cast

Address = tuple[str, int]


class LossyPath(asyncio.DatagramProtocol):
    """Stands between one caller and a server on the loopback address. Nothing is lost until ``share`` is set.

    Of a server whose port is not known at first, it is told by ``server_port``; until then nothing passes.
    ``share`` of the datagrams of either direction is lost; each of the rest is ``delay`` seconds on its way.
    """

    def __init__(self, server_port: int, seed: int) -> None:
        self.share = 0.0
        self.delay = 0.0
        self.lost = 0
        self.passed = 0
        self._random = random.Random(seed)
        self._server: Address = ("127.0.0.1", server_port)
        self._caller: Address | None = None
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, server_port: int = 0, seed: int = 1) -> AsyncIterator[Self]:
        """Listen on a free port of the loopback address."""
        loop = asyncio.get_running_loop()
        transport, path = await loop.create_datagram_endpoint(
            lambda: cls(server_port, seed), local_addr=("127.0.0.1", 0)
        )
        try:
            yield path
        finally:
            transport.abort()

    @property
    def server_port(self) -> int:
        """0: not known."""
        return self._server[1]

    @server_port.setter
    def server_port(self, port: int) -> None:
        self._server = ("127.0.0.1", port)

    @property
    def port(self) -> int:
        """Where the caller has to send to."""
        assert self._transport is not None
        return int(self._transport.get_extra_info("sockname")[1])

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        if not self.server_port:
            return
        if addr != self._server:
            self._caller = addr
        towards = self._server if addr != self._server else self._caller
        if towards is None:
            return
        if self._random.random() < self.share:
            self.lost += 1
            return
        self.passed += 1
        asyncio.get_running_loop().call_later(self.delay, self._send, data, towards)

    def error_received(self, exc: Exception) -> None:
        """The other end is away for a moment: a network says so, too."""

    def _send(self, data: bytes, towards: Address) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data, towards)

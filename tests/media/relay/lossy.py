"""A network that loses packets, always the same ones."""

import asyncio
from typing import Self, cast

Address = tuple[str, int]


class LossyPath(asyncio.DatagramProtocol):
    """Stands between a viewer and the relay; of the media to the viewer every ``nth`` packet is lost once."""

    def __init__(self, relay_port: int, nth: int) -> None:
        self._relay: Address = ("127.0.0.1", relay_port)
        self._nth = nth
        self._viewer: Address | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self._media = 0
        self.lost: list[bytes] = []
        self.repaired = 0
        self.closed = False

    @classmethod
    async def open(cls, relay_port: int, nth: int) -> Self:
        """Listen on a free port of the loopback address."""
        loop = asyncio.get_running_loop()
        _, path = await loop.create_datagram_endpoint(
            lambda: cls(relay_port, nth), local_addr=("127.0.0.1", 0)
        )
        return path

    @property
    def port(self) -> int:
        """Where the viewer has to send to."""
        assert self._transport is not None
        return int(self._transport.get_extra_info("sockname")[1])

    def close(self) -> None:
        """Let go of the port."""
        self.closed = True
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        assert self._transport is not None
        if addr != self._relay:
            self._viewer = addr
            self._transport.sendto(data, self._relay)
        elif self._viewer is not None and not self._loses(data):
            self._transport.sendto(data, self._viewer)

    def _loses(self, data: bytes) -> bool:
        if not 128 <= data[0] < 192 or 192 <= data[1] <= 223:
            return False
        if data in self.lost:
            self.repaired += 1
            return False
        self._media += 1
        if self._media % self._nth == 0:
            self.lost.append(data)
            return True
        return False

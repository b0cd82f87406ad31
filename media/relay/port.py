"""The relay's one UDP socket."""

import asyncio
import socket
from collections.abc import Callable
from ipaddress import ip_address

import structlog

from media.relay.send import Address

log = structlog.get_logger(__name__)

BUFFER_BYTES = 8 * 1024 * 1024
DATAGRAM_BYTES = 2048
ROOM_SECONDS = 0.02
AT_ONCE = 64
"""Datagrams read before other work gets its turn."""


class Port:
    """Reads what arrives and hands it over; ``socket`` is for the sender."""

    def __init__(self, address: str, port: int, receive: Callable[[bytes, Address], None]) -> None:
        self.socket = _bind(address, port)
        self.number: int = self.socket.getsockname()[1]
        self._receive = receive
        self._room: asyncio.Future[None] | None = None
        asyncio.get_running_loop().add_reader(self.socket, self._read)

    async def room(self) -> bool:
        """Wait until the kernel takes more. False: it does not, for longer than a tick can wait.

        On loopback there always is. A network card takes its time, and by default the kernel keeps no more
        than four hundred kilobytes for it.
        """
        loop = asyncio.get_running_loop()
        if self._room is None:
            self._room = loop.create_future()
            loop.add_writer(self.socket, self._has_room)
        try:
            async with asyncio.timeout(ROOM_SECONDS):
                await asyncio.shield(self._room)
        except TimeoutError:
            return False
        return True

    def _has_room(self) -> None:
        asyncio.get_running_loop().remove_writer(self.socket)
        if self._room is not None:
            self._room.set_result(None)
            self._room = None

    def close(self) -> None:
        """Let go of the port."""
        asyncio.get_running_loop().remove_reader(self.socket)
        asyncio.get_running_loop().remove_writer(self.socket)
        self.socket.close()

    def _read(self) -> None:
        for _ in range(AT_ONCE):
            try:
                data, address = self.socket.recvfrom(DATAGRAM_BYTES)
            except BlockingIOError:
                return
            except OSError as error:  # an ICMP error of an earlier send
                log.debug("relay_receive_failed", error=str(error))
                continue
            if data:
                self._receive(data, address)


def reachable_addresses(bound: str, announced: list[str]) -> list[str]:
    """What candidates say: the announced addresses, else the bound one, else those that route out."""
    if announced:
        return announced
    wanted = ip_address(bound)
    if not wanted.is_unspecified:
        return [bound]
    # Ask the routing table for the way to addresses of RFC 5737 and 3849. ``::`` takes both families.
    outward = [_source(socket.AF_INET, "192.0.2.1")]
    if wanted.version == 6:
        outward.append(_source(socket.AF_INET6, "2001:db8::1"))
    return [address for address in outward if address] or ["127.0.0.1"]


def _source(family: socket.AddressFamily, outside: str) -> str:
    """The address from which this machine would send to ``outside``; empty for none. Sends nothing."""
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((outside, 9))
            return str(probe.getsockname()[0])
    except OSError:
        return ""


def _bind(address: str, port: int) -> socket.socket:
    """Dual stack for ``::``, otherwise of the address's own family. Raises ``OSError``."""
    family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if address == "::" else 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        sock.setblocking(False)
        sock.bind((address, port))
    except OSError:
        sock.close()
        raise
    return sock

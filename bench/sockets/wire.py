"""The least of a Socket.IO client, so that thousands fit on one core (RFC 6455, engine.io 4)."""

import asyncio
import os
import struct
from collections.abc import Callable

NAMESPACE = "/audience"
_PONG = b"3"
_SHORT, _LONG = 126, 127


def request(host: str, port: int) -> bytes:
    """The opening handshake."""
    lines = (
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
        f"Host: {host}:{port}",
        f"Origin: http://{host}:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "",
        "",
    )
    return "\r\n".join(lines).encode()


def masked(data: bytes) -> bytes:
    """One text frame of a client."""
    if len(data) >= _SHORT:
        raise ValueError("Only short messages are sent")
    mask = os.urandom(4)
    return bytes((0x81, 0x80 | len(data))) + mask + bytes(byte ^ mask[n % 4] for n, byte in enumerate(data))


class Listener(asyncio.Protocol):
    """Enters the namespace, answers pings, and hands every event's text to ``heard``."""

    def __init__(self, opening: bytes, entering: bytes, heard: Callable[[bytes], None]) -> None:
        self._opening = opening
        self._entering = entering
        self._heard = heard
        self._rest = b""
        self._open = False
        self._wire: asyncio.Transport | None = None
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        assert isinstance(transport, asyncio.Transport)
        self._wire = transport
        transport.write(self._opening)

    def connection_lost(self, exc: Exception | None) -> None:
        """Remember it: nobody may be lost in a round that counts."""
        self.lost = True

    def close(self) -> None:
        """Hang up."""
        if self._wire is not None:
            self._wire.close()

    def data_received(self, data: bytes) -> None:
        """Cut what came into frames; servers do not mask."""
        self._rest += data
        if not self._open:
            head, found, self._rest = self._rest.partition(b"\r\n\r\n")
            if not found:
                self._rest = head
                return
            if b" 101 " not in head:
                raise ConnectionError(head.decode(errors="replace"))
            self._open = True
        while (frame := self._frame()) is not None:
            self._take(frame)

    def _frame(self) -> bytes | None:
        rest = self._rest
        if len(rest) < 2:
            return None
        size, start = rest[1], 2
        if size == _SHORT:
            start = 4
            if len(rest) < start:
                return None
            (size,) = struct.unpack_from(">H", rest, 2)
        elif size == _LONG:
            start = 10
            if len(rest) < start:
                return None
            (size,) = struct.unpack_from(">Q", rest, 2)
        if len(rest) < start + size:
            return None
        self._rest = rest[start + size :]
        return rest[start : start + size]

    def _take(self, packet: bytes) -> None:
        assert self._wire is not None
        if packet == b"2":
            self._wire.write(masked(_PONG))
        elif packet.startswith(b"0"):
            self._wire.write(masked(self._entering))
        elif packet.startswith(b"42"):
            self._heard(packet)

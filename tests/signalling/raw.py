"""Socket.IO by hand: what a well-meaning client library would never send."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

PATH = "/socket.io/?EIO=4&transport=websocket"
SECONDS = 5.0


@dataclass
class Raw:
    """One engine.io connection over a WebSocket."""

    wire: ClientWebSocketResponse
    extensions: str
    """What the server agreed to when the handshake offered compression."""

    async def say(self, text: str) -> None:
        await self.wire.send_str(text)

    async def until(self, start: str) -> str:
        """The next packet that starts so; the rest of it. Pings are answered, all else is passed over."""
        async with asyncio.timeout(SECONDS):
            while True:
                message = await self.wire.receive()
                assert message.type is WSMsgType.TEXT, f"waited for {start!r} and got {message}"
                if message.data == "2":
                    await self.wire.send_str("3")
                elif message.data.startswith(start):
                    return str(message.data)[len(start) :]

    async def enter(self, namespace: str, auth: object) -> None:
        """Connect to a namespace that lets us in."""
        await self.say(f"40{namespace},{json.dumps(auth)}")
        await self.until(f"40{namespace},")

    async def ask(self, namespace: str, data: object, number: int = 1) -> Any:
        """Send an event's raw data and return its acknowledgement."""
        await self.say(f"42{namespace},{number}{json.dumps(data)}")
        answer = json.loads(await self.until(f"43{namespace},{number}"))
        return answer[0] if answer else None

    async def hung_up(self) -> None:
        """Wait for the server to close."""
        async with asyncio.timeout(SECONDS):
            while (await self.wire.receive()).type not in (
                WSMsgType.CLOSE,
                WSMsgType.CLOSED,
                WSMsgType.ERROR,
            ):
                pass


@asynccontextmanager
async def raw(address: str, headers: dict[str, str] | None = None) -> AsyncIterator[Raw]:
    """Connected, and in no namespace yet. Offers compression, as browsers do."""
    async with (
        ClientSession() as session,
        session.ws_connect(address + PATH, compress=15, headers=headers) as wire,
    ):
        extensions = wire.get_extra_info("extensions", "")
        line = Raw(wire, str(extensions) if wire.compress else "")
        await line.until("0")
        yield line


class Deaf:
    """Opens a WebSocket, enters a namespace, and never reads again. Its receive buffer is small."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.setblocking(False)

    async def enter(self, address: str, namespace: str, auth: object) -> None:
        loop = asyncio.get_running_loop()
        host, _, port = address.removeprefix("http://").partition(":")
        await loop.sock_connect(self._socket, (host, int(port)))
        lines = (
            f"GET {PATH} HTTP/1.1",
            f"Host: {host}:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "",
            "",
        )
        await loop.sock_sendall(self._socket, "\r\n".join(lines).encode())
        answer = b""
        async with asyncio.timeout(SECONDS):
            while b"\r\n\r\n" not in answer:
                answer += await loop.sock_recv(self._socket, 1024)
        assert b" 101 " in answer, answer
        await loop.sock_sendall(self._socket, _frame(f"40{namespace},{json.dumps(auth)}"))

    async def find_the_end(self) -> None:
        """Read at last: what is left, and then that the server hung up long ago."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(SECONDS):
            try:
                while await loop.sock_recv(self._socket, 65536):
                    pass
            except ConnectionResetError:
                return

    def close(self) -> None:
        self._socket.close()


def _frame(text: str) -> bytes:
    """One masked text frame of less than 126 bytes (RFC 6455, section 5.2)."""
    data, mask = text.encode(), os.urandom(4)
    assert len(data) < 126
    return bytes((0x81, 0x80 | len(data))) + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))

"""The Socket.IO server with python-socketio's traps closed.

Compression is off (it costs seven times the memory of a connection and doubles the time of a send), payloads
are small, and a client that does not read is cut off instead of filling memory: engine.io's queues have no
bound of their own.
"""

import asyncio
from typing import Any

import engineio
import socketio
import structlog
from aiohttp import web
from engineio.async_drivers import aiohttp as driver
from socketio.packet import BINARY_ACK, BINARY_EVENT, Packet

from signalling.fanout import Fanout
from signalling.neighbours import Neighbours
from signalling.outbox import Outbox

log = structlog.get_logger(__name__)

PAYLOAD_LIMIT = 128 * 1024
"""Bytes of one message from a client: an SDP offer is the longest."""
SAMPLE_EVERY = 1.0
FAREWELL_SECONDS = 0.3
"""In which a goodbye is sent and read."""
PING_INTERVAL = 10
PING_TIMEOUT = 10


class _TextPacket(Packet):  # type: ignore[misc]  # socketio carries no types
    """No attachments: we have none, and python-socketio would gather as many as a client likes."""

    def decode(self, encoded_packet: str) -> int:
        if super().decode(encoded_packet) or self.packet_type in (BINARY_EVENT, BINARY_ACK):
            raise ValueError("Attachments are not taken here.")
        return 0


class _PlainWebSocket(driver.WebSocket):  # type: ignore[misc]  # engineio carries no types
    """The driver's socket without permessage-deflate."""

    async def __call__(self, environ: dict[str, Any]) -> web.WebSocketResponse:
        request: web.Request = environ["aiohttp.request"]
        self._sock = web.WebSocketResponse(max_msg_size=PAYLOAD_LIMIT, compress=False)
        await self._sock.prepare(request)
        socket = self.handler.__self__
        self._outbox: Outbox = socket.queue
        self._outbox.wire = request.transport
        self.environ = environ
        try:
            await self.handler(self)
        except (ValueError, RecursionError) as error:
            # engine.io lets go of a client that sends no packets, and forgets to clear up after it.
            log.info("socket_packet_broken", error=str(error))
            await socket.close(wait=False, abort=True)
            await socket.queue.put(None)
        return self._sock

    async def send(self, message: str) -> None:
        await super().send(message)
        self._outbox.sent()


class _Engine(engineio.AsyncServer):  # type: ignore[misc]  # engineio carries no types
    """Waits for no client: not when its queue is full, and not until it has fetched the last farewell."""

    def create_queue(self) -> Outbox:
        return Outbox()

    async def disconnect(self, sid: str | None = None) -> None:
        for name in list(self.sockets) if sid is None else [sid]:
            if (socket := self.sockets.pop(name, None)) is not None:
                await socket.close(wait=False, reason=self.reason.SERVER_DISCONNECT)


class _Server(socketio.AsyncServer):  # type: ignore[misc]  # socketio carries no types
    def _engineio_server_class(self) -> type[_Engine]:
        return _Engine


def make_server(neighbours: Neighbours | None = None) -> socketio.AsyncServer:
    """A server for one hub, or one of several that share Redis."""
    server = _Server(
        async_mode="aiohttp",
        client_manager=neighbours or Fanout(),
        serializer=_TextPacket,
        max_http_buffer_size=PAYLOAD_LIMIT,
        http_compression=False,
        ping_interval=PING_INTERVAL,
        ping_timeout=PING_TIMEOUT,
        logger=False,
        engineio_logger=False,
    )
    server.eio._async = {**server.eio._async, "websocket": _PlainWebSocket}
    return server


async def hang_up(server: socketio.AsyncServer) -> None:
    """Say goodbye to everybody, and cut off who does not leave. They come back by themselves."""
    sockets = list(server.eio.sockets.values())
    await server.eio.disconnect()
    if sockets:
        await asyncio.sleep(FAREWELL_SECONDS)
    for socket in sockets:
        _cut(socket)
    await server.shutdown()


async def evict_slow_clients(server: socketio.AsyncServer) -> None:
    """Cut off clients with a full queue, for ever. They come back by themselves and get a fresh snapshot."""
    while True:
        await asyncio.sleep(SAMPLE_EVERY)
        for name, socket in list(server.eio.sockets.items()):
            if socket.queue.overflowed and not socket.closed:
                log.warning("socket_too_slow", socket=name)
                await socket.close(wait=False, abort=True)
                # engine.io's writer waits for the client to read, and would wait for ever.
                _cut(socket)


def _cut(socket: Any) -> None:
    outbox: Outbox = socket.queue
    if outbox.wire is not None:
        outbox.wire.abort()

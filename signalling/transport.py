"""The Socket.IO server with python-socketio's traps closed.

Compression is off (it costs seven times the memory of a connection and doubles the time of a send), payloads
are small, and a client that does not read is cut off instead of filling memory: engine.io's queues have no
bound of their own.
"""

import asyncio
from typing import Any

import socketio
import structlog
from aiohttp import web
from engineio.async_drivers import aiohttp as driver

log = structlog.get_logger(__name__)

PAYLOAD_LIMIT = 128 * 1024
"""Bytes of one message from a client: an SDP offer is the longest."""
QUEUE_LIMIT = 64
SAMPLE_EVERY = 1.0
PING_INTERVAL = 10
PING_TIMEOUT = 10


class _PlainWebSocket(driver.WebSocket):  # type: ignore[misc]  # engineio carries no types
    """The driver's socket without permessage-deflate."""

    async def __call__(self, environ: dict[str, Any]) -> web.WebSocketResponse:
        request: web.Request = environ["aiohttp.request"]
        self._sock = web.WebSocketResponse(max_msg_size=PAYLOAD_LIMIT, compress=False)
        await self._sock.prepare(request)
        self.environ = environ
        await self.handler(self)
        return self._sock


def make_server(redis_url: str = "") -> socketio.AsyncServer:
    """A server for one hub, or one of several that share Redis."""
    manager = socketio.AsyncRedisManager(redis_url) if redis_url else None
    server = socketio.AsyncServer(
        async_mode="aiohttp",
        client_manager=manager,
        max_http_buffer_size=PAYLOAD_LIMIT,
        http_compression=False,
        ping_interval=PING_INTERVAL,
        ping_timeout=PING_TIMEOUT,
        logger=False,
        engineio_logger=False,
    )
    server.eio._async = {**server.eio._async, "websocket": _PlainWebSocket}
    return server


async def evict_slow_clients(server: socketio.AsyncServer) -> None:
    """Cut off clients with a full queue, for ever. They come back by themselves and get a fresh snapshot."""
    while True:
        await asyncio.sleep(SAMPLE_EVERY)
        for name, socket in list(server.eio.sockets.items()):
            if socket.queue.qsize() > QUEUE_LIMIT:
                log.warning("socket_too_slow", socket=name, waiting=socket.queue.qsize())
                await socket.close(wait=False, abort=True)

"""The RTMP port: takes connections, within limits."""

import asyncio
from collections import Counter

import structlog

from media.ingest.door import Door
from media.ingest.rtmp_session import RtmpSession

log = structlog.get_logger(__name__)

MOST_CONNECTIONS = 64
MOST_FROM_ONE = 32
"""Connections from one address, half-open ones included."""
READ_AHEAD = 128 * 1024


class RtmpFront:
    """Listens on one TCP port. Past the limits a connection is closed at once, unread."""

    def __init__(self, host: str, port: int, door: Door) -> None:
        self._host = host
        self._port = port
        self._door = door
        self._tasks: dict[asyncio.Task[None], str] = {}
        self._crowded = False
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port in use; 0 before ``start``."""
        return int(self._server.sockets[0].getsockname()[1]) if self._server is not None else 0

    @property
    def connections(self) -> int:
        """Open connections, half-open ones included."""
        return len(self._tasks)

    async def start(self) -> None:
        """Listen. Raises ``OSError`` when the port is taken."""
        self._server = await asyncio.start_server(
            self._accept, self._host, self._port, limit=READ_AHEAD, backlog=64
        )

    async def close(self) -> None:
        """Stop listening and end every connection."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("peername")
        address = str(peer[0]) if peer else "unknown"
        from_one = Counter(self._tasks.values())[address]
        if len(self._tasks) >= MOST_CONNECTIONS or from_one >= MOST_FROM_ONE:
            self._crowd(address)
            writer.transport.abort()
            return
        self._crowded = False
        session = RtmpSession(reader, writer, address, self._door)
        task = asyncio.create_task(session.serve())
        self._tasks[task] = address
        task.add_done_callback(self._ended)

    def _crowd(self, address: str) -> None:
        """A flood gets one line in the log."""
        if not self._crowded:
            log.warning("rtmp_too_many_connections", address=address, connections=len(self._tasks))
        self._crowded = True

    def _ended(self, task: "asyncio.Task[None]") -> None:
        del self._tasks[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("rtmp_session_failed", exc_info=error)

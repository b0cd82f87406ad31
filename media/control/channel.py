"""Lines of JSON over a Unix or TCP stream: requests with replies one way, events the other.

The media process listens and the hub connects, so that a studio outlives its hub and a hub that comes back
finds its studios (design principle 5). The protocol is written down in ``docs/protocol.md``.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import structlog

from media.control.answers import Answers, Handler, encode, result_of
from media.control.command import Command, Disconnected, Event, Message, Payload

log = structlog.get_logger(__name__)

LINE_LIMIT = 2 * 1024 * 1024
EVENTS_WAITING = 512
CLOSE_SECONDS = 2.0
CALLS_AT_ONCE = 32

R = TypeVar("R", bound=Message)


class ControlServer:
    """The media process's end. Handlers run side by side: a cut never waits for a slow command before it."""

    def __init__(self, path: Path, handlers: Mapping[type[Command[Any]], Handler]) -> None:
        self._path = path
        self._answers = Answers(handlers)
        self._peers: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.last_seen_peer = asyncio.get_event_loop().time()

    async def start(self) -> None:
        """Listen. An abandoned socket file of an earlier process is replaced."""
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, path=self._path, limit=LINE_LIMIT)
        self._path.chmod(0o600)

    async def close(self) -> None:
        """Stop listening, send the replies in hand, hang up."""
        if self._server is not None:
            self._server.close()
        for peer in list(self._peers):
            peer.close()
        if self._serving:
            _, unfinished = await asyncio.wait(self._serving, timeout=CLOSE_SECONDS)
            for serving in unfinished:
                serving.cancel()
        if self._server is not None:
            await self._server.wait_closed()
        self._path.unlink(missing_ok=True)

    @property
    def peers(self) -> int:
        """How many hubs are connected."""
        return len(self._peers)

    def publish(self, event: Event) -> None:
        """Tell every peer. A peer that does not read is hung up on rather than waited for."""
        line = encode({"event": event.name, "data": event.model_dump(mode="json")})
        for peer in list(self._peers):
            if peer.transport.get_write_buffer_size() > LINE_LIMIT:
                log.warning("control_peer_too_slow")
                peer.transport.abort()
                self._peers.discard(peer)
            else:
                peer.write(line)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        places = asyncio.Semaphore(CALLS_AT_ONCE)
        self._peers.add(writer)
        if serving := asyncio.current_task():
            self._serving.add(serving)
            serving.add_done_callback(self._serving.discard)
        try:
            async with asyncio.TaskGroup() as calls:
                while line := await reader.readline():
                    await places.acquire()
                    calls.create_task(self._reply(line, writer, places))
        except* (ConnectionError, ValueError) as lost:
            log.info("control_peer_lost", error=str(lost.exceptions[0]))
        finally:
            self._peers.discard(writer)
            self.last_seen_peer = asyncio.get_running_loop().time()
            writer.close()

    async def _reply(self, line: bytes, writer: asyncio.StreamWriter, places: asyncio.Semaphore) -> None:
        try:
            writer.write(encode(await self._answers.answer(line)))
            await writer.drain()
        finally:
            places.release()


class ControlClient:
    """The hub's end of one channel. Connect, ``call``, iterate ``events``, ``close``."""

    def __init__(self, path: Path, events: tuple[type[Event], ...] = ()) -> None:
        self._path = path
        self._kinds = {kind.name: kind for kind in events}
        self._waiting: dict[int, asyncio.Future[Payload]] = {}
        self._events: asyncio.Queue[Event | None] = asyncio.Queue(EVENTS_WAITING)
        self._number = 0
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self.closed = asyncio.Event()

    async def connect(self) -> None:
        """Open the stream. Raises ``OSError`` when nobody listens."""
        reader, self._writer = await asyncio.open_unix_connection(self._path, limit=LINE_LIMIT)
        self._reading = asyncio.create_task(self._read(reader))

    async def call(self, command: Command[R], deadline: float = 10.0) -> R:
        """Send a command and wait for its reply.

        Raises ``Refused`` when the process says no, ``Disconnected`` when it goes away or stays silent past
        the deadline.
        """
        if self._writer is None or self.closed.is_set():
            raise Disconnected(f"No connection to {self._path.name}")
        self._number += 1
        number = self._number
        reply: asyncio.Future[Payload] = asyncio.get_running_loop().create_future()
        self._waiting[number] = reply
        try:
            self._writer.write(
                encode({"id": number, "call": command.name, "args": command.model_dump(mode="json")})
            )
            await self._writer.drain()
            async with asyncio.timeout(deadline):
                answer = await reply
        except (ConnectionError, TimeoutError) as error:
            raise Disconnected(f"No answer from {self._path.name} to {command.name}") from error
        finally:
            self._waiting.pop(number, None)
            if reply.done() and not reply.cancelled():
                reply.exception()  # whoever is sent away does not ask what became of it
        return result_of(command, answer)

    async def events(self) -> AsyncIterator[Event]:
        """Events as they come; ends when the process goes away."""
        while (event := await self._events.get()) is not None:
            yield event

    async def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
            with suppress(ConnectionError):
                await self._writer.wait_closed()
        if self._reading is not None:
            await self._reading

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                self._take(json.loads(line))
        except (ConnectionError, ValueError) as error:
            log.info("control_process_lost", path=self._path.name, error=str(error))
        finally:
            self.closed.set()
            for reply in self._waiting.values():
                if not reply.done():
                    reply.set_exception(Disconnected(f"{self._path.name} went away"))
            self._put(None)

    def _take(self, message: Payload) -> None:
        if "event" in message:
            kind = self._kinds.get(message["event"])
            if kind is not None:
                self._put(kind.model_validate(message["data"]))
            return
        reply = self._waiting.get(message["id"])
        if reply is not None and not reply.done():
            reply.set_result(message)

    def _put(self, event: Event | None) -> None:
        """Bounded: the oldest event gives way, since each event tells the whole present state."""
        if self._events.full():
            self._events.get_nowait()
        self._events.put_nowait(event)

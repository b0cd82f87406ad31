"""The studio's socket for byte streams: RTMP and SRT encoders, by way of the ingest process.

A connection begins with one JSON line ``{"source": …, "protocol": "rtmp" | "srt", "label": …, "kept": n}``;
the NUT stream follows. The studio answers only to say no: ``{"ok": false, "sentence": …}``, and closes.
"""

import asyncio
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Literal

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from media.control.command import Refused
from media.sources import stream
from media.sources.damage import Damage
from media.sources.decoding import Decoder
from media.sources.desk import FeedDesk
from media.sources.nut import head_of, read_head, read_kept, resume
from media.sources.spare import SpareDecoder

log = structlog.get_logger(__name__)

MOST_FEEDS = 8
MOST_WAITING = 16
"""Connections open at once, those before their first line included."""
HELLO_SECONDS = 5.0
LONGEST_HELLO = 4096
UNREAD = 65_536
MOST_KEPT = 32 * 1024 * 1024
MOST_CRASHES = 5
"""Of the decoder of one connection; then the stream itself is the cause."""


class Hello(BaseModel):
    """The first line of a connection."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = Field(min_length=1, max_length=100)
    protocol: Literal["rtmp", "srt"]
    label: str = Field(max_length=200)
    kept: int = Field(default=0, ge=0, le=MOST_KEPT)
    """Bytes of the stream that were before this studio: pictures refer to them, and nobody is shown them."""


class FeedsServer:
    """Listens on a Unix socket and gives every connection a thread, at most ``MOST_FEEDS``."""

    def __init__(self, path: Path, desk: FeedDesk, spare: SpareDecoder) -> None:
        self._path = path
        self._desk = desk
        self._feeds: set[_Feed] = set()
        self._connections: set[socket.socket] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._threads = ThreadPoolExecutor(MOST_FEEDS, thread_name_prefix="feed")
        self._spare = spare
        self._listener: socket.socket | None = None
        self._accepting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen. An abandoned socket file of an earlier studio is replaced. Raises ``OSError``."""
        self._path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(self._path))
        self._path.chmod(0o600)
        self._listener.listen(MOST_WAITING)
        self._listener.setblocking(False)
        self._accepting = asyncio.create_task(self._accept(self._listener))

    async def close(self) -> None:
        """Stop listening and end every feed."""
        if self._accepting is not None:
            self._accepting.cancel()
            await asyncio.gather(self._accepting, return_exceptions=True)
        for feed in list(self._feeds):
            feed.end("The studio is closing.")
        for connection in self._connections:
            _stop_reading(connection)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown(wait=False)
        if self._listener is not None:
            self._listener.close()
        self._path.unlink(missing_ok=True)

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            connection, _ = await loop.sock_accept(listener)
            if len(self._tasks) >= MOST_WAITING:
                log.warning("too_many_feeds")
                connection.close()
                continue
            task = asyncio.create_task(self._serve(connection))
            self._tasks.add(task)
            task.add_done_callback(self._served)

    def _served(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("feed_failed", exc_info=error)

    async def _serve(self, connection: socket.socket) -> None:
        with connection:
            connection.setblocking(False)
            self._connections.add(connection)
            try:
                hello, begun = await _read_hello(connection)
            except (OSError, ValidationError, ValueError) as error:
                log.warning("feed_not_understood", error=str(error))
                return
            finally:
                self._connections.discard(connection)
            feed = _Feed(connection, hello, self._desk, self._spare)
            if len(self._feeds) >= MOST_FEEDS:
                feed.refuse(f"The studio takes {MOST_FEEDS} encoders at once.")
                return
            self._feeds.add(feed)
            self._spare.enter()
            try:
                await asyncio.get_running_loop().run_in_executor(self._threads, feed.play, begun)
            finally:
                self._feeds.discard(feed)
                await asyncio.to_thread(self._spare.leave)


class _Feed:
    """One connection, from its first line to its end. Its bytes are decoded by a child process."""

    def __init__(self, connection: socket.socket, hello: Hello, desk: FeedDesk, spare: SpareDecoder) -> None:
        self._connection = connection
        self._hello = hello
        self._desk = desk
        self._spare = spare
        self._lock = threading.Lock()
        self._ended: str | None = None
        self._decoder: Decoder | None = None
        self._head = b""

    def end(self, sentence: str) -> None:
        """From any thread: stop at once, and say why."""
        with self._lock:
            self._ended = self._ended or sentence
            if self._decoder is not None:
                self._decoder.kill()
        _stop_reading(self._connection)

    def play(self, begun: bytes) -> None:
        """Blocks its thread until the stream is over."""
        crashes, kept = 0, self._hello.kept
        try:
            while self._once(begun, kept, backlog=bool(crashes or kept)):
                crashes, kept = crashes + 1, 0
                if not self._head or crashes > MOST_CRASHES:
                    self.refuse(f"The decoder of this feed crashed {crashes} times, so it is not taken.")
                    return
                begun = resume(self._connection, self._head, stream.IDLE_SECONDS)
                if not begun or self._ended is not None:
                    return
        except Refused as refusal:
            self.refuse(refusal.message)

    def refuse(self, sentence: str) -> None:
        """Turn the connection away."""
        self._desk.refuse(self._hello.source, self._hello.protocol, sentence)
        self._answer(sentence)

    def _once(self, begun: bytes, kept: int, *, backlog: bool) -> bool:
        """From the arrival of the source until it is gone. True when its decoder crashed.

        ``backlog``: what it was sent before may wait for it.
        """
        hello, desk = self._hello, self._desk
        intake = desk.arrive(hello.source, hello.protocol, hello.label, self._evicted, backlog=backlog)
        try:
            if not self._head:
                begun = read_head(self._connection, begun, stream.IDLE_SECONDS)
                begun = read_kept(self._connection, begun, kept, stream.IDLE_SECONDS)
                self._head = head_of(begun)
            source = self._connection.fileno()
            decoder = Decoder("stream", source, begun, stream.IDLE_SECONDS, self._spare, kept)
            with self._lock:
                self._decoder = decoder
                if self._ended is not None:
                    decoder.kill()
            self._spare.prepare()
            ending = decoder.run(intake, Damage(intake).heard)
        except BaseException:
            desk.leave(intake, "The studio could not go on with this feed.")
            raise
        if self._ended is not None:
            desk.leave(intake, self._ended)
            self._answer(self._ended)
        elif ending.how == "refused":
            desk.refuse(hello.source, hello.protocol, ending.sentence, intake)
            self._answer(ending.sentence)
        elif ending.how == "crashed":
            desk.refuse(hello.source, hello.protocol, ending.sentence)
            desk.leave(intake, ending.sentence)
        else:
            desk.leave(intake, ending.sentence or "The encoder stopped sending.")
            if ending.sentence:
                self._answer(ending.sentence)
        return self._ended is None and ending.how == "crashed"

    def _evicted(self) -> None:
        self.end("Replaced by a newer connection of the same source.")

    def _answer(self, sentence: str) -> None:
        line = json.dumps({"ok": False, "sentence": sentence}).encode() + b"\n"
        try:
            self._connection.settimeout(1.0)
            self._connection.sendall(line)
            _read_away(self._connection)
        except OSError as error:
            log.info("feed_left_unanswered", error=str(error))


def _stop_reading(connection: socket.socket) -> None:
    # Both ends may have let go of it already.
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RD)


def _read_away(connection: socket.socket) -> None:
    """Closing a Unix socket over unread bytes resets the other end, which then loses what was said to it."""
    _stop_reading(connection)
    connection.setblocking(False)
    with suppress(BlockingIOError):
        while connection.recv(UNREAD):
            pass


async def _read_hello(connection: socket.socket) -> tuple[Hello, bytes]:
    """The first line and what came after it. Raises ``ValueError`` and ``OSError``."""
    loop = asyncio.get_running_loop()
    data = b""
    async with asyncio.timeout(HELLO_SECONDS):
        while b"\n" not in data:
            more = await loop.sock_recv(connection, LONGEST_HELLO)
            if not more or len(data) > LONGEST_HELLO:
                raise ValueError("no first line")
            data += more
    line, _, begun = data.partition(b"\n")
    return Hello.model_validate_json(line), begun

"""The bus on one machine: a Unix socket that the studio listens on."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import structlog

from media.access_unit import AccessUnit
from media.bus.base import BusAddress
from media.bus.group import Backlog, KeptGroup
from media.bus.wire import FrameDecoder, WireError, encode

log = structlog.get_logger(__name__)

WRITE_HIGH = 256 * 1024
"""Bytes that may wait in a reader's transport before its backlog begins to fill."""
READ_SIZE = 64 * 1024
READ_AHEAD = 64
"""Units that were read and not taken: then the publisher has to keep what follows."""
CLOSE_SECONDS = 2.0
BACK_OFF_FIRST = 0.02
BACK_OFF_LAST = 0.5


def socket_path(address: BusAddress) -> Path:
    """The path in ``unix:/path``. Raises ``ValueError`` for another scheme."""
    scheme, _, path = address.url.partition(":")
    if scheme != "unix" or not path:
        raise ValueError(f"{address.url} is not the address of a local bus")
    return Path(path)


class LocalPublisher:
    """The studio's end. Each reader gets the kept group first, then what comes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._group = KeptGroup()
        self._readers: set[_Reader] = set()
        self._server: asyncio.Server | None = None
        self._inode = 0

    @classmethod
    async def open(cls, address: BusAddress) -> "LocalPublisher":
        """Listen at the address. The socket of an earlier studio is replaced. Raises ``OSError``."""
        publisher = cls(socket_path(address))
        await publisher._listen()
        return publisher

    @property
    def readers(self) -> int:
        """How many readers are connected."""
        return len(self._readers)

    def publish(self, unit: AccessUnit) -> None:
        """See ``Publisher.publish``."""
        self._group.add(unit)
        if self._readers:
            frame = encode(unit)
            for reader in list(self._readers):
                reader.offer(unit, frame)

    async def close(self) -> None:
        """See ``Publisher.close``. A reader that takes nothing for two seconds is hung up on."""
        if self._server is None:
            return
        self._server.close()
        readers = list(self._readers)
        for reader in readers:
            reader.finish()
        if readers:
            _, late = await asyncio.wait([reader.gone for reader in readers], timeout=CLOSE_SECONDS)
            for reader in readers:
                if reader.gone in late:
                    reader.abort()
            await asyncio.wait([reader.gone for reader in readers])
        await self._server.wait_closed()
        self._server = None
        with suppress(FileNotFoundError):
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()

    async def _listen(self) -> None:
        self._path.unlink(missing_ok=True)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(self.welcome, path=str(self._path), backlog=64)
        self._path.chmod(0o600)
        self._inode = self._path.stat().st_ino

    def welcome(self) -> "_Reader":
        """One more reader."""
        return _Reader(self._readers, self._group)


class _Reader(asyncio.Protocol):
    """One connected reader, seen from the publisher."""

    def __init__(self, readers: "set[_Reader]", group: KeptGroup) -> None:
        self._readers = readers
        self._group = group
        self._backlog = Backlog()
        self._paused = False
        self._finishing = False
        self._flushing = False
        self._transport: asyncio.Transport | None = None
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  what create_unix_server promises
        self._transport = transport
        transport.set_write_buffer_limits(high=WRITE_HIGH)
        for unit in self._group.units:
            self.offer(unit, encode(unit))
        self._flush()
        self._readers.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._readers.discard(self)
        self._backlog.clear()
        if not self.gone.done():
            self.gone.set_result(None)

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._flush()

    def offer(self, unit: AccessUnit, frame: bytes) -> None:
        """What is published at one moment is written at once: it wakes the reader once."""
        if not self._backlog.offer(unit, frame):
            log.warning("bus_reader_too_slow", overflows=self._backlog.overflows)
        if not self._flushing:
            self._flushing = True
            asyncio.get_running_loop().call_soon(self._flush)

    def finish(self) -> None:
        """Close as soon as all that waits is written."""
        self._finishing = True
        self._flush()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _flush(self) -> None:
        self._flushing = False
        if self._transport is None or self._transport.is_closing():
            return
        while self._backlog and not self._paused:
            self._transport.write(self._backlog.take_together(WRITE_HIGH))
        if self._finishing and not self._backlog:
            self._transport.close()


class LocalSubscription:
    """A reader's end. Connects when iterated, and again whenever the publisher went away."""

    def __init__(self, address: BusAddress) -> None:
        self._path = socket_path(address)
        self._closed = asyncio.Event()
        self._connection: Connection | None = None
        self._back_off = BACK_OFF_FIRST

    def __aiter__(self) -> AsyncIterator[AccessUnit]:
        return self

    async def __anext__(self) -> AccessUnit:
        """The next unit. May be cancelled without losing one."""
        while not self._closed.is_set():
            try:
                unit = await self._next()
            except (OSError, EOFError, WireError) as error:
                log.debug("bus_publisher_away", path=self._path.name, error=repr(error))
                self._hang_up()
                await self._pause()
            else:
                self._back_off = BACK_OFF_FIRST
                return unit
        raise StopAsyncIteration

    async def close(self) -> None:
        """See ``Subscription.close``."""
        self._closed.set()
        connection = self._connection
        self._hang_up()
        if connection is not None:
            await connection.gone.wait()

    async def _next(self) -> AccessUnit:
        if self._connection is None:
            loop = asyncio.get_running_loop()
            _, self._connection = await loop.create_unix_connection(Connection, str(self._path))
            if self._closed.is_set():
                raise EOFError("Closed meanwhile")
        return await self._connection.take()

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.hang_up()
        self._connection = None

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._back_off):
                await self._closed.wait()
        self._back_off = min(self._back_off * 2, BACK_OFF_LAST)


class Connection(asyncio.BufferedProtocol):
    """One connection to a publisher. Reads no further ahead than ``READ_AHEAD`` units."""

    def __init__(self) -> None:
        self._memory = memoryview(bytearray(READ_SIZE))
        self._decoder = FrameDecoder()
        self._units: deque[AccessUnit] = deque()
        self._more = asyncio.Event()
        self._error: Exception | None = None
        self._transport: asyncio.Transport | None = None
        self.gone = asyncio.Event()

    async def take(self) -> AccessUnit:
        """The next unit. Raises what ended the connection once all units before are taken."""
        while not self._units:
            if self._error is not None:
                raise self._error
            self._more.clear()
            if self._transport is not None:
                self._transport.resume_reading()
            await self._more.wait()
        return self._units.popleft()

    def hang_up(self) -> None:
        """End it from this side."""
        self._end(EOFError("Hung up"))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  what create_unix_connection promises
        self._transport = transport

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._memory

    def buffer_updated(self, nbytes: int) -> None:
        try:
            self._units += self._decoder.feed(self._memory[:nbytes])
        except WireError as error:
            self._end(error)
        if len(self._units) > READ_AHEAD and self._transport is not None:
            self._transport.pause_reading()
        self._more.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._end(exc or EOFError("The publisher hung up"))
        self.gone.set()

    def _end(self, error: Exception) -> None:
        self._error = self._error or error
        self._more.set()
        if self._transport is not None:
            self._transport.abort()

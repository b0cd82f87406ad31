"""The bus between machines: one Redis stream for a meeting, trimmed to its last seconds.

An entry has field ``u``, the unit as ``media.bus.wire`` writes it, and, for a key picture, field ``k``.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from typing import Any, TypeVar, cast
from urllib.parse import urldefrag

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from media.access_unit import AccessUnit, Track
from media.bus.base import BusAddress
from media.bus.group import UNITS_A_SECOND, Backlog
from media.bus.wire import WireError, decode, encode

log = structlog.get_logger(__name__)

KEPT_UNITS = 6 * UNITS_A_SECOND
EXPIRE_SECONDS = 30
"""A stream that nobody writes to disappears, so that nobody is shown the last picture of an old meeting."""
BATCH = 64
BLOCK_MS = 1000
SOCKET_SECONDS = 5.0
CLOSE_SECONDS = 2.0
BACK_OFF_FIRST = 0.05
BACK_OFF_LAST = 1.0

T = TypeVar("T")
Fields = dict[bytes, bytes]
Entry = tuple[bytes, Fields]


def stream_key(address: BusAddress) -> str:
    """The key for ``redis://…#ref``. Raises ``ValueError`` without a fragment."""
    ref = urldefrag(address.url).fragment
    if not ref:
        raise ValueError("The address of a Redis bus needs the meeting's ref after a #")
    return f"moothall:bus:{ref}"


def connect(url: str) -> "Redis":
    """A client that fails at once instead of retrying in silence: the callers have their own policy."""
    return Redis.from_url(
        urldefrag(url).url,
        socket_timeout=SOCKET_SECONDS,
        socket_connect_timeout=SOCKET_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


class StreamsPublisher:
    """The studio's end. A bounded queue, drained by one task of its own."""

    def __init__(self, address: BusAddress) -> None:
        self._key = stream_key(address)
        self._client = connect(address.url)
        self._backlog = Backlog()
        self._wake = asyncio.Event()
        self._closing = False
        self._behind = False
        self._task: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, address: BusAddress) -> "StreamsPublisher":
        """Begin to drain. Redis need not be there yet."""
        publisher = cls(address)
        publisher._task = asyncio.create_task(publisher._drain(), name="bus publisher")
        return publisher

    def publish(self, unit: AccessUnit) -> None:
        """See ``Publisher.publish``."""
        mark = b"k" if unit.track.is_video and unit.key else b"-"
        if not self._backlog.offer(unit, mark + encode(unit)) and not self._behind:
            self._behind = True
            log.warning("bus_redis_too_slow", key=self._key)
        self._wake.set()

    async def close(self) -> None:
        """See ``Publisher.close``. Gives Redis two seconds to take what waits."""
        if self._task is None:
            return
        self._closing = True
        self._wake.set()
        _, late = await asyncio.wait([self._task], timeout=CLOSE_SECONDS)
        if late:
            self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._task = None
        await self._client.aclose()

    async def _drain(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._backlog:
                batch = [self._backlog.take() for _ in range(min(BATCH, len(self._backlog)))]
                await self._deliver(batch)
            if self._closing:
                return

    async def _deliver(self, batch: list[bytes]) -> None:
        """Write until Redis took it.

        A batch whose reply was lost is written twice; readers drop the copy by its sequence.
        """
        pause = BACK_OFF_FIRST
        while True:
            try:
                await self._write(batch)
            except (RedisError, OSError) as error:
                if not self._behind:
                    self._behind = True
                    log.warning("bus_redis_away", key=self._key, error=repr(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, BACK_OFF_LAST)
            else:
                if self._behind:
                    self._behind = False
                    log.info("bus_redis_back", key=self._key)
                return

    async def _write(self, batch: list[bytes]) -> None:
        async with self._client.pipeline(transaction=True) as pipe:
            for entry in batch:
                fields: dict[Any, Any] = {b"u": entry[1:]}
                if entry[:1] == b"k":
                    fields[b"k"] = b"1"
                pipe.xadd(self._key, fields, maxlen=KEPT_UNITS, approximate=True)
            pipe.expire(self._key, EXPIRE_SECONDS)
            await pipe.execute()


class Continuity:
    """Lets each unit through once and in order, and a picture only when the one before it came as well."""

    def __init__(self) -> None:
        self._last: dict[Track, tuple[int, int]] = {}
        self._broken: set[Track] = set()

    @property
    def started(self) -> bool:
        """Whether any unit came yet."""
        return bool(self._last)

    def had(self, unit: AccessUnit) -> bool:
        """Whether this unit, or a later one of its track and session, was there before."""
        session, sequence = self._last.get(unit.track, (None, -1))
        return unit.session == session and unit.sequence <= sequence

    def accept(self, unit: AccessUnit) -> bool:
        """Whether the reader should have it."""
        if self.had(unit):
            return False
        whole = (unit.session, unit.sequence - 1) == self._last.get(unit.track)
        self._last[unit.track] = (unit.session, unit.sequence)
        if not unit.track.is_video or unit.key:
            self._broken.discard(unit.track)
            return True
        if not whole:
            self._broken.add(unit.track)
        return unit.track not in self._broken


class Heads:
    """Looks, backwards, for the last key picture of each video track that has pictures behind it."""

    def __init__(self) -> None:
        self._headed: set[Track] = set()
        self._headless: set[Track] = set()
        self._newest: tuple[int, int] | None = None
        self.first: bytes | None = None
        """Where to read on so that the key pictures found so far come."""

    def found(self, identity: bytes, unit: AccessUnit) -> bool:
        """Take the entry before the last one. True when no older one is needed."""
        if not unit.track.is_video:
            return False
        before = self._newest is not None and (unit.session, unit.pts) != self._newest
        if before and not self._headless - self._headed:
            return True
        if unit.track not in self._headed:
            (self._headed if unit.key else self._headless).add(unit.track)
            if unit.key:
                self.first = _before(identity)
                self._newest = self._newest or (unit.session, unit.pts)
        return False


class StreamsSubscription:
    """A reader's end. Begins at the last key pictures in the stream, and reads on when Redis comes back."""

    def __init__(self, address: BusAddress) -> None:
        self._key = stream_key(address)
        self._url = address.url
        self._client: Redis | None = None
        self._closed = asyncio.Event()
        self._units: deque[AccessUnit] = deque()
        self._continuity = Continuity()
        self._position: bytes | None = None
        self._back_off = BACK_OFF_FIRST

    def __aiter__(self) -> AsyncIterator[AccessUnit]:
        return self

    async def __anext__(self) -> AccessUnit:
        """The next unit. May be cancelled without losing one."""
        while not self._closed.is_set():
            if self._units:
                return self._units.popleft()
            try:
                await self._read()
            except (RedisError, OSError, WireError) as error:
                log.info("bus_redis_lost", key=self._key, error=repr(error))
                self._position = None
                await self._pause()
        raise StopAsyncIteration

    async def close(self) -> None:
        """See ``Subscription.close``."""
        self._closed.set()
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    async def _read(self) -> None:
        if self._client is None:
            self._client = connect(self._url)
        entries = await self._unless_closed(self._fetch(self._client))
        for identity, fields in entries or []:
            self._position = identity
            unit = _unit(fields)
            if unit is not None and self._continuity.accept(unit):
                self._units.append(unit)
        self._back_off = BACK_OFF_FIRST

    async def _fetch(self, client: Redis) -> list[Entry]:
        if self._position is None:
            self._position = await self._find_start(client)
        return _entries(await client.xread({self._key: self._position}, count=BATCH, block=BLOCK_MS))

    async def _find_start(self, client: Redis) -> bytes:
        """Where to read on: after what we had, if we had any, else just before the last key pictures."""
        end = b"+"
        heads = Heads()
        while True:
            entries = cast("list[Entry]", await client.xrevrange(self._key, max=end, min="-", count=BATCH))
            if not entries:
                return heads.first or b"0"
            for identity, fields in entries:
                unit = _unit(fields)
                if unit is None:
                    continue
                if self._continuity.started:
                    if self._continuity.had(unit):
                        return identity
                elif heads.found(identity, unit) and heads.first is not None:
                    return heads.first
            end = _before(entries[-1][0])

    async def _unless_closed(self, reading: Coroutine[Any, Any, T]) -> T | None:
        """The reply, or nothing as soon as the subscription is closed."""
        read = asyncio.ensure_future(reading)
        closed = asyncio.ensure_future(self._closed.wait())
        try:
            await asyncio.wait({read, closed}, return_when=asyncio.FIRST_COMPLETED)
            return read.result() if read.done() else None
        finally:
            for task in (read, closed):
                task.cancel()
            # Not ``await task``: whether it is the task that was cancelled or we, that does not tell.
            await asyncio.wait({read, closed})
            if not read.cancelled():
                read.exception()

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._back_off):
                await self._closed.wait()
        self._back_off = min(self._back_off * 2, BACK_OFF_LAST)


def _entries(reply: object) -> list[Entry]:
    """The entries of the one stream asked for. XREAD answers with pairs in RESP2 and a map in RESP3."""
    pairs = (
        list(reply.items()) if isinstance(reply, dict) else cast("list[tuple[bytes, object]]", reply or [])
    )
    if not pairs:
        return []
    entries = cast("list[Any]", pairs[0][1])
    nested = bool(entries) and isinstance(entries[0], list) and not isinstance(entries[0][0], bytes)
    return cast("list[Entry]", entries[0] if nested else entries)


def _unit(fields: Fields) -> AccessUnit | None:
    return decode(fields[b"u"]) if b"u" in fields else None


def _before(identity: bytes) -> bytes:
    """The greatest entry id below this one."""
    milliseconds, _, number = identity.partition(b"-")
    if int(number):
        return b"%d-%d" % (int(milliseconds), int(number) - 1)
    return b"%d-%d" % (int(milliseconds) - 1, 2**64 - 1)

"""The control channel over Redis: for relays on other machines, which the hub has no socket to.

A relay takes requests from one list and pushes each reply to a list that the request names. The lines are
those of the control channel, plus ``reply`` (the key) and ``deadline_ms`` (Unix milliseconds after which
nobody waits).
"""

import asyncio
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypeVar, cast

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from media.clock import Clock, SystemClock
from media.control.answers import Answers, Handler, encode, result_of
from media.control.command import Command, Disconnected, Message, Payload

log = structlog.get_logger(__name__)

R = TypeVar("R", bound=Message)

BLOCK_SECONDS = 1.0
SOCKET_SECONDS = 5.0
REPLY_KEPT_SECONDS = 30
CALLS_WAITING = 256
AT_ONCE = 32
BACK_OFF_SECONDS = 0.5


def calls_key(name: str) -> str:
    """The list that the relay of this name takes its requests from."""
    return f"moothall:relay:{name}:calls"


class RedisControlServer:
    """The relay's end. Calls run side by side, up to ``AT_ONCE``, so that one that waits holds up nobody."""

    def __init__(
        self,
        url: str,
        name: str,
        handlers: Mapping[type[Command[Any]], Handler],
        clock: Clock | None = None,
    ) -> None:
        self._client = open_client(url)
        self._key = calls_key(name)
        self._answers = Answers(handlers)
        self._clock = clock or SystemClock()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._calls: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to take requests. Redis need not be there yet."""
        self._task = asyncio.create_task(self._serve(), name="redis control")

    async def close(self) -> None:
        """Take no more requests, finish those in hand."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._calls:
            await asyncio.wait(self._calls)
        await self._client.aclose()

    async def _serve(self) -> None:
        while True:
            await self._room.acquire()
            line = None
            try:
                line = await self._take()
            except (RedisError, OSError) as error:
                log.info("control_redis_away", error=repr(error))
                await asyncio.sleep(BACK_OFF_SECONDS)
            finally:
                if line is None:
                    self._room.release()
            if line is not None:
                call = asyncio.create_task(self._call(line), name="redis control call")
                self._calls.add(call)
                call.add_done_callback(self._calls.discard)

    async def _take(self) -> bytes | None:
        taken = cast("list[bytes] | None", await self._client.blpop([self._key], timeout=BLOCK_SECONDS))
        return taken[1] if taken else None

    async def _call(self, line: bytes) -> None:
        try:
            reply = self._reply_key(line)
            if reply is None:
                return
            answer = await self._answers.answer(line)
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.rpush(reply, encode(answer))
                pipe.expire(reply, REPLY_KEPT_SECONDS)
                await pipe.execute()
        except (RedisError, OSError) as error:
            log.warning("control_reply_lost", error=repr(error))
        finally:
            self._room.release()

    def _reply_key(self, line: bytes) -> str | None:
        """Where the reply goes. ``None`` when nobody waits any more: the call must then not happen."""
        try:
            request = json.loads(line)
            reply, deadline_ms = str(request["reply"]), float(request["deadline_ms"])
        except (ValueError, KeyError, TypeError) as error:
            log.warning("control_call_not_understood", error=repr(error))
            return None
        if self._clock.wall() * 1000 > deadline_ms:
            log.info("control_call_too_late")
            return None
        return reply


class RedisControlClient:
    """The hub's end, for one relay; the Redis client stays the caller's.

    There are no events this way; the registry tells the load.
    """

    def __init__(self, client: Redis, name: str, clock: Clock | None = None) -> None:
        self._client = client
        self._name = name
        self._clock = clock or SystemClock()

    async def call(self, command: Command[R], deadline: float = 10.0) -> R:
        """Send a command and wait for its reply.

        Raises ``Refused`` when the relay says no, ``Disconnected`` when it stays silent past the deadline or
        Redis is away.
        """
        reply = f"moothall:relay:{self._name}:reply:{secrets.token_hex(12)}"
        request: Payload = {
            "id": reply,
            "call": command.name,
            "args": command.model_dump(mode="json"),
            "reply": reply,
            "deadline_ms": (self._clock.wall() + deadline) * 1000,
        }
        try:
            async with asyncio.timeout(deadline):
                line = await self._exchange(reply, encode(request))
        except (RedisError, OSError, TimeoutError) as error:
            raise Disconnected(f"No answer from {self._name} to {command.name}") from error
        return result_of(command, json.loads(line))

    async def _exchange(self, reply: str, request: bytes) -> bytes:
        key = calls_key(self._name)
        if await cast("Any", self._client.rpush(key, request)) > CALLS_WAITING:
            await cast("Any", self._client.ltrim(key, -CALLS_WAITING, -1))
        await self._client.expire(key, REPLY_KEPT_SECONDS)
        while True:
            taken = cast("list[bytes] | None", await self._client.blpop([reply], timeout=BLOCK_SECONDS))
            if taken:
                return taken[1]


def open_client(url: str) -> Redis:
    """A client that fails at once; the callers have their own policy."""
    return Redis.from_url(
        url,
        socket_timeout=SOCKET_SECONDS,
        socket_connect_timeout=SOCKET_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )

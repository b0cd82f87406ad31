"""The other hubs that share a Redis: what one tells its clients, they tell theirs.

python-socketio's own manager waits for Redis with every message, seconds when it is away and without end when
it hangs, and a console would learn of a cut behind all that. Here a hub's own clients are told at once, and
what the others must know waits by itself.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from socketio.async_pubsub_manager import AsyncPubSubManager

from signalling.fanout import Fanout

log = structlog.get_logger(__name__)

CHANNEL = "moothall:sockets"
SOCKET_SECONDS = 5.0
LISTEN_SECONDS = 1.0
BACK_OFF_SECONDS = 0.5
WAITING = 512
"""Messages that wait for Redis. Most are whole snapshots for a room, so that a newer one takes the place of
an older; beyond that the oldest are lost. Whoever missed one has the next, or asks for it."""
SAME = ("method", "event", "namespace", "room", "sid", "id")
"""What two messages have in common of which the newer says all."""


class Neighbours(AsyncPubSubManager, Fanout):  # type: ignore[misc]  # socketio carries no types
    """A client manager for ``socketio.AsyncServer``. Whoever makes it runs ``follow``."""

    name = "neighbours"

    def __init__(self, redis_url: str) -> None:
        super().__init__(channel=CHANNEL)
        self._client = Redis.from_url(
            redis_url,
            socket_timeout=SOCKET_SECONDS,
            socket_connect_timeout=SOCKET_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._waiting: dict[tuple[Any, ...], str] = {}
        self._wake = asyncio.Event()
        self._away = False

    def initialize(self) -> None:
        """Called by the server with its first client. The base would start a task here that nobody owns."""
        Fanout.initialize(self)

    async def follow(self) -> None:
        """Tell the others and hear them, for ever."""
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._tell(), name="tell the other hubs")
                both.create_task(self._thread(), name="hear the other hubs")
        finally:
            await self._client.aclose()

    @property
    def waiting(self) -> int:
        """Messages that Redis has not taken yet."""
        return len(self._waiting)

    async def _publish(self, data: dict[str, Any]) -> None:
        key = tuple(str(data.get(word)) for word in SAME)
        self._waiting.pop(key, None)
        while len(self._waiting) >= WAITING:
            del self._waiting[next(iter(self._waiting))]
        self._waiting[key] = json.dumps(data)
        self._wake.set()

    async def _tell(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                key, message = next(iter(self._waiting.items()))
                try:
                    await self._client.publish(self.channel, message)
                except (RedisError, OSError) as error:
                    self._note(error)
                    await asyncio.sleep(BACK_OFF_SECONDS)
                else:
                    self._note(None)
                    if self._waiting.get(key) is message:
                        del self._waiting[key]

    async def _listen(self) -> AsyncIterator[dict[str, Any]]:
        while True:
            try:
                async with self._client.pubsub(ignore_subscribe_messages=True) as heard:
                    await heard.subscribe(self.channel)
                    while True:
                        message = await heard.get_message(timeout=LISTEN_SECONDS)
                        if message is not None:
                            yield json.loads(message["data"])
            except (RedisError, OSError, ValueError) as error:
                self._note(error)
                await asyncio.sleep(BACK_OFF_SECONDS)

    def _note(self, error: Exception | None) -> None:
        if error is not None and not self._away:
            log.warning("neighbours_away", error=repr(error))
        elif error is None and self._away:
            log.info("neighbours_back")
        self._away = error is not None

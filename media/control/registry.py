"""Which relays there are: a hash in Redis that every relay refreshes and every hub reads."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

import structlog
from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from media.clock import Clock
from media.control.command import Message
from media.control.over_redis import open_client

log = structlog.get_logger(__name__)

REGISTRY_KEY = "moothall:relays"
BEAT_SECONDS = 2.0
ALIVE_MS = 7_000
"""A relay that was not seen for three beats is not sent any viewers."""
FORGOTTEN_MS = 60_000


class RelayRecord(Message):
    """One relay as it last described itself."""

    address: str
    capacity: int
    viewers: dict[str, int]
    """Connected viewers by meeting."""
    seen_ms: int


async def live_relays(client: Redis, now_ms: int) -> dict[str, RelayRecord]:
    """The relays that were seen lately, by name. Raises ``RedisError``."""
    records = {name: record for name, record in (await _all(client)).items() if record is not None}
    return {name: record for name, record in records.items() if now_ms - record.seen_ms <= ALIVE_MS}


class Registration:
    """Keeps one relay in the registry until ``close`` takes it out."""

    def __init__(self, url: str, name: str, clock: Clock, describe: Callable[[int], RelayRecord]) -> None:
        self._client = open_client(url)
        self._name = name
        self._clock = clock
        self._describe = describe
        self._task = asyncio.create_task(self._beat_for_ever(), name="relay registration")

    async def close(self) -> None:
        """Leave the registry, if Redis is there."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        try:
            await cast("Any", self._client.hdel(REGISTRY_KEY, self._name))
        except (RedisError, OSError) as error:
            log.info("relay_not_unregistered", error=repr(error))
        await self._client.aclose()

    async def _beat_for_ever(self) -> None:
        while True:
            try:
                await self._beat()
            except (RedisError, OSError) as error:
                log.warning("relay_not_registered", error=repr(error))
            await asyncio.sleep(BEAT_SECONDS)

    async def _beat(self) -> None:
        now_ms = int(self._clock.wall() * 1000)
        record = self._describe(now_ms).model_dump_json()
        await cast("Any", self._client.hset(REGISTRY_KEY, self._name, record))
        gone = [
            name
            for name, other in (await _all(self._client)).items()
            if other is None or now_ms - other.seen_ms > FORGOTTEN_MS
        ]
        if gone:
            await cast("Any", self._client.hdel(REGISTRY_KEY, *gone))


async def _all(client: Redis) -> dict[str, RelayRecord | None]:
    """Every record; ``None`` for one that cannot be read."""
    found: dict[str, RelayRecord | None] = {}
    for name, value in (await cast("Any", client.hgetall(REGISTRY_KEY))).items():
        try:
            found[name.decode()] = RelayRecord.model_validate_json(value)
        except ValidationError:
            found[name.decode()] = None
    return found

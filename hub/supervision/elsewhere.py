"""The relays on other machines, as Redis knows them.

They are looked at once a second, so that what consoles are told waits for no Redis.
"""

import asyncio
from contextlib import suppress

import structlog
from redis.exceptions import RedisError

from media.clock import Clock
from media.control.over_redis import RedisControlClient, open_client
from media.control.registry import RelayRecord, live_relays

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0


class Elsewhere:
    """``start`` begins to look. ``records``: the relays that were there at the last look, by name."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._client = open_client(url)
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self.records: dict[str, RelayRecord] = {}
        self.answers = True
        """Whether Redis does."""

    def start(self) -> None:
        """Look once a second."""
        self._task = asyncio.create_task(self._follow(), name="look for relays")

    async def close(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._client.aclose()

    async def look(self) -> dict[str, RelayRecord]:
        """The relays as they are now, none when Redis is away. It is waited for."""
        try:
            self.records = await live_relays(self._client, int(self._clock.wall() * 1000))
        except (RedisError, OSError) as error:
            if self.answers:
                log.warning("relay_registry_away", error=repr(error))
            self.answers, self.records = False, {}
        else:
            self.answers = True
        return self.records

    def relay(self, name: str) -> RedisControlClient:
        """One that takes commands."""
        return RedisControlClient(self._client, name)

    async def _follow(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

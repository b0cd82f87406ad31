"""A house as it stands when nobody runs the demo: ``moothall serve``, embedded, or with its parts apart."""

import re
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis

from tests.support.demo import READY_SECONDS, Moothall, command
from tests.support.postgres import PostgresServer
from tests.support.redis import RedisServer
from tests.support.waiting import until_async

RELAY_NAME = "relay-of-the-story"


@dataclass(frozen=True)
class House:
    """One running hub and what it takes to run further commands beside it."""

    address: str
    hub: Moothall
    relay: Moothall | None
    """A relay apart from the hub; None when the hub has its own."""
    directory: Path
    environment: Mapping[str, str]

    async def run(self, *arguments: str) -> str:
        """Run a command with the hub's settings; what it printed."""
        return await command(self.directory, *arguments, environment=self.environment)

    async def sign_in_link(self, email: str, name: str) -> str:
        """Add a clerk; their one-time link."""
        return (await self.run("user", "add", email, "--name", name)).split()[-1]


@asynccontextmanager
async def embedded(directory: Path) -> AsyncIterator[House]:
    """SQLite, local bus, the hub's own relay."""
    async with _house(directory, {}) as house:
        yield house


@asynccontextmanager
async def distributed(directory: Path) -> AsyncIterator[House]:
    """Debian's PostgreSQL and Redis, and a relay that only knows Redis."""
    async with AsyncExitStack() as stack:
        redis = RedisServer(directory)
        await redis.start()
        stack.push_async_callback(redis.stop)
        postgres = await stack.enter_async_context(PostgresServer())
        settings = {
            "MOOTHALL_DATABASE_URL": postgres.url,
            "MOOTHALL_REDIS_URL": redis.url,
            "MOOTHALL_EMBEDDED_RELAY": "false",
        }
        alone = {"MOOTHALL_REDIS_URL": redis.url, "MOOTHALL_RELAY_NAME": RELAY_NAME}
        alone["MOOTHALL_DATA_DIR"] = str(directory / "relay")
        relay = await stack.enter_async_context(Moothall(directory / "relay.log", "relay", environment=alone))
        async with Redis.from_url(redis.url) as client:
            await until_async(
                lambda: client.hexists("moothall:relays", RELAY_NAME), "the relay", READY_SECONDS
            )
        yield await stack.enter_async_context(_house(directory, settings, relay))


@asynccontextmanager
async def _house(
    directory: Path, settings: Mapping[str, str], relay: Moothall | None = None
) -> AsyncIterator[House]:
    environment = {
        "MOOTHALL_DATA_DIR": str(directory / "data"),
        "MOOTHALL_PORT": str(_free_port()),
        "MOOTHALL_LINGER_SECONDS": "5",
        "MOOTHALL_SMALL_RENDITION": "true",
        **settings,
    }
    async with Moothall(directory / "hub.log", "serve", environment=environment, outlived=True) as hub:
        found = re.search(r"http://\S+", await hub.line())
        assert found, "the hub does not say where it is"
        yield House(found[0], hub, relay, directory, environment)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""A packager that is fed by hand, and its HTTP origin."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from media.access_unit import AccessUnit
from media.config import PackagerConfig
from media.hls.process import Packager
from tests.support.feed import HandFeed, ManualClock
from tests.support.waiting import connected


@dataclass
class House:
    """A running packager, its feed, and a way to fetch."""

    config: PackagerConfig
    feed: HandFeed
    session: aiohttp.ClientSession
    clock: ManualClock
    packager: Packager
    running: asyncio.Task[None]

    async def give(self, units: list[AccessUnit]) -> None:
        self.feed.give(units)
        await self.feed.taken()

    async def get(self, path: str) -> aiohttp.ClientResponse:
        async with asyncio.timeout(20):
            response = await self.session.get(f"http://origin/{path}")
        await response.read()
        return response

    async def text(self, path: str) -> str:
        response = await self.get(path)
        assert response.status == 200, f"{path}: {response.status}"
        return await response.text()

    async def bytes(self, path: str) -> bytes:
        response = await self.get(path)
        assert response.status == 200, f"{path}: {response.status}"
        return await response.read()


@asynccontextmanager
async def house(
    directory: Path,
    run: str = "run1",
    window_seconds: float = 7200,
    language: str | None = None,
    captions: str | None = None,
) -> AsyncIterator[House]:
    config = PackagerConfig(
        control_socket=directory / "c.sock", meeting="m", bus_url="unix:none", directory=directory / "window",
        http_socket=directory / "h.sock", window_seconds=window_seconds, linger_seconds=0,
        interpreted_language=language, captions_language=captions,
    )  # fmt: skip
    feed, clock = HandFeed(), ManualClock()
    packager = Packager(config, feed, clock, run, farewell=0)
    running = asyncio.create_task(packager.run())
    await (await connected(config.control_socket)).close()
    async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(config.http_socket))) as session:
        yield House(config, feed, session, clock, packager, running)
    packager.stop()
    async with asyncio.timeout(10):
        await running

"""A running demo with its generated feed, a studio by itself, and the instruments to break them."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from media.control.studio import GateState
from media.sources.ice import listen_on
from tests.media.studio.house import House
from tests.signalling.line import Line
from tests.support.demo import Demo, demo
from tests.support.judge import Picture, Signature
from tests.support.sockets import RefusalError, Told, signed_in

TEST_CARD = Signature("test card", (200, 0, 200), 440.0)
"""Of the generated feed: one of its bars, and its tone. No slate has either."""
KINDS = ("media.studio", "media.hls", "media.recorder", "media.relay", "media.ingest")


@dataclass(frozen=True)
class Running:
    """A demo, a clerk at its console, and somebody who looks at the public pages."""

    demo: Demo
    clerk: Line
    http: ClientSession

    @property
    def ref(self) -> str:
        return self.demo.links.meeting.rsplit("/", 1)[1]

    @property
    def data(self) -> Path:
        return self.demo.log.parent / "data"

    @property
    def recording(self) -> Path:
        return self.data / "meetings" / self.ref / "recording"

    def pid(self, kind: str) -> int | None:
        """The process of a kind, if there is exactly one."""
        pids = self.demo.processes(kind)
        return pids[0] if len(pids) == 1 else None

    def pids(self) -> dict[str, int | None]:
        """All media processes."""
        return {kind: self.pid(kind) for kind in KINDS}

    async def gate(self, state: str, seconds: float = 10.0) -> Told:
        """Wait until the studio says that its gate is so; its whole status."""
        engine = await self.clerk.until(
            "engine", lambda told: told["studio"] and told["studio"]["gate"]["state"] == state, state, seconds
        )
        studio: Told = engine["studio"]
        return studio

    async def take_live(self) -> None:
        """Back to the public, whatever the tests before have left."""
        if self.clerk.told["state"]["public"]["state"] != "live":
            await self.clerk.call("meeting.return", confirmed=True)
        await self.clerk.until("state", lambda told: told["public"]["state"] == "live", "being live")
        await self.gate("open")

    async def refused(self, command: str, **payload: object) -> RefusalError:
        """Send a command that must be refused."""
        try:
            await self.clerk.call(command, **payload)
        except RefusalError as refusal:
            return refusal
        raise AssertionError(f"{command} was not refused")


@asynccontextmanager
async def attended(running: Demo, cookies: str) -> AsyncIterator[Running]:
    """With a clerk at the console."""
    ref = running.links.meeting.rsplit("/", 1)[1]
    clerk = Line("/console")
    async with ClientSession() as http:
        await clerk.connect(running.links.home, {"meeting": ref}, cookies)
        try:
            await clerk.until("state", bool, "the first snapshot")
            await clerk.until("engine", lambda told: told["studio"], "the studio's status")
            yield Running(running, clerk, http)
        finally:
            await clerk.close()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Demo, str]]:
    """One demo: it takes some seconds to start, and must be none the worse for having been broken before."""
    async with demo(tmp_path_factory.mktemp("faults")) as started:
        yield started, await signed_in(started.links.console)


@pytest.fixture
async def running(shared: tuple[Demo, str]) -> AsyncIterator[Running]:
    """The demo, with the clerk at a fresh console."""
    async with attended(*shared) as hall:
        yield hall


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """One studio, whose gate is open."""
    listen_on("127.0.0.1")
    house = House(tmp_path)
    await house.start()
    await house.gate(GateState.OPEN)
    yield house
    assert await house.stop() == 0


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Somebody else writes to the database and does not stop."""
    other = sqlite3.connect(data / "moothall.sqlite3", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


def guilty(pictures: list[Picture]) -> list[float]:
    """Times of the pictures that show the generated feed."""
    return [one.seconds for one in pictures if one.contains(TEST_CARD.colour)]

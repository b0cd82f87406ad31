"""PostgreSQL dies, or hangs with everything that is connected to it: what commands do then, and after it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from hub.database import Database
from hub.domain.commands.moves import DATABASE_DOWN
from hub.domain.errors import NotSaved
from hub.domain.states.meeting import MeetingState
from hub.migrations import upgrade
from tests.hub.conftest import House, furnish
from tests.support.postgres import PostgresServer

pytestmark = [pytest.mark.distributed, pytest.mark.timeout(120)]

AT_ONCE = 2.0
TOLD_SECONDS = 30.0
"""Until somebody knows that the database did not take it down."""
CROWD = 20
"""More than there are connections."""


async def die(postgres: PostgresServer) -> None:
    await postgres.kill()


async def hang(postgres: PostgresServer) -> None:
    postgres.freeze()


async def mend(postgres: PostgresServer) -> None:
    """Whatever it was."""
    if postgres.running:
        postgres.thaw()
    else:
        await postgres.start()


FAULTS = pytest.mark.parametrize("fail", [die, hang], ids=["it dies", "it hangs"])
Fault = Callable[[PostgresServer], Awaitable[None]]


@pytest.fixture
async def postgres() -> AsyncIterator[PostgresServer]:
    async with PostgresServer() as server:
        await upgrade(server.url)
        yield server


@pytest.fixture
async def house(postgres: PostgresServer) -> AsyncIterator[House]:
    async with Database(postgres.url) as database:
        house = await furnish(database)
        await house.live()
        yield house


async def until_cut(house: House, command: str) -> None:
    """Press, and wait for the studio to be told; what the clerk is told comes later."""
    cut = asyncio.Event()
    house.studio.before = lambda name: cut.set() if name == "cut" else None
    pressed = asyncio.create_task(house.do(command))
    async with asyncio.timeout(AT_ONCE):
        await cut.wait()
    async with asyncio.timeout(TOLD_SECONDS):
        with pytest.raises(NotSaved, match="no longer see or hear"):
            await pressed


@FAULTS
@pytest.mark.parametrize("command", ["gate.cut", "meeting.private", "meeting.adjourn"])
async def test_a_cut_waits_for_no_database_and_its_clerk_is_told(
    house: House, postgres: PostgresServer, fail: Fault, command: str
) -> None:
    await fail(postgres)
    await until_cut(house, command)
    assert not house.studio.open
    await mend(postgres)
    await house.do(command)
    assert await house.state() is not MeetingState.LIVE


@FAULTS
async def test_nothing_is_opened_without_it(house: House, postgres: PostgresServer, fail: Fault) -> None:
    await house.do("meeting.private")
    await fail(postgres)
    async with asyncio.timeout(TOLD_SECONDS):
        # Before the opening began it is the database's own error, which pages and sockets put into words.
        with pytest.raises((NotSaved, *DATABASE_DOWN)):
            await house.do("meeting.return", confirmed=True)
    assert not house.studio.open


@FAULTS
async def test_a_crowd_that_waits_for_it_is_told_and_is_served_when_it_is_back(
    house: House, postgres: PostgresServer, fail: Fault
) -> None:
    await fail(postgres)
    asked = [asyncio.create_task(house.ask(device=f"device-{number}")) for number in range(CROWD)]
    async with asyncio.timeout(TOLD_SECONDS):
        done, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    assert all(isinstance(each.exception(), DATABASE_DOWN) for each in done)
    await mend(postgres)
    async with asyncio.timeout(TOLD_SECONDS):
        await asyncio.gather(*asked, return_exceptions=True)
        assert await house.ask(device="somebody else") > 0

"""PostgreSQL dies or hangs under a live meeting: cuts work at once, nothing opens, and it comes back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from media.sources.ice import listen_on
from tests.faults.conftest import TEST_CARD, Running, attended
from tests.support.demo import demo
from tests.support.judge import pictures
from tests.support.outputs import live_edge
from tests.support.postgres import PostgresServer
from tests.support.sockets import signed_in
from tests.support.waiting import until_async

AT_ONCE = 2.0
TOLD_SECONDS = 30.0
"""Until a clerk knows that the database did not take it down."""
BACK_SECONDS = 40.0
"""Until it is used again; of a machine that hangs, connections are to be given up first."""


async def die(postgres: PostgresServer) -> None:
    await postgres.kill()


async def hang(postgres: PostgresServer) -> None:
    postgres.freeze()


async def come_back(postgres: PostgresServer) -> None:
    await postgres.start()


async def go_on(postgres: PostgresServer) -> None:
    postgres.thaw()


Act = Callable[[PostgresServer], Awaitable[None]]


@asynccontextmanager
async def hall_on(directory: Path, postgres: PostgresServer) -> AsyncIterator[Running]:
    """A live meeting whose database is PostgreSQL, and a clerk."""
    listen_on("127.0.0.1")
    async with (
        demo(directory, environment={"MOOTHALL_DATABASE_URL": postgres.url}) as running,
        attended(running, await signed_in(running.links.console)) as hall,
    ):
        await hall.take_live()
        await until_async(lambda: shows_the_feed(hall), "the feed by HLS", BACK_SECONDS)
        yield hall


async def shows_the_feed(hall: Running) -> bool:
    """Whether the newest picture that the public could have had by HLS is of the meeting."""
    media = await live_edge(hall.http, hall.demo.links.meeting)
    seen = await asyncio.to_thread(lambda: list(pictures(media)) if media else [])
    return bool(seen) and seen[-1].contains(TEST_CARD.colour)


async def shows_a_slate(hall: Running) -> bool:
    """Whether there is a newest picture, and it is none of the meeting."""
    media = await live_edge(hall.http, hall.demo.links.meeting)
    seen = await asyncio.to_thread(lambda: list(pictures(media)) if media else [])
    return bool(seen) and not seen[-1].contains(TEST_CARD.colour)


@pytest.mark.distributed
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("fail", "mend"), [(die, come_back), (hang, go_on)], ids=["PostgreSQL dies", "PostgreSQL hangs"]
)
@pytest.mark.parametrize(
    ("command", "gate"),
    [("gate.cut", "technical"), ("meeting.private", "private")],
)
async def test_the_cut_does_not_wait_for_postgres(
    tmp_path: Path, fail: Act, mend: Act, command: str, gate: str
) -> None:
    async with PostgresServer() as postgres, hall_on(tmp_path, postgres) as hall:
        await fail(postgres)
        cut = asyncio.create_task(hall.refused(command))
        await hall.gate(gate, AT_ONCE)
        await until_async(lambda: shows_a_slate(hall), "the slate by HLS")
        async with asyncio.timeout(TOLD_SECONDS):
            refusal = await cut
        assert refusal.code == "not_saved"
        assert "no longer see or hear" in refusal.message
        async with asyncio.timeout(TOLD_SECONDS):
            await hall.refused("meeting.return", confirmed=True)
        assert (await hall.gate(gate))["gate"]["state"] == gate, "nothing is opened meanwhile"

        await mend(postgres)
        await hall.clerk.until(
            "state",
            lambda told: told["public"]["state"] == gate,
            "what is true, taken down by itself",
            BACK_SECONDS,
        )
        await hall.take_live()
        await until_async(lambda: shows_the_feed(hall), "the feed by HLS again", BACK_SECONDS)

"""Two hubs on one Redis: each tells the other's clients, and its own whatever Redis does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
import socketio
from aiohttp import web

from signalling.neighbours import WAITING, Neighbours
from signalling.transport import make_server
from tests.support.redis import RedisServer
from tests.support.sockets import Socket
from tests.support.waiting import until_async

pytestmark = pytest.mark.distributed
AT_ONCE = 1.0
"""Seconds: less than any time that Redis is waited for."""
ROOM = "/audience"


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[RedisServer]:
    server = RedisServer(tmp_path)
    await server.start()
    yield server
    await server.stop()


@asynccontextmanager
async def hub(redis: RedisServer) -> AsyncIterator[tuple[socketio.AsyncServer, Socket]]:
    """A server that is one of several, and a client of its own."""
    neighbours = Neighbours(redis.url)
    server = make_server(neighbours)
    server.on("connect", lambda sid, environ, auth: None, namespace=ROOM)
    application = web.Application()
    server.attach(application)
    runner = web.AppRunner(application, shutdown_timeout=0.5, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    following = asyncio.create_task(neighbours.follow())
    client = Socket(ROOM)
    try:
        await client.connect(f"http://127.0.0.1:{runner.addresses[0][1]}", {})
        yield server, client
    finally:
        await client.close()
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await runner.cleanup()


@asynccontextmanager
async def two(redis: RedisServer) -> AsyncIterator[tuple[socketio.AsyncServer, Socket, Socket]]:
    """One hub with its client, and the client of another, which hears the first already."""
    async with AsyncExitStack() as stack:
        here, own = await stack.enter_async_context(hub(redis))
        _, far = await stack.enter_async_context(hub(redis))

        async def heard() -> bool:
            await here.emit("state", {"version": 0}, namespace=ROOM)
            return "state" in far.told

        await until_async(heard, "the other hub to listen")
        yield here, own, far


async def tell(server: socketio.AsyncServer, version: int) -> None:
    async with asyncio.timeout(AT_ONCE):
        await server.emit("state", {"version": version}, namespace=ROOM)


async def told(client: Socket, version: int, seconds: float = 15.0) -> None:
    await client.until("state", lambda state: state["version"] == version, f"version {version}", seconds)


async def test_a_client_of_the_other_hub_is_told(redis: RedisServer) -> None:
    async with two(redis) as (here, own, far):
        await tell(here, 1)
        await told(own, 1, AT_ONCE)
        await told(far, 1)


async def test_own_clients_are_told_at_once_while_redis_hangs_and_the_others_after_it(
    redis: RedisServer,
) -> None:
    async with two(redis) as (here, own, far):
        redis.freeze()
        for version in range(1, 6):
            await tell(here, version)
        await told(own, version, AT_ONCE)
        assert far.told["state"]["version"] == 0
        redis.thaw()
        await told(far, version)


async def test_own_clients_are_told_at_once_while_redis_is_dead_and_the_others_after_it(
    redis: RedisServer,
) -> None:
    async with two(redis) as (here, own, far):
        await redis.stop()
        for version in range(1, 6):
            await tell(here, version)
            await told(own, version, AT_ONCE)
        await redis.start()
        # Who listens again too late has missed that one, and gets the next.

        async def heard() -> bool:
            await tell(here, 7)
            return bool(far.told["state"]["version"] == 7)

        await until_async(heard, "the other hub's client to be told again")


async def test_what_waits_for_redis_is_bounded_and_the_newest_stays(redis: RedisServer) -> None:
    neighbours = Neighbours(redis.url)
    make_server(neighbours)
    for number in range(2 * WAITING):
        await neighbours.emit("state", number, namespace=ROOM, room=f"room {number % (WAITING + 1)}")
    assert neighbours.waiting == WAITING

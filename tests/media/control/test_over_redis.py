"""Commands and the registry over a real Redis."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
from redis.asyncio import Redis

from media.clock import SystemClock
from media.control.answers import Handler
from media.control.command import Command, Disconnected, Done, Refused
from media.control.over_redis import CALLS_WAITING, RedisControlClient, RedisControlServer, calls_key
from media.control.registry import FORGOTTEN_MS, REGISTRY_KEY, Registration, RelayRecord, live_relays
from media.control.relay import CloseViewer, DropMeeting, GetRelayStatus, RelayStatus
from tests.support.redis import RedisServer
from tests.support.waiting import until_async

DEADLINE = 20.0
STATUS = RelayStatus(viewers={"m1": 3}, capacity=9, packets_sent=1)


@pytest.fixture
async def redis_server(tmp_path: Path) -> AsyncIterator[RedisServer]:
    server = RedisServer(tmp_path)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def client(redis_server: RedisServer) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_server.url) as opened:
        yield opened


class Handlers:
    """A relay that remembers what it was told."""

    def __init__(self) -> None:
        self.dropped: list[str] = []
        self.hold = asyncio.Event()

    async def status(self, _: GetRelayStatus) -> RelayStatus:
        return STATUS

    async def close(self, _: CloseViewer) -> Done:
        raise Refused("no_session", "There is no such session.")

    async def drop(self, command: DropMeeting) -> Done:
        if command.meeting == "slow":
            await self.hold.wait()
        self.dropped.append(command.meeting)
        return Done()


@pytest.fixture
def handlers() -> Handlers:
    return Handlers()


@pytest.fixture
async def server(redis_server: RedisServer, handlers: Handlers) -> AsyncIterator[RedisControlServer]:
    known: dict[type[Command[Any]], Handler] = {
        GetRelayStatus: handlers.status,
        CloseViewer: handlers.close,
        DropMeeting: handlers.drop,
    }
    opened = RedisControlServer(redis_server.url, "far", known)
    await opened.start()
    yield opened
    await opened.close()


@pytest.mark.usefixtures("server")
async def test_a_command_and_its_typed_reply(client: Redis) -> None:
    assert await RedisControlClient(client, "far").call(GetRelayStatus()) == STATUS


@pytest.mark.usefixtures("server")
async def test_a_refusal_has_its_code(client: Redis) -> None:
    with pytest.raises(Refused) as refusal:
        await RedisControlClient(client, "far").call(CloseViewer(session="x"))
    assert (refusal.value.code, refusal.value.message) == ("no_session", "There is no such session.")


@pytest.mark.usefixtures("server")
async def test_a_slow_command_holds_up_nobody(client: Redis, handlers: Handlers) -> None:
    hub = RedisControlClient(client, "far")
    slow = asyncio.create_task(hub.call(DropMeeting(meeting="slow")))
    await hub.call(DropMeeting(meeting="quick"))
    assert handlers.dropped == ["quick"]
    handlers.hold.set()
    await slow
    assert handlers.dropped == ["quick", "slow"]


async def test_silence_is_told_and_an_overdue_command_is_not_done(
    client: Redis, redis_server: RedisServer, handlers: Handlers
) -> None:
    hub = RedisControlClient(client, "far")
    with pytest.raises(Disconnected):
        await hub.call(DropMeeting(meeting="late"), deadline=0.05)
    assert await cast("Any", client.llen(calls_key("far"))) == 1
    server = RedisControlServer(redis_server.url, "far", {DropMeeting: handlers.drop})
    await server.start()
    await hub.call(DropMeeting(meeting="now"))
    assert handlers.dropped == ["now"]
    await server.close()


async def test_calls_to_nobody_do_not_pile_up(client: Redis) -> None:
    for _ in range(CALLS_WAITING + 5):
        await cast("Any", client.rpush(calls_key("far"), b"{}"))
    with pytest.raises(Disconnected):
        await RedisControlClient(client, "far").call(GetRelayStatus(), deadline=0.05)
    assert await cast("Any", client.llen(calls_key("far"))) == CALLS_WAITING
    assert await client.ttl(calls_key("far")) > 0


@pytest.mark.usefixtures("server")
async def test_noise_in_the_list_is_passed_over(client: Redis) -> None:
    for noise in (b"", b"\xff", b"[]", b'{"reply": 1}', b'{"reply": "x", "deadline_ms": "soon"}'):
        await cast("Any", client.rpush(calls_key("far"), noise))
    assert await RedisControlClient(client, "far").call(GetRelayStatus()) == STATUS


@pytest.mark.usefixtures("server")
async def test_goes_on_after_a_redis_restart(redis_server: RedisServer) -> None:
    await redis_server.stop()
    async with Redis.from_url(redis_server.url) as away:
        with pytest.raises(Disconnected):
            await RedisControlClient(away, "far").call(GetRelayStatus(), deadline=1)
    await redis_server.start()
    async with Redis.from_url(redis_server.url) as back:
        assert await RedisControlClient(back, "far").call(GetRelayStatus(), deadline=DEADLINE) == STATUS


async def test_a_relay_is_listed_while_it_lives(client: Redis, redis_server: RedisServer) -> None:
    def describe(now_ms: int) -> RelayRecord:
        return RelayRecord(address="192.0.2.1:50000", capacity=9, viewers={"m1": 3}, seen_ms=now_ms)

    now_ms = int(time.time() * 1000)
    silent, dead = describe(now_ms - 10_000), describe(now_ms - FORGOTTEN_MS - 1)
    for name, record in (("silent", silent), ("dead", dead)):
        await cast("Any", client.hset(REGISTRY_KEY, name, record.model_dump_json()))
    await cast("Any", client.hset(REGISTRY_KEY, "broken", "{"))
    registration = Registration(redis_server.url, "far", SystemClock(), describe)

    async def tidy() -> bool:
        return set(await cast("Any", client.hgetall(REGISTRY_KEY))) == {b"far", b"silent"}

    await until_async(tidy, "the dead to be forgotten", DEADLINE)
    listed = await live_relays(client, int(time.time() * 1000))
    assert set(listed) == {"far"}
    entry = json.loads(await cast("Any", client.hget(REGISTRY_KEY, "far")))
    assert set(entry) == {"address", "capacity", "viewers", "seen_ms"}
    await registration.close()
    assert await live_relays(client, int(time.time() * 1000)) == {}

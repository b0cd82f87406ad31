"""Redis dies or hangs under a house that is held together by it: the cut does without, and all comes back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis.asyncio import Redis

from media.sources.ice import listen_on
from tests.faults.conftest import TEST_CARD, Running, attended
from tests.faults.test_players_carry_on import watching
from tests.support.demo import READY_SECONDS, Moothall, command, demo
from tests.support.judge import pictures, still
from tests.support.outputs import live_edge
from tests.support.redis import RedisServer
from tests.support.sockets import Socket, audience, signed_in
from tests.support.waiting import until_async

AT_ONCE = 2.0
"""Seconds for what must not wait for Redis, which is waited for five elsewhere."""
BACK_SECONDS = 40.0
RELAY = "relay-of-the-faults"
AWAY = {"redis_away", "no_relay"}
TECHNICAL = "The broadcast has stopped for technical reasons"


@dataclass(frozen=True)
class Apart:
    """A house in two parts, with a clerk, and a viewer's page without a browser."""

    redis: RedisServer
    hall: Running
    viewer: Socket

    @property
    def environment(self) -> dict[str, str]:
        """For commands beside the hub."""
        return {
            "MOOTHALL_DATA_DIR": str(self.hall.data),
            "MOOTHALL_RUN_DIR": str(self.hall.demo.sockets),
            "MOOTHALL_REDIS_URL": self.redis.url,
        }

    async def shows_the_feed(self) -> float:
        """Programme seconds of a picture of the feed at the live edge of HLS; 0 when there is none."""
        media = await live_edge(self.hall.http, self.hall.demo.links.meeting)
        seen = await asyncio.to_thread(lambda: list(pictures(media)) if media else [])
        return max((one.seconds for one in seen if one.contains(TEST_CARD.colour)), default=0.0)


async def die(redis: RedisServer) -> None:
    await redis.stop()


async def hang(redis: RedisServer) -> None:
    redis.freeze()


async def come_back(redis: RedisServer) -> None:
    await redis.start()


async def go_on(redis: RedisServer) -> None:
    redis.thaw()


Act = Callable[[RedisServer], Awaitable[None]]
FAULTS = pytest.mark.parametrize(
    ("fail", "mend"), [(die, come_back), (hang, go_on)], ids=["Redis dies", "Redis hangs"]
)


@asynccontextmanager
async def apart(directory: Path, environment: Mapping[str, str] | None = None) -> AsyncIterator[Apart]:
    """The hub and its studio here, the relay there, and nothing but Redis between them."""
    redis = RedisServer(directory)
    await redis.start()
    far = {"MOOTHALL_REDIS_URL": redis.url, "MOOTHALL_RELAY_NAME": RELAY}
    here = {"MOOTHALL_REDIS_URL": redis.url, "MOOTHALL_EMBEDDED_RELAY": "false"}
    here.update(environment or {})
    try:
        async with (
            Redis.from_url(redis.url) as client,
            Moothall(
                directory / "relay.log",
                "relay",
                environment={**far, "MOOTHALL_DATA_DIR": str(directory / "relay")},
            ),
            demo(directory, environment=here) as running,
            attended(running, await signed_in(running.links.console)) as hall,
            audience(running.links.home, hall.ref, "a-device-of-the-faults") as viewer,
        ):
            await until_async(lambda: client.hexists("moothall:relays", RELAY), "the relay", READY_SECONDS)
            yield Apart(redis, hall, viewer)
    finally:
        await redis.stop()


@pytest.mark.distributed
@pytest.mark.timeout(300)
@FAULTS
async def test_the_cut_does_not_wait_for_redis(tmp_path: Path, fail: Act, mend: Act) -> None:
    listen_on("127.0.0.1")
    async with apart(tmp_path) as house:
        clerk = house.hall.clerk
        await house.hall.take_live()
        shown = await until_async(house.shows_the_feed, "the feed by HLS", BACK_SECONDS)
        await fail(house.redis)
        async with asyncio.timeout(AT_ONCE):
            await clerk.call("gate.cut")
        await house.hall.gate("technical", AT_ONCE)
        await clerk.until(
            "state", lambda told: told["public"]["state"] == "technical", "the console's state", AT_ONCE
        )
        await _the_public_are_told(house)
        await clerk.until(
            "engine",
            lambda told: any(alarm["code"] == "redis_away" for alarm in told["alarms"]),
            "the alarm",
            BACK_SECONDS,
        )
        await mend(house.redis)
        await _everything_comes_back(house, shown)


@pytest.mark.distributed
@pytest.mark.timeout(300)
@FAULTS
async def test_the_cut_at_the_machine_does_without_redis(tmp_path: Path, fail: Act, mend: Act) -> None:
    listen_on("127.0.0.1")
    async with apart(tmp_path) as house:
        await house.hall.take_live()
        shown = await until_async(house.shows_the_feed, "the feed by HLS", BACK_SECONDS)
        await fail(house.redis)
        said = await command(tmp_path, "cut", house.hall.ref, environment=house.environment)
        assert "The gate is closed (technical)." in said
        assert TECHNICAL in said
        await house.hall.gate("technical", AT_ONCE)
        await _the_public_are_told(house)
        await mend(house.redis)
        await _everything_comes_back(house, shown)


async def _the_public_are_told(house: Apart) -> None:
    """By their open pages, by the page anew, and by the still, which come past Redis."""
    told = await house.viewer.until(
        "state", lambda state: state["state"] == "technical", "the slate in words"
    )
    assert told["notice"]["title"] == TECHNICAL
    page = house.hall.demo.links.meeting
    async with house.hall.http.get(f"{page}/state.json") as response:
        assert (await response.json())["state"] == "technical"
    async with house.hall.http.get(page) as response:
        assert TECHNICAL in await response.text()
    async with house.hall.http.get(f"{page}/snapshot.jpg") as response:
        assert response.content_type == "image/jpeg"
        jpeg = await response.read()
    assert not (await asyncio.to_thread(still, jpeg)).contains(TEST_CARD.colour)


async def _everything_comes_back(house: Apart, shown: float) -> None:
    """The slate first, then the meeting: by HLS, by WebRTC through the relay, and in the recording."""
    clerk = house.hall.clerk
    await clerk.until(
        "engine",
        lambda told: not any(alarm["code"] in AWAY for alarm in told["alarms"]),
        "the all-clear",
        BACK_SECONDS,
    )
    engine = clerk.told["engine"]
    recorded = engine["recorder"]["last_seconds"]
    await clerk.until(
        "engine", lambda told: told["recorder"]["last_seconds"] > recorded + 1, "the recording", BACK_SECONDS
    )
    await house.hall.take_live()
    async with watching(house.hall.http, house.hall.demo.links.whep) as player:
        await player.shows_the_meeting(BACK_SECONDS)

    async def later() -> bool:
        return await house.shows_the_feed() > shown

    await until_async(later, "the feed by HLS again", BACK_SECONDS)
    await house.viewer.until("state", lambda state: state["state"] == "live", "the page to be live")

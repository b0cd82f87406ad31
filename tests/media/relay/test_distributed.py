"""A relay that shares nothing with the studio and the hub but Redis."""

import time
from pathlib import Path

import pytest
from redis.asyncio import Redis

from media.control.over_redis import RedisControlClient
from media.control.registry import RelayRecord, live_relays
from media.control.relay import GetRelayStatus, OpenViewer
from tests.media.relay.feed import RED, TONE_HZ, Encoder, Feed
from tests.media.relay.player import Player
from tests.media.relay.process import DEADLINE, RelayProcess
from tests.support.redis import RedisServer
from tests.support.waiting import until_async


@pytest.mark.distributed
async def test_a_viewer_over_redis_alone(tmp_path: Path) -> None:
    server = RedisServer(tmp_path)
    await server.start()
    process = RelayProcess(
        tmp_path,
        bus_url_pattern=f"{server.url}#{{meeting}}",
        redis_url=server.url,
        relay_name="far",
        linger_seconds=0.01,
    )
    await process.start()
    feed = await Feed.open(process.bus("m1"), Encoder(RED, session=1))
    player = Player()
    async with Redis.from_url(server.url) as client:

        async def far() -> RelayRecord | None:
            return (await live_relays(client, int(time.time() * 1000))).get("far")

        record = await until_async(far, "the relay", DEADLINE)
        assert record is not None
        assert record.viewers == {}
        hub = RedisControlClient(client, "far")
        answer = await hub.call(OpenViewer(meeting="m1", sdp=await player.offer()))
        await player.accept(answer.sdp)
        await player.sees(RED)
        assert await player.hears(TONE_HZ) > 0.9
        assert (await hub.call(GetRelayStatus())).viewers == {"m1": 1}
        await player.close()
        assert await process.stop() == 0
        assert await live_relays(client, int(time.time() * 1000)) == {}
    await feed.close()
    await server.stop()

"""PostgreSQL, Redis and the hub are dead at one moment: the cut at the machine needs none of them."""

import asyncio
import base64
import os
import signal
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from media.bus import BusAddress
from media.control.picture import TakePicture
from media.control.studio import GateState, GetStatus
from media.sources.ice import listen_on
from tests.faults.conftest import TEST_CARD
from tests.faults.test_players_carry_on import is_meeting
from tests.faults.test_redis import BACK_SECONDS, TECHNICAL, Apart, apart
from tests.media.studio.viewer import Seen, Viewer
from tests.support.channel import ask
from tests.support.demo import command
from tests.support.judge import Picture, still
from tests.support.postgres import PostgresServer
from tests.support.processes import marked, send
from tests.support.waiting import until_async

TICK = 0.04
GROUPS = 3
"""Seconds of the programme that are looked at once Redis is back."""


def name_of(house: Apart) -> str:
    """Of the meeting's media."""
    (config,) = house.hall.demo.sockets.glob("*.studio.json")
    return config.name.removesuffix(".studio.json")


def socket_of(house: Apart) -> Path:
    """Of the studio."""
    return house.hall.demo.sockets / f"{name_of(house)}.studio"


async def public_picture(house: Apart) -> Picture:
    """What the studio's encoder was given last, asked of the studio itself."""
    taken = await ask(socket_of(house), TakePicture(of="public"))
    return await asyncio.to_thread(still, base64.b64decode(taken.jpeg))


async def ended_at_last(house: Apart) -> None:
    """Nobody is left who would end the media processes of a hub that was killed."""
    send(signal.SIGTERM, marked(house.hall.demo.run))


async def looks_at_what_is_made_from(house: Apart, moment: float) -> None:
    """By the new Redis: nothing of the meeting that was made after ``moment``, Unix seconds, and slates."""
    viewer = Viewer(BusAddress(f"{house.redis.url}#{name_of(house)}"))
    keys = 0

    def looked_at(item: object) -> bool:
        nonlocal keys
        if isinstance(item, Seen) and item.unit.epoch_ms / 1000 + item.unit.seconds > moment:
            assert not is_meeting(item.frame)
            keys += item.unit.key
        return keys > GROUPS

    try:
        await viewer.until(looked_at, BACK_SECONDS)
    finally:
        await viewer.close()


@pytest.mark.distributed
@pytest.mark.timeout(300)
async def test_the_cut_at_the_machine_does_without_all_of_them(tmp_path: Path) -> None:
    listen_on("127.0.0.1")
    async with (
        PostgresServer() as postgres,
        apart(tmp_path, {"MOOTHALL_DATABASE_URL": postgres.url}) as house,
        AsyncExitStack() as stack,
    ):
        await house.hall.take_live()
        await until_async(house.shows_the_feed, "the feed by HLS", BACK_SECONDS)
        assert (await public_picture(house)).contains(TEST_CARD.colour)
        await asyncio.gather(postgres.kill(), house.redis.stop())
        os.kill(house.hall.demo.links.pid, signal.SIGKILL)
        await house.hall.demo.process.wait()
        stack.push_async_callback(ended_at_last, house)

        environment = house.environment | {"MOOTHALL_DATABASE_URL": postgres.url}
        said = await command(tmp_path, "cut", house.hall.ref, environment=environment)
        assert "The gate is closed (technical)." in said
        assert TECHNICAL in said
        gate = (await ask(socket_of(house), GetStatus())).gate
        assert gate.state is GateState.TECHNICAL
        assert not (await public_picture(house)).contains(TEST_CARD.colour)

        # What waits for Redis may have been made before the cut. Nothing was made after it.
        await house.redis.start()
        await looks_at_what_is_made_from(house, gate.since_ms / 1000 + TICK)

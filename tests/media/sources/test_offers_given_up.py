"""A hub that dies in the middle of an offer: what the studio had begun for it is ended."""

import asyncio
from contextlib import suppress

import pytest

from media.clock import SystemClock
from media.sources.desk import FeedDesk
from media.sources.ice import listen_on
from media.sources.spare import SpareDecoder
from media.sources.speaker import Speakers
from media.sources.whip import WhipFeeds
from tests.media.studio.publisher import Publisher, Tone
from tests.support.udp import udp_sockets
from tests.support.waiting import until

STEPS = range(1, 7)
"""Rounds of the loop: in the first of them the studio gathers its addresses."""


@pytest.fixture
def desk() -> FeedDesk:
    listen_on("127.0.0.1")
    return FeedDesk(SystemClock(), print)


async def given_up(opening: "asyncio.Task[object]", steps: int) -> None:
    for _ in range(steps):
        await asyncio.sleep(0)
    opening.cancel()
    with suppress(asyncio.CancelledError):
        await opening


def gone(desk: FeedDesk) -> bool:
    return [one.status().state for one in desk.intakes()] == ["gone"]


@pytest.mark.parametrize("steps", STEPS)
async def test_of_a_publisher(desk: FeedDesk, steps: int) -> None:
    feeds = WhipFeeds(desk, "127.0.0.1", [], lambda: "token", SpareDecoder())
    publisher = Publisher(Tone(440.0))
    sdp = await publisher.offer()
    before = udp_sockets()
    await given_up(asyncio.create_task(feeds.open("chamber", sdp, "Camera")), steps)
    await until(lambda: udp_sockets() == before, "the studio's sockets to be closed")
    await until(lambda: gone(desk), "the desk to know")
    await publisher.close()


@pytest.mark.parametrize("steps", STEPS)
async def test_of_a_speaker(desk: FeedDesk, steps: int) -> None:
    speakers = Speakers(desk, "127.0.0.1", [], SpareDecoder())
    publisher = Publisher(Tone(440.0))
    sdp = await publisher.offer()
    before = udp_sockets()
    await given_up(asyncio.create_task(speakers.open("7", "Ada", sdp)), steps)
    await until(lambda: udp_sockets() == before, "the studio's sockets to be closed")
    await until(lambda: gone(desk), "the desk to know")
    await publisher.close()

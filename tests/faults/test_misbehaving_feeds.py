"""What the public see while a feed does what it should not. A real studio; judged by decoded pictures."""

import asyncio
import itertools
import os
import random
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from media.control.studio import FeedStatus, GateState, GetStatus, OpenFeed
from media.sources.ice import listen_on
from tests.faults.feed import GREEN, PINK, STEP, Feed
from tests.media.sources.children import decoders
from tests.media.studio.house import House
from tests.media.studio.publisher import Colour, Publisher
from tests.media.studio.test_process import slate_colour
from tests.media.studio.viewer import Heard, Seen, Viewer, near
from tests.support.waiting import until_async


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    listen_on("127.0.0.1")
    house = House(tmp_path)
    await house.start()
    await house.gate(GateState.OPEN)
    # On opening, the studio is deaf for two seconds to sources that were there before.
    await until_async(lambda: encoded(house, 2), "the first pictures")
    yield house
    assert await house.stop() == 0


@asynccontextmanager
async def watching(house: House) -> AsyncIterator[Viewer]:
    viewer = Viewer(house.bus)
    yield viewer
    await viewer.close()


def is_slate(item: Seen | Heard) -> bool:
    return isinstance(item, Seen) and near(item.corner, slate_colour())


async def chamber(house: House) -> FeedStatus:
    status = await house.client.call(GetStatus())
    (feed,) = [feed for feed in status.feeds if feed.source == "chamber"]
    return feed


async def encoded(house: House, pictures: int) -> bool:
    return (await house.client.call(GetStatus())).pictures >= pictures


async def until_chamber(house: House, state: str) -> FeedStatus:
    async def there() -> FeedStatus | None:
        feed = await chamber(house)
        return feed if feed.state == state else None

    feed = await until_async(there, f"a feed that is {state}")
    assert feed is not None
    return feed


async def test_a_feed_that_stalls_gives_way_to_the_slate_and_is_taken_back(house: House) -> None:
    feed = await asyncio.to_thread(Feed, house.config.feeds_socket)
    async with watching(house) as viewer:
        sending = asyncio.create_task(asyncio.to_thread(feed.send, GREEN, 3.0))
        await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, GREEN))
        await sending
        stopped = time.monotonic()
        await viewer.until(is_slate)
        held = time.monotonic() - stopped
        assert 0.4 < held < 2.0, "the last picture is held for half a second"
        assert (await until_chamber(house, "stalled")).sentence
        again = asyncio.create_task(asyncio.to_thread(feed.send, PINK, 3.0))
        await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, PINK))
        await again
    feed.hang_up()


async def test_time_stamps_that_jump_by_hours_are_followed(house: House) -> None:
    feed = await asyncio.to_thread(Feed, house.config.feeds_socket)
    async with watching(house) as viewer:
        first = asyncio.create_task(asyncio.to_thread(feed.send, GREEN, 3.0))
        await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, GREEN))
        await first
        feed.jump(5 * 3600)
        second = asyncio.create_task(asyncio.to_thread(feed.send, PINK, 6.0))
        await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, PINK))
        await second
    assert (await chamber(house)).state in ("live", "stalled")
    feed.hang_up()


async def test_another_picture_size_in_mid_stream_is_followed(house: House) -> None:
    feed = await asyncio.to_thread(Feed, house.config.feeds_socket)

    def send() -> None:
        for colour, size in ((GREEN, (640, 360)), (PINK, (480, 640)), (GREEN, (1920, 1080))):
            feed.send(colour, 4.0, size)

    async with watching(house) as viewer:
        sending = asyncio.create_task(asyncio.to_thread(send))
        for colour in (GREEN, PINK, GREEN):
            await viewer.until(
                lambda item, wanted=colour: isinstance(item, Seen) and near(item.middle, wanted)  # type: ignore[misc]
            )
        await sending
    feed.hang_up()


async def test_garbage_in_mid_stream_is_survived(house: House) -> None:
    feed = await asyncio.to_thread(Feed, house.config.feeds_socket)
    async with watching(house) as viewer:
        first = asyncio.create_task(asyncio.to_thread(feed.send, GREEN, 3.0))
        await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, GREEN))
        await first
        await asyncio.to_thread(feed.babble, random.Random(7).randbytes(50_000))
        second = asyncio.create_task(asyncio.to_thread(feed.send, PINK, 5.0))
        await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, PINK))
        await second
    feed.hang_up()


async def test_a_feed_comes_back_by_another_protocol(house: House) -> None:
    feed = await asyncio.to_thread(Feed, house.config.feeds_socket)
    async with watching(house) as viewer:
        sending = asyncio.create_task(asyncio.to_thread(feed.send, GREEN, 3.0))
        await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, GREEN))
        await sending
        feed.hang_up()
        assert (await until_chamber(house, "gone")).sentence == "The encoder stopped sending."
        await viewer.until(is_slate)
        publisher = Publisher(Colour(PINK))
        answer = await house.client.call(
            OpenFeed(source="chamber", sdp=await publisher.offer(), label="WHIP encoder")
        )
        await publisher.accept(answer.sdp)
        await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, PINK))
        assert (await chamber(house)).kind == "whip"
        await publisher.close()


async def test_the_programme_goes_on_while_a_decoder_dies(house: House) -> None:
    feed = await asyncio.to_thread(Feed, house.config.feeds_socket)
    seen: list[Seen] = []

    async def watch(viewer: Viewer) -> None:
        async for item in viewer.watch():
            if isinstance(item, Seen):
                seen.append(item)  # noqa: PERF401  it is looked at while it grows

    async with watching(house) as viewer:
        sending = asyncio.create_task(asyncio.to_thread(feed.send, GREEN, 12.0))
        await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, GREEN))
        task = asyncio.create_task(watch(viewer))
        (child,) = decoders(house.pid)
        os.kill(child, signal.SIGKILL)
        await sending
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    status = await house.client.call(GetStatus())
    steps = [(b.unit.pts - a.unit.pts) // STEP for a, b in itertools.pairwise(seen)]
    missing = sum(steps) - len(steps)
    assert len(seen) > 50
    assert missing <= status.late_ticks, "pictures are missing only where the machine was too busy"
    assert near(seen[-1].middle, GREEN), "the feed is back by itself"
    feed.hang_up()

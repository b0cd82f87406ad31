"""What the public see while a feed does what it should not. A real studio; judged by decoded pictures."""

import asyncio
import itertools
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from media.control.feeds import FeedRefused, FeedStatus, OpenFeed
from media.control.picture import SetOnAir
from media.control.studio import GetStatus
from tests.faults.feed import GREEN, PINK, Feed
from tests.faults.onlooker import Sight, Yuv, looking
from tests.media.sources.children import decoders, spare_decoders
from tests.media.studio.house import House
from tests.media.studio.publisher import Colour, Publisher
from tests.media.studio.test_process import slate_colour
from tests.media.studio.viewer import Heard, Seen, Viewer, near
from tests.support.waiting import until, until_async

BACK_SECONDS = 7.0
"""From the last picture of a decoder that died to the first of the next one. On a quiet machine it is three:
one, and the two seconds for which it is unheard so soon after an opening."""


@pytest.fixture
async def house(house: House) -> House:
    # After an opening, the studio is deaf for two seconds to who was there before and to who comes just then.
    async def is_heard() -> bool:
        return (await house.client.call(GetStatus())).pictures >= 2

    await until_async(is_heard, "the first pictures", 10)
    return house


@asynccontextmanager
async def watching(house: House) -> AsyncIterator[Viewer]:
    viewer = Viewer(house.bus)
    yield viewer
    await viewer.close()


@asynccontextmanager
async def feeding(house: House) -> AsyncIterator[Feed]:
    feed = await asyncio.to_thread(Feed, house.config.feeds_socket)
    try:
        yield feed
    finally:
        feed.hang_up()


def is_slate(item: Seen | Heard) -> bool:
    return isinstance(item, Seen) and near(item.corner, slate_colour())


async def chamber(house: House) -> FeedStatus:
    status = await house.client.call(GetStatus())
    (feed,) = [feed for feed in status.feeds if feed.source == "chamber"]
    return feed


async def until_chamber(house: House, state: str) -> FeedStatus:
    async def look() -> FeedStatus | None:
        feed = await chamber(house)
        return feed if feed.state == state else None

    feed = await until_async(look, f"the chamber to be {state}")
    assert feed is not None
    return feed


async def test_a_feed_that_stalls_gives_way_to_the_slate_and_is_taken_back(house: House) -> None:
    feed = await asyncio.to_thread(Feed, house.config.feeds_socket)
    async with watching(house) as viewer:
        sending = asyncio.create_task(asyncio.to_thread(feed.send, GREEN, 5.0))
        await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, GREEN))
        await sending
        stopped = time.monotonic()
        await viewer.until(is_slate)
        held = time.monotonic() - stopped
        assert 0.4 < held < 2.0, "the last picture is held for half a second"
        assert (await until_chamber(house, "stalled")).sentence
        again = asyncio.create_task(asyncio.to_thread(feed.send, PINK, 6.0))
        await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, PINK))
        await again
    feed.hang_up()


async def test_a_chamber_that_stalls_gives_way_to_the_speaker_on_air(house: House) -> None:
    async with feeding(house) as feed, looking(house) as public, speaking(house):
        await public.shows(lambda sight: pink(sight.left))
        sending = asyncio.create_task(asyncio.to_thread(feed.send, GREEN, 6.0))
        await public.shows(beside)
        await sending
        alone = await public.shows(lambda sight: pink(sight.left) and pink(sight.right))
        last = max(number for number, sight in enumerate(public.seen) if beside(sight))
        assert public.seen.index(alone) - last <= 5, "what is held gives way by a short dissolve"
        assert (await public.feed(lambda feed: feed.state == "stalled")).sentence
        again = asyncio.create_task(asyncio.to_thread(feed.send, GREEN, 6.0))
        await public.shows(beside)
        assert not [sight for sight in public.seen if sight.pts > alone.pts and sight.slate]
        await again
        await public.on_time()


async def test_a_speaker_whose_browser_dies_leaves_the_picture_and_finds_their_place(house: House) -> None:
    async with feeding(house) as feed, looking(house) as public:
        sending = asyncio.create_task(asyncio.to_thread(feed.send, GREEN, 40.0))
        async with speaking(house) as browser:
            await public.shows(beside)
            epoch = (await house.client.call(GetStatus())).epoch_ms / 1000
            browser.kill()
            killed = time.time()
            away = await public.shows(lambda sight: near(sight.left, GREEN) and near(sight.right, GREEN))
            seconds = epoch + away.pts / 90_000 - killed
            print(f"out of the picture after {seconds:.2f} s")
            assert seconds < 2.0
        async with speaking(house, admitted=True):
            await public.shows(beside)
        await public.on_time()
        feed.hang_up()
        with suppress(OSError):
            await sending


def beside(sight: Sight) -> bool:
    """The chamber and the speaker, side by side."""
    return near(sight.left, GREEN) and pink(sight.right)


def pink(colour: Yuv) -> bool:
    """What becomes of it when a small picture is taken as BT.601."""
    return near(colour, PINK, 20)


async def is_there(house: House, source: str) -> bool:
    return any(feed.source == source for feed in (await house.client.call(GetStatus())).feeds)


@asynccontextmanager
async def speaking(house: House, *, admitted: bool = False) -> AsyncIterator[asyncio.subprocess.Process]:
    """Somebody on air by a browser of their own. ``admitted``: they were before; nobody does it again."""
    control = str(house.config.control_socket)
    command = (sys.executable, "-m", "tests.support.speaker_process", control, "sam")
    browser = await asyncio.create_subprocess_exec(*command)
    try:
        if not admitted:
            await until_async(lambda: is_there(house, "sam"), "the speaker", 40)
            await house.client.call(SetOnAir(speakers=["sam"]))
        yield browser
    finally:
        if browser.returncode is None:
            browser.kill()
        await browser.wait()


async def test_time_stamps_that_jump_by_hours_are_followed(house: House) -> None:
    feed = await asyncio.to_thread(Feed, house.config.feeds_socket)
    async with watching(house) as viewer:
        first = asyncio.create_task(asyncio.to_thread(feed.send, GREEN, 5.0))
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
        for colour, size in ((GREEN, (1280, 720)), (PINK, (540, 720)), (GREEN, (1280, 720))):
            await viewer.until(partial(is_boxed, colour, size))
        await sending
    feed.hang_up()


def is_boxed(colour: Yuv, size: tuple[int, int], item: Seen | Heard) -> bool:
    """Of this colour and size, on black."""
    if not isinstance(item, Seen) or not near(item.middle, colour):
        return False
    return all(abs(one - other) <= 6 for one, other in zip(item.extent, size, strict=True))


async def test_garbage_in_mid_stream_is_survived(house: House) -> None:
    feed = await asyncio.to_thread(Feed, house.config.feeds_socket)
    async with watching(house) as viewer:
        first = asyncio.create_task(asyncio.to_thread(feed.send, GREEN, 5.0))
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
        sending = asyncio.create_task(asyncio.to_thread(feed.send, GREEN, 5.0))
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


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
async def test_the_programme_goes_on_while_a_decoder_dies(house: House, number: signal.Signals) -> None:
    async with feeding(house) as feed, looking(house) as public:
        sending = asyncio.create_task(asyncio.to_thread(feed.send, GREEN, 16.0))
        await public.shows(green)
        await until(lambda: spare_decoders(house.pid), "a spare decoder")
        os.kill(await decoder_of(house), number)
        told = await refusal(house)
        assert f"crashed (signal {int(number)})" in told.sentence
        await public.feed(lambda feed: feed.state == "live")
        await public.shows_only(green, 25)
        await sending
        await public.on_time()
    away = longest_gap([sight for sight in public.seen if green(sight)])
    print(f"the picture was away for {away:.2f} s")
    assert away < BACK_SECONDS, "a spare was ready"


async def test_a_dead_decoder_leaves_nothing_behind(house: House) -> None:
    """Nor does a feed that sends garbage and hangs up: no child, no memory, no descriptor."""
    before = None
    async with looking(house) as public:
        for number in range(6):
            async with feeding(house) as feed:
                sending = asyncio.create_task(asyncio.to_thread(feed.send, GREEN, 6.0))
                await public.shows(green)
                if number % 2:
                    os.kill(await decoder_of(house), signal.SIGKILL)
                await sending
                await asyncio.to_thread(feed.babble, random.Random(number).randbytes(20_000))
            await public.feed(lambda feed: feed.state in ("gone", "refused"))
            holds = await settled(house)
            if number == 1:
                before = holds
            await public.shows(lambda sight: sight.slate)
    assert before is not None
    assert holds.files <= before.files
    assert holds.pictures <= 1, "at most the one whose last picture is still held"


async def refusal(house: House) -> FeedRefused:
    """The next that the hub is told of."""
    async with asyncio.timeout(15):
        async for event in house.client.events():
            if isinstance(event, FeedRefused):
                return event
    raise AssertionError("the studio went away")


@dataclass(frozen=True)
class Holds:
    """What the studio process has."""

    files: int
    pictures: int
    """Mappings of shared memory. It has no name, so that nothing of it can be left in /dev/shm."""


async def decoder_of(house: House) -> int:
    """The only one with a job. The kernel's list of children may leave one out while others come and go."""

    def only() -> list[int]:
        found = decoders(house.pid)
        return found if len(found) == 1 else []

    return (await until(only, "the only decoder", 20))[0]


async def settled(house: House) -> Holds:
    """Once it has no child any more but the spare decoder, and not only for a moment."""
    pid = Path(f"/proc/{house.pid}")
    alone = 0

    def for_a_while() -> bool:
        nonlocal alone
        alone = alone + 1 if len(spare_decoders(house.pid)) == 1 and not decoders(house.pid) else 0
        return alone == 5

    await until(for_a_while, "nobody but the spare decoder", 20)
    files = len(list((pid / "fd").iterdir()))
    return Holds(files, (pid / "maps").read_text().count("memfd:pictures"))


def green(sight: Sight) -> bool:
    return near(sight.middle, GREEN)


def longest_gap(sights: list[Sight]) -> float:
    """Seconds of programme time between two of them."""
    return max(b.pts - a.pts for a, b in itertools.pairwise(sights)) / 90_000

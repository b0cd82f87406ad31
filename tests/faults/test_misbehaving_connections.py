"""Connections by WebRTC that misbehave: encoders by WHIP and residents who speak. A real studio.

Judged by decoded pictures and sound of the programme.
"""

import os
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from media.control.feeds import FeedStatus
from media.control.picture import LayoutName, SetLayout, SetOnAir
from media.sources.damage import DAMAGED
from tests.faults.camera import PALETTE, Camera, Codec, Encoder, connected, encoded, is_whole
from tests.faults.feed import GREEN, PINK
from tests.faults.onlooker import Onlooker, Sight, Yuv, looking
from tests.media.sources.children import decoders, spare_decoders
from tests.media.studio.house import House
from tests.media.studio.publisher import Colour, Tone
from tests.media.studio.viewer import near
from tests.support.lossy import LossyPath
from tests.support.waiting import until

LIVE = "Picture and sound are arriving."
TONE, OTHER_TONE = 500, 900
BLUE = (60, 200, 110)
GREY, LIGHT = (120, 128, 128), (200, 128, 128)
"""The same in every matrix of colours."""
PLACARD = (50, 131, 125)
"""What stands for a speaker who is heard and not seen, about their name in the middle."""


def is_live(feed: FeedStatus) -> bool:
    return feed.state == "live" and feed.sentence == LIVE


async def one_more(house: House, than: list[int]) -> int:
    """The decoder that was added to these."""
    (found,) = await until(lambda: set(decoders(house.pid)) - set(than), "a decoder", 30)
    return found


@pytest.mark.parametrize("victim", ["chamber", "sam"])
async def test_a_decoder_that_crashes_takes_down_its_picture_alone(house: House, victim: str) -> None:
    chamber, speaker = Colour(GREEN), Colour(PINK)
    hurt, other = (chamber, PINK) if victim == "chamber" else (speaker, GREEN)
    async with looking(house) as public, connected(house, "chamber", chamber, Tone(TONE)):
        await public.shows(lambda sight: near(sight.middle, GREEN))
        first = await one_more(house, [])
        async with connected(house, "sam", speaker, Tone(OTHER_TONE)):
            await house.client.call(SetOnAir(speakers=["sam"]))
            await house.client.call(SetLayout(layout=LayoutName.SIDE_BY_SIDE, transition="cut"))
            await public.shows(lambda sight: near(sight.left, GREEN) and near(sight.right, PINK))
            second = await one_more(house, [first])
            await until(lambda: spare_decoders(house.pid), "a spare decoder", 30)
            before = len(public.seen)
            os.kill(first if victim == "chamber" else second, signal.SIGSEGV)
            told = await public.feed(lambda feed: feed.sentence != LIVE, victim)
            assert "crashed (signal 11)" in told.sentence
            hurt.paint(BLUE)
            await public.shows_only(lambda sight: near(sides(sight, victim)[0], BLUE), 25)
            await public.feed(is_live, victim)
            others = [sides(sight, victim)[1] for sight in public.seen[before:]]
            assert all(near(colour, other) for colour in others), "the other was there all the time"
            assert len(decoders(house.pid)) == 2
            await public.on_time()


def sides(sight: Sight, victim: str) -> tuple[Yuv, Yuv]:
    """The victim's and the other's."""
    return (sight.left, sight.right) if victim == "chamber" else (sight.right, sight.left)


@asynccontextmanager
async def on_air(
    house: House, source: str, camera: Colour | Encoder, codec: Codec = "H264", path: LossyPath | None = None
) -> AsyncIterator[None]:
    """The only one that is there."""
    async with connected(house, source, camera, Tone(TONE), codec=codec, path=path):
        if source != "chamber":
            await house.client.call(SetOnAir(speakers=[source]))
        # What is half a slate and half a picture would look like a wrong picture.
        await house.client.call(SetLayout(layout=None, transition="cut"))
        yield


@pytest.mark.parametrize("codec", ["H264", "VP8"])
@pytest.mark.parametrize("source", ["chamber", "sam"])
async def test_a_third_of_all_packets_lost_is_no_smear(house: House, source: str, codec: Codec) -> None:
    """Both ways: what asks for lost packets and for key pictures is lost as well."""
    async with (
        LossyPath.open(seed=4) as path,
        looking(house) as public,
        on_air(house, source, Camera(), codec, path),
    ):
        path.delay = 0.01
        await public.shows(is_whole)
        await public.feed(is_live, source)
        before = len(public.seen)
        path.share = 0.3
        damaged = await public.feed(lambda feed: feed.sentence != LIVE, source)
        assert damaged.sentence == DAMAGED or damaged.state == "stalled"
        await public.shows(lambda sight: sight.pts > public.seen[before].pts + 8 * 90_000)
        assert path.lost > 100
        path.share = 0.0
        await public.feed(is_live, source)
        await public.shows_only(is_whole)
        await public.sounds(TONE)
        assert wrong_of(public, before) == [], "never anything else"
        await public.on_time()


def wrong_of(public: Onlooker, begin: int) -> list[Sight]:
    return [
        sight for sight in public.seen[begin:] if not (is_whole(sight) or sight.slate or is_placard(sight))
    ]


def is_placard(sight: Sight) -> bool:
    return all(near(colour, PLACARD, 3) for colour in (sight.left, sight.corner, sight.right))


@pytest.mark.parametrize("source", ["chamber", "sam"])
async def test_another_size_in_mid_stream_is_followed_and_boxed(house: House, source: str) -> None:
    camera = Colour(LIGHT, 1280, 720)
    async with looking(house) as public, on_air(house, source, camera):
        sizes = ((640, 480, 960, 720), (360, 640, 404, 720), (1920, 800, 1280, 532), (1280, 720, 1280, 720))
        for (width, height, wide, high), colour in zip(sizes, (GREY, LIGHT, GREY, LIGHT), strict=True):
            camera.paint(colour, width, height)
            await public.shows_only(
                lambda sight, wanted=(colour, wide, high): (  # type: ignore[misc]
                    near(sight.middle, wanted[0]) and sight.is_boxed(*wanted[1:])
                ),
                25,
            )
            feed = await public.feed(lambda feed, width=width: feed.width == width, source)  # type: ignore[misc]
            assert (feed.height, feed.state) == (height, "live")
        await public.on_time()


def garbage(codec: Codec, chance: random.Random) -> bytes:
    """Behind what makes it a part of a picture; without that it would not be sent."""
    head = b"\0\0\0\1" + chance.choice((b"\x65", b"\x41", b"\x67", b"\x68")) if codec == "H264" else b""
    return head + chance.randbytes(chance.randrange(20, 3000))


@pytest.mark.parametrize("codec", ["H264", "VP8"])
@pytest.mark.parametrize("source", ["chamber", "sam"])
async def test_garbage_between_good_pictures_is_not_shown(house: House, source: str, codec: Codec) -> None:
    chance = random.Random(6)
    good = encoded(codec, [PALETTE[number // 2 % len(PALETTE)] for number in range(50)])
    camera = Encoder(good)
    async with looking(house) as public, on_air(house, source, camera, codec):
        await public.shows_only(is_whole)
        await public.feed(is_live, source)
        before = len(public.seen)
        for _ in range(8):
            camera.interlude += [garbage(codec, chance) for _ in range(3)] + good[1:4] + good[:10]
        told = await public.feed(lambda feed: feed.sentence != LIVE, source)
        assert told.sentence == DAMAGED
        await public.feed(is_live, source)
        await public.shows_only(is_whole)
        assert wrong_of(public, before) == []
        await public.on_time()

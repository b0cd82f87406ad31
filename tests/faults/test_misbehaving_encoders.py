"""Encoders that misbehave on the way through the whole house: door, ffmpeg, decoder, studio.

Judged by decoded pictures and sound of the programme.
"""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import av
import pytest

from media.control.feeds import FeedStatus, OpenFeed
from media.ingest.chunks import Kind
from tests.faults.feed import PINK
from tests.faults.onlooker import looking
from tests.media.ingest.conftest import KEY, Ingest, opened_door
from tests.media.ingest.publishers import AAC, TONE, X264, both, publisher
from tests.media.studio.house import House
from tests.media.studio.publisher import Colour, Publisher, Tone
from tests.media.studio.viewer import near
from tests.support.lossy import LossyPath
from tests.support.rtmp import Film, Rtmp, film
from tests.support.srt import Srt, transport_stream

HOURS = 3_600_000
LIVE = "Picture and sound are arriving."
OTHER_TONE = 900


@pytest.fixture
async def door(house: House, tmp_path: Path) -> AsyncIterator[Ingest]:
    async with opened_door(tmp_path, house.config.feeds_socket) as found:
        yield found


def shown(
    colour: str, tone: int, *sound: str, size: str = "320x180", profile: str = "high"
) -> tuple[str, ...]:
    """One colour and one tone. ``sound``: options of its encoder."""
    return (
        *("-f", "lavfi", "-i", f"color=c={colour}:s={size}:r=25"),
        *("-f", "lavfi", "-i", f"sine=f={tone}:r=48000"),
        *(*X264, "-tune", "zerolatency", "-profile:v", profile, "-bf", "0", *AAC, *sound),
    )


@pytest.fixture(scope="module")
def red() -> Film:
    return film(3, *shown("red", TONE))


@pytest.fixture(scope="module")
def blue() -> Film:
    return film(3, *shown("blue", OTHER_TONE))


@pytest.fixture(scope="module")
def other_codecs() -> Film:
    """Another size, another profile of H.264, another rate and number of channels of AAC."""
    sound = ("-ar", "44100", "-ac", "2")
    return film(3, *shown("blue", OTHER_TONE, *sound, size="480x640", profile="baseline"))


def is_live(feed: FeedStatus) -> bool:
    return feed.state == "live" and feed.sentence == LIVE


async def test_a_feed_that_loses_a_third_of_its_packets_is_shown_as_well_as_can_be(
    house: House, door: Ingest
) -> None:
    """Both ways, behind a network as slow as SRT's patience: it cannot mend everything."""
    async with (
        LossyPath.open(door.status.srt_port, seed=3) as path,
        looking(house) as public,
        publisher(*both("red"), *door.srt(port=path.port)),
    ):
        path.delay = 0.05
        await public.shows(lambda sight: sight.red)
        await public.sounds(TONE)
        await public.feed(is_live)
        before = len(public.seen)
        path.share = 0.3
        damaged = await public.feed(lambda feed: feed.sentence != LIVE)
        assert "damaged" in damaged.sentence or damaged.state == "stalled"
        await public.shows(lambda sight: sight.pts > public.seen[before].pts + 8 * 90_000)
        assert path.lost > 100
        path.share = 0.0
        await public.feed(is_live)
        await public.shows_only(lambda sight: sight.red)
        await public.sounds(TONE)
        assert all(sight.red or sight.slate for sight in public.seen[before:]), "never anything else"
        await public.on_time()


@pytest.mark.parametrize("hours", [5, -5])
async def test_rtmp_time_stamps_that_jump_by_hours_are_followed(
    house: House, door: Ingest, red: Film, blue: Film, hours: int
) -> None:
    async with looking(house) as public, Rtmp.publishing(door.status.rtmp_port, KEY) as line:
        line.clock = 6 * HOURS
        async with line.playing(red):
            await public.shows(lambda sight: sight.red)
            await public.sounds(TONE)
        line.clock += hours * HOURS
        async with line.playing(blue):
            await public.shows(lambda sight: sight.blue)
            await public.sounds(OTHER_TONE)
            await public.shows_only(lambda sight: sight.blue)
        await public.on_time()


async def test_rtmp_codecs_that_change_in_mid_stream_are_followed(
    house: House, door: Ingest, red: Film, other_codecs: Film
) -> None:
    async with looking(house) as public, Rtmp.publishing(door.status.rtmp_port, KEY) as line:
        async with line.playing(red):
            await public.shows(lambda sight: sight.red)
            await public.sounds(TONE)
        async with line.playing(other_codecs):
            await public.shows(lambda sight: sight.blue)
            await public.sounds(OTHER_TONE)
            feed = await public.feed(lambda feed: feed.width == 480)
            assert (feed.width, feed.height, feed.state) == (480, 640, "live")
            await public.shows_only(lambda sight: sight.blue and sight.is_boxed(540, 720))
        await public.on_time()


async def test_garbage_between_good_rtmp_messages_is_survived(
    house: House, door: Ingest, red: Film, blue: Film
) -> None:
    noise = random.Random(5)
    async with looking(house) as public, Rtmp.publishing(door.status.rtmp_port, KEY) as line:
        async with line.playing(red):
            await public.shows(lambda sight: sight.red)
        for _ in range(30):
            await line.put(Kind.VIDEO, b"\x27\x01\0\0\0" + noise.randbytes(900), line.clock)
            await line.put(Kind.AUDIO, b"\xaf\x01" + noise.randbytes(200), line.clock)
            line.clock += 40
        async with line.playing(blue):
            await public.shows(lambda sight: sight.blue)
            await public.sounds(OTHER_TONE)
            await public.shows_only(lambda sight: sight.blue)
        await public.on_time()


@pytest.mark.parametrize("hours", [5, -5])
async def test_srt_time_stamps_that_jump_and_codecs_that_change_are_followed(
    house: House, door: Ingest, hours: int
) -> None:
    """Garbage lies between the two."""
    sound = ("-ar", "44100", "-ac", "2")
    before = transport_stream(8, *shown("red", TONE), begins=6 * 3600)
    other = shown("blue", OTHER_TONE, *sound, size="480x640", profile="baseline")
    after = transport_stream(16, *other, begins=(6 + hours) * 3600)
    async with looking(house) as public, Srt.publishing(door.srt()[-1]) as line:
        async with line.playing(before, 8):
            await public.shows(lambda sight: sight.red)
            await public.sounds(TONE)
        await line.put(random.Random(9).randbytes(20_000))
        async with line.playing(after, 16):
            await public.shows(lambda sight: sight.blue)
            await public.sounds(OTHER_TONE)
            assert (await public.feed(lambda feed: feed.width == 480)).height == 640
            await public.shows_only(lambda sight: sight.blue and sight.is_boxed(540, 720))
        await public.on_time()


@pytest.mark.parametrize("hours", [5, -5])
async def test_whip_time_stamps_that_jump_are_followed(house: House, hours: int) -> None:
    picture, sound = Jumping(PINK), JumpingTone(TONE)
    encoder = Publisher(picture, sound)
    async with looking(house) as public:
        offer = OpenFeed(source="chamber", sdp=await encoder.offer(), label="WHIP encoder")
        await encoder.accept((await house.client.call(offer, 30.0)).sdp)
        await public.shows(lambda sight: near(sight.middle, PINK))
        await public.sounds(TONE)
        picture.hours = sound.hours = 6 + hours
        jumped = public.now
        await public.sounds(TONE)
        await public.shows_only(lambda sight: near(sight.middle, PINK))
        away = [sight for sight in public.seen if sight.pts > jumped and not near(sight.middle, PINK)]
        assert len(away) < 75, "at most three seconds until it is followed"
        assert (await public.feed(lambda feed: feed.state == "live")).sentence == LIVE
        await public.on_time()
    await encoder.close()


class Jumping(Colour):
    """A camera with a clock that may jump."""

    hours = 6

    async def recv(self) -> av.VideoFrame:
        frame = await super().recv()
        assert frame.pts is not None
        frame.pts += self.hours * 3600 * 90_000
        return frame


class JumpingTone(Tone):
    """Its microphone."""

    hours = 6

    async def recv(self) -> av.AudioFrame:
        frame = await super().recv()
        assert frame.pts is not None
        frame.pts += self.hours * 3600 * 48_000
        return frame


async def test_a_feed_returns_by_one_protocol_after_the_other(house: House, door: Ingest) -> None:
    async with looking(house) as public:
        async with publisher(*both("red"), *door.rtmp()):
            await public.shows(lambda sight: sight.red)
            await public.sounds(TONE)
        assert (
            await public.feed(lambda feed: feed.state == "gone")
        ).sentence == "The encoder stopped sending."
        await public.shows(lambda sight: sight.slate)
        async with publisher(*both("blue"), *door.srt()):
            await public.shows(lambda sight: sight.blue)
            await public.sounds(TONE)
            assert (await public.feed(is_live)).kind == "srt"
        await public.shows(lambda sight: sight.slate)
        async with _whip(house):
            await public.shows(lambda sight: near(sight.middle, PINK))
            assert (await public.feed(lambda feed: feed.state == "live")).kind == "whip"
        await public.shows(lambda sight: sight.slate)
        async with publisher(*both("red"), *door.rtmp()):
            await public.shows(lambda sight: sight.red)
        await public.on_time()


@asynccontextmanager
async def _whip(house: House) -> AsyncIterator[None]:
    encoder = Publisher(Colour(PINK))
    offer = OpenFeed(source="chamber", sdp=await encoder.offer(), label="WHIP encoder")
    await encoder.accept((await house.client.call(offer)).sdp)
    try:
        yield
    finally:
        await encoder.close()

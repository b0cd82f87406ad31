"""Real encoders against a running demo that waits for one. What the public see and hear is decoded."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from tests.e2e.conftest import Hall
from tests.support import publishers as by
from tests.support.browser import chromium, visitor
from tests.support.demo import Links
from tests.support.judge import CHAMBER, PRIVATE, RESIDENT, SECOND, Signature, near
from tests.support.outputs import public_shows
from tests.support.publishers import Feed, FfmpegPublisher, Target, publish_from_browser, publisher_page
from tests.support.sockets import Told

pytestmark = [pytest.mark.publisher, pytest.mark.asyncio(loop_scope="module")]

LEVELS_SECONDS, LEVELS_RATE = 5, 10
RARE = "key_pictures_rare"
EDGE = (0.02, 0.4, 0.1, 0.6)


@dataclass(frozen=True)
class Case:
    """An encoder and where it sends. Neighbours have different colours: none passes for another."""

    name: str
    feed: Feed
    target: Callable[[Links], Target]


def rtmp(links: Links) -> Target:
    return by.rtmp(links.rtmp)


def srt(links: Links) -> Target:
    return by.srt(links.srt)


def whip(links: Links) -> Target:
    return by.whip(links.whip, links.whip_token)


BOTH = (
    Case("rtmp", Feed(CHAMBER), rtmp),
    Case("srt", Feed(SECOND), srt),
    Case("whip", Feed(RESIDENT, video=by.BASELINE, audio=by.OPUS), whip),
    Case("rtmp 1080p50", Feed(PRIVATE, size=(1920, 1080), rate=50), rtmp),
    Case("rtmp with B-frames", Feed(CHAMBER, video=by.B_FRAMES), rtmp),
    Case("srt with B-frames", Feed(SECOND, video=by.B_FRAMES), srt),
    Case("srt with H.265", Feed(PRIVATE, size=(320, 180), video=by.HEVC), srt),
)


@pytest.mark.parametrize("case", BOTH, ids=lambda case: case.name)
async def test_the_public_see_and_hear_the_encoder(hall: Hall, tmp_path: Path, case: Case) -> None:
    async with FfmpegPublisher(case.feed, case.target(hall.demo.links), tmp_path / "ffmpeg.log") as encoder:
        seen = await public_shows(hall.http, hall.meeting, case.feed.source)
        feed = await hall.console.feed(lambda one: one["state"] == "live" and one["width"] > 0, case.name)
        assert (feed["width"], feed["height"]) == case.feed.size
        assert feed["kind"] == case.name.split()[0]
        assert feed["key_picture_seconds"] is not None
        assert near(seen.mean(EDGE), case.feed.source.colour), "a picture of 16:9 fills the frame"
        await hall.console.ticks()
        assert encoder.publishing, encoder.said()


async def test_an_encoder_that_sends_one_key_picture_and_no_more_is_told_of(
    hall: Hall, tmp_path: Path
) -> None:
    """And how old the newest piece for HLS is, which has nothing to do with it."""
    once = (*by.X264, "-g", "100000", "-x264-params", "scenecut=0")
    async with FfmpegPublisher(
        Feed(CHAMBER, video=once), rtmp(hall.demo.links), tmp_path / "ffmpeg.log"
    ) as encoder:
        told = await hall.console.until(
            "engine", lambda engine: any(one["code"] == RARE for one in engine["alarms"]), RARE, 60
        )
        alarm = next(one for one in told["alarms"] if one["code"] == RARE)
        assert alarm["source"] == "chamber"
        assert "Set the encoder’s key frame interval to 2 seconds." in alarm["sentence"]
        assert (await hall.console.feed(lambda one: one["key_picture_seconds"] > 10, RARE))["state"] == "live"
        assert told["packager"]["age_seconds"] is not None
        assert encoder.publishing, encoder.said()
    async with FfmpegPublisher(Feed(CHAMBER), rtmp(hall.demo.links), tmp_path / "ffmpeg.log"):
        await hall.console.until(
            "engine", lambda engine: all(one["code"] != RARE for one in engine["alarms"]), "its end"
        )


async def test_levels_reach_the_console_ten_times_a_second(hall: Hall, tmp_path: Path) -> None:
    """By the studio's own stamps: seconds of sound that went by, however busy the machine is."""
    async with FfmpegPublisher(Feed(CHAMBER), rtmp(hall.demo.links), tmp_path / "ffmpeg.log"):
        await hall.console.until("levels", lambda told: bool(told["sources"]), "the chamber's level")

        def long_enough(readings: list[Told]) -> bool:
            return bool(readings) and readings[-1]["seconds"] - readings[0]["seconds"] >= LEVELS_SECONDS

        readings = await hall.console.gather("levels", long_enough, f"{LEVELS_SECONDS} s of levels")
    stamps = [one["seconds"] for one in readings]
    assert all(after > before for before, after in pairwise(stamps))
    rate = (len(stamps) - 1) / (stamps[-1] - stamps[0])
    assert rate == pytest.approx(LEVELS_RATE, rel=0.1)
    levels = [level for one in readings for level in one["sources"]]
    assert {level["source"] for level in levels} == {"chamber"}
    assert max(level["peak"] for level in levels) > -30


async def test_a_picture_of_4_to_3_keeps_its_shape(hall: Hall, tmp_path: Path) -> None:
    feed = Feed(RESIDENT, size=(640, 480))
    async with FfmpegPublisher(feed, rtmp(hall.demo.links), tmp_path / "ffmpeg.log"):
        seen = await public_shows(hall.http, hall.meeting, feed.source)
        assert not near(seen.mean(EDGE), feed.source.colour), "there are bars at the sides"
        await hall.console.ticks()


async def test_sound_alone_is_heard(hall: Hall, tmp_path: Path) -> None:
    feed = Feed(SECOND, video=None)
    async with FfmpegPublisher(feed, rtmp(hall.demo.links), tmp_path / "ffmpeg.log"):
        await public_shows(hall.http, hall.meeting, feed.source, picture=False)
        await hall.console.ticks()


async def test_a_picture_alone_is_seen(hall: Hall, tmp_path: Path) -> None:
    feed = Feed(CHAMBER, audio=None)
    async with FfmpegPublisher(feed, rtmp(hall.demo.links), tmp_path / "ffmpeg.log"):
        await public_shows(hall.http, hall.meeting, feed.source, heard=False)
        await hall.console.ticks()


@pytest.mark.parametrize(("target", "codec"), [(rtmp, by.SORENSON), (srt, by.MPEG2)], ids=["rtmp", "srt"])
async def test_a_codec_that_is_not_taken_is_refused_with_the_reason(
    hall: Hall, tmp_path: Path, target: Callable[[Links], Target], codec: tuple[str, ...]
) -> None:
    feed = Feed(PRIVATE, size=(640, 360), video=codec)
    protocol = target(hall.demo.links).url.split(":")[0].upper()
    async with FfmpegPublisher(feed, target(hall.demo.links), tmp_path / "ffmpeg.log"):
        sentence = await hall.console.refused(
            lambda one: "not taken" in one and (protocol == "RTMP") == ("Sorenson" in one), "a reason"
        )
        assert "send H.264" in sentence, sentence
        await hall.console.ticks()


@pytest.mark.parametrize("protocol", ["rtmp", "srt"])
async def test_a_wrong_key_is_refused_with_the_reason(hall: Hall, tmp_path: Path, protocol: str) -> None:
    right: str = getattr(hall.demo.links, protocol)
    wrong = right.replace(by.stream_key(right), "not-a-key-of-this-house")
    target = by.rtmp(wrong) if protocol == "rtmp" else by.srt(wrong)
    async with FfmpegPublisher(Feed(PRIVATE), target, tmp_path / "ffmpeg.log") as encoder:
        await encoder.turned_away()
    await hall.console.refused(
        lambda one: protocol.upper() in one and "key" in one, f"a refusal by {protocol}"
    )
    await hall.console.ticks()


async def test_whip_with_a_wrong_key_is_refused(hall: Hall, tmp_path: Path) -> None:
    feed = Feed(PRIVATE, video=by.BASELINE, audio=by.OPUS)
    target = by.whip(hall.demo.links.whip, "not-a-key-of-this-house")
    async with FfmpegPublisher(feed, target, tmp_path / "ffmpeg.log") as encoder:
        assert "401" in await encoder.turned_away()
    await hall.console.refused(lambda one: "WHIP" in one and "key" in one, "a refusal by WHIP")
    await hall.console.ticks()


@pytest.mark.browser
@pytest.mark.parametrize(("codec", "source"), [("video/H264", SECOND), ("video/VP8", RESIDENT)])
async def test_a_browser_publishes_by_whip_from_another_origin(
    hall: Hall, tmp_path: Path, codec: str, source: Signature
) -> None:
    links = hall.demo.links
    async with (
        publisher_page() as page,
        chromium(tmp_path) as browser,
        visitor(browser, "publisher", width=640, height=400) as person,
    ):
        refused = await publish_from_browser(person, page, links.whip, "wrong", source, codec)
        assert refused.status == 401
        assert "key" in refused.body
        answer = await publish_from_browser(person, page, links.whip, links.whip_token, source, codec)
        assert answer.status == 201, answer.body
        await public_shows(hall.http, hall.meeting, source)
        async with hall.http.delete(
            answer.location, headers={"Authorization": f"Bearer {links.whip_token}"}
        ) as response:
            assert response.status == 200
        await public_shows(hall.http, hall.meeting, source, picture=False, heard=False)
        await hall.console.ticks()

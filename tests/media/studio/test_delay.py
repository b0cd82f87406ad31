"""The broadcast delay: what comes out, when, with which time stamps, and what never comes out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from pydantic import ValidationError

from media.access_unit import AccessUnit, Track
from media.control.command import Refused
from media.control.studio import GateState, SetDelay
from media.programme.picture import planes
from media.sources.intake import Intake
from media.studio.still import decode_key
from tests.media.studio.test_ticker import PUBLIC, SECRET, TEXT, Bench

DELAY = 2
TICKS = DELAY * 25
LONGEST = 60


@pytest.fixture
async def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path, asyncio.get_running_loop())
    await bench.gate.set_delay(DELAY)
    return bench


def feed_of(bench: Bench) -> Intake:
    return bench.desk.arrive("chamber", "file", "test")


async def run(bench: Bench, ticks: int, feed: Intake, colour: tuple[int, int, int]) -> None:
    for _ in range(ticks):
        await bench.tick(feed, colour)


@asynccontextmanager
async def late(bench: Bench) -> AsyncIterator[None]:
    """Ticks come late meanwhile: one picture a second is made, and not a minute of all of them."""
    ticks = 3
    bench.clock.advance(ticks * 0.04)
    yield
    for _ in range(ticks):
        bench.ticker.turn()
    await asyncio.sleep(0)


def lumas(units: list[AccessUnit], track: Track = Track.VIDEO_720) -> dict[int, int]:
    """Luma of the middle of every picture, by tick."""
    decoder = av.CodecContext.create("h264", "r")
    found = {}
    for unit in units:
        if unit.track is track:
            packet = av.Packet(unit.data)
            packet.pts, packet.time_base = unit.pts, Fraction(1, 90_000)
            for frame in decoder.decode(packet):
                assert isinstance(frame, av.VideoFrame)
                found[unit.pts // 3600] = int(planes(frame)[0][frame.height // 2, frame.width // 2])
    return found


def loudness(units: list[AccessUnit], track: Track) -> list[float]:
    """The highest sample of every packet."""
    decoder = av.CodecContext.create("libopus" if track is Track.OPUS else "aac", "r")
    if track is Track.AAC:
        decoder.extradata = b"\x11\x90"
    peaks = []
    for unit in units:
        if unit.track is track:
            packet = av.Packet(unit.data)
            packet.pts, packet.time_base = unit.pts, Fraction(1, 48_000)
            for frame in decoder.decode(packet):
                assert isinstance(frame, av.AudioFrame)
                samples = frame.to_ndarray().astype(np.float64)
                peaks.append(float(np.abs(samples).max()) / (32768 if "s16" in frame.format.name else 1))
    return peaks


def check_stamps(units: list[AccessUnit]) -> None:
    """As the packager, the recorder and the relay want them."""
    for track in (Track.VIDEO_720, Track.VIDEO_360, Track.OPUS, Track.AAC):
        row = [unit for unit in units if unit.track is track]
        assert [unit.sequence for unit in row] == list(range(len(row)))
        for before, after in pairwise(row):
            assert after.pts > before.pts
            gap = after.pts - before.pts - before.duration
            # Where the lines change, AAC starts on a grid of its own: up to two frames of 21 ms are missing.
            assert gap <= (2 * before.duration if track is Track.AAC else 0), (track, gap)
    pictures = [unit for unit in units if unit.track is Track.VIDEO_720]
    assert all(unit.key for unit in pictures if unit.pts % 90_000 == 0)
    small = [unit for unit in units if unit.track is Track.VIDEO_360]
    assert [(unit.pts, unit.key) for unit in small] == [(unit.pts, unit.key) for unit in pictures]


async def test_what_happens_is_seen_later_and_stamped_with_when_it_is_seen(bench: Bench) -> None:
    feed = feed_of(bench)
    await run(bench, 10, feed, PUBLIC)
    await bench.open()
    assert bench.gate.status().delay_seconds == DELAY
    await run(bench, TICKS + 30, feed, PUBLIC)
    seen = lumas(bench.units)
    begins = next(tick for tick, luma in seen.items() if abs(luma - PUBLIC[0]) < 8)
    # The first pictures after an opening are the slate, until the source has a fresh one.
    assert 0 <= begins - (25 + 10 + TICKS) <= 3
    assert len(seen) == 10 + TICKS + 30, "one picture for each tick, none twice"
    check_stamps(bench.units)


@pytest.mark.parametrize("drop", [True, False])
async def test_a_cut_drops_what_is_held_or_lets_it_out(bench: Bench, drop: bool) -> None:
    feed = feed_of(bench)
    await bench.open()
    await run(bench, TICKS + 20, feed, PUBLIC)
    await run(bench, 10, feed, SECRET)
    await bench.gate.move(GateState.PRIVATE, TEXT, "item 9", "clerk", confirmed=False, drop=drop)
    held_until = bench.gate.status().held_until_ms
    assert held_until == (0 if drop else bench.gate.now.since_ms + DELAY * 1000)
    cut_at = len(bench.pictures())
    await run(bench, TICKS + 30, feed, SECRET)
    seen = lumas(bench.units)
    after = list(seen.values())[cut_at:]
    secret = [luma for luma in after if abs(luma - SECRET[0]) < 8]
    assert (len(secret) == 0) == drop
    if drop:
        assert bench.pictures()[cut_at].key, "the slate begins at once, with a key picture"
        assert max(loudness(bench.units, Track.OPUS)[(cut_at + 1) * 2 :]) < 0.01
        assert bench.ticker.broadcast.held == 0
    check_stamps(bench.units)


async def test_nothing_of_what_was_dropped_is_in_any_codecs_memory(bench: Bench) -> None:
    feed = feed_of(bench)
    await bench.open()
    await run(bench, TICKS // 2, feed, SECRET)
    await bench.cut()
    await run(bench, 20, feed, SECRET)
    await bench.open()
    await run(bench, TICKS + 30, feed, PUBLIC)
    for track in (Track.VIDEO_720, Track.VIDEO_360):
        assert not [luma for luma in lumas(bench.units, track).values() if abs(luma - SECRET[0]) < 8]
    for track in (Track.OPUS, Track.AAC):
        peaks = loudness(bench.units, track)
        assert max(peaks) < PUBLIC[0] / 400 + 0.1, "the louder secret is in none of them"
        assert max(peaks) > PUBLIC[0] / 400 - 0.1
    check_stamps(bench.units)


async def test_a_cut_and_an_opening_between_two_ticks_still_drop(bench: Bench) -> None:
    feed = feed_of(bench)
    await bench.open()
    await run(bench, TICKS // 2, feed, SECRET)
    await bench.cut()
    await bench.open()
    await run(bench, TICKS * 2, feed, PUBLIC)
    assert not [luma for luma in lumas(bench.units).values() if abs(luma - SECRET[0]) < 8]


async def test_the_still_is_what_the_public_have(bench: Bench) -> None:
    feed = feed_of(bench)
    await bench.open()
    await run(bench, TICKS // 2, feed, SECRET)
    key = bench.ticker.broadcast.last_key
    assert key is not None
    frame = decode_key(key.data)
    assert frame is not None
    assert abs(int(planes(frame)[0][360, 640]) - SECRET[0]) > 40
    assert decode_key(b"nothing") is None


async def test_the_delay_is_chosen_before_the_meeting_and_kept(bench: Bench, tmp_path: Path) -> None:
    await bench.open()
    await bench.cut()
    with pytest.raises(Refused, match="before the meeting") as refusal:
        await bench.gate.set_delay(5)
    assert refusal.value.code == "too_late"
    again = Bench(tmp_path, asyncio.get_running_loop())
    assert again.gate.status().delay_seconds == DELAY


async def test_the_longest_delay_holds_a_minute_and_no_more_and_a_cut_drops_all_of_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path, asyncio.get_running_loop())
    await bench.gate.set_delay(LONGEST)
    feed = feed_of(bench)
    await bench.open()
    await run(bench, 5, feed, PUBLIC)
    async with late(bench):
        await run(bench, LONGEST * 25, feed, SECRET)
        assert bench.ticker.broadcast.held == LONGEST * 25
        await run(bench, 20, feed, SECRET)
    assert bench.ticker.broadcast.held == LONGEST * 25, "what is a minute old has been let out"
    cut_at = len(bench.pictures())
    await bench.cut()
    await run(bench, 5, feed, SECRET)
    assert bench.ticker.broadcast.held == 0
    bench.clock.advance(LONGEST + 1)
    await run(bench, 30, feed, SECRET)
    assert bench.pictures()[cut_at].key, "the slate begins at once, with a key picture"
    after = bench.units[bench.units.index(bench.pictures()[cut_at]) :]
    seen = lumas(after)
    assert len(seen) >= 30
    assert not [luma for luma in seen.values() if abs(luma - SECRET[0]) < 8]
    assert max(loudness(after, Track.OPUS)[2:]) < 0.01


async def test_more_than_a_minute_is_no_delay() -> None:
    with pytest.raises(ValidationError):
        SetDelay(seconds=LONGEST + 1)
    assert SetDelay(seconds=LONGEST).seconds == LONGEST

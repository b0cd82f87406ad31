"""What came by the bus is what a packager made of it, packed once more."""

import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from media.access_unit import VIDEO_CLOCK, AccessUnit, Track
from media.bus import BusAddress
from media.bus.local import LocalPublisher
from tests.gate.tap import Tap
from tests.support.encoded import (
    EPOCH_MS,
    colour_at,
    interpreted,
    looks_like,
    loudness,
    pictures,
    size,
    two_sizes,
)
from tests.support.waiting import until

BEGUN = EPOCH_MS / 1000
UNITS = two_sizes(5)
VOICE = [unit for unit in interpreted(5) if unit.track is Track.AAC_INTERPRETED]
LINE = AccessUnit(
    Track.CAPTIONS, UNITS[0].session, 0, EPOCH_MS, round(2.1 * 48_000), 48_000, True, b"What was said."
)


@pytest.fixture
async def publisher() -> AsyncIterator[LocalPublisher]:
    with tempfile.TemporaryDirectory() as folder:
        one = await LocalPublisher.open(BusAddress(f"unix:{Path(folder) / 'one.bus'}"))
        yield one
        await one.close()


async def tapped(publisher: LocalPublisher, units: list[AccessUnit]) -> Tap:
    tap = Tap(f"unix:{publisher._path}")
    await until(lambda: publisher.readers, "the tap")
    for unit in units:
        publisher.publish(unit)
    await until(lambda: len(tap._units) == len(units), "all of it")
    await tap.close()
    return tap


async def test_what_every_playlist_could_have_had(publisher: LocalPublisher) -> None:
    units = sorted([*UNITS, *VOICE, LINE], key=lambda unit: unit.seconds)
    tap = await tapped(publisher, units)
    for name, width in (("video.m3u8", 320), ("video-360.m3u8", 160)):
        found = await tap.between(name, BEGUN + 2.0, BEGUN + 3.0)
        assert found
        shown = [picture for data in found for picture in pictures(data)]
        assert size(found[0])[0] == width
        assert all(looks_like(colour, colour_at(seconds)) for seconds, colour in shown)
        assert {round(25 * seconds) for seconds, _ in shown} >= set(range(50, 75))
    for name, hertz in (("audio.m3u8", 440), ("interpreted.m3u8", 880)):
        found = await tap.between(name, BEGUN + 2.0, BEGUN + 3.0)
        assert found
        assert loudness(found[0])[1] == pytest.approx(hertz, abs=5)
    lines = await tap.between("captions.m3u8", BEGUN + 2.0, BEGUN + 2.5)
    assert lines is not None
    assert b"What was said." in lines[0]


async def test_what_is_not_all_there_is_not_had(publisher: LocalPublisher) -> None:
    tap = await tapped(publisher, [unit for unit in UNITS if not 3.0 <= unit.seconds < 4.0])
    assert await tap.between("video.m3u8", BEGUN + 2.0, BEGUN + 2.9)
    assert await tap.between("video.m3u8", BEGUN + 2.5, BEGUN + 3.5) is None
    assert await tap.between("video.m3u8", BEGUN + 4.5, BEGUN + 5.5) is None
    assert await tap.between("interpreted.m3u8", BEGUN - 5, BEGUN - 4) is None


async def test_a_studio_that_was_killed_is_read_to_its_end(publisher: LocalPublisher) -> None:
    again = [replace(unit, session=7, pts=unit.pts + 9 * unit.track.clock_rate) for unit in UNITS]
    tap = await tapped(publisher, [*UNITS, *again])
    assert await tap.between("video.m3u8", BEGUN + 4.5, BEGUN + 5.0)
    assert await tap.between("video.m3u8", BEGUN + 9.0, BEGUN + 9.5)


async def test_pictures_that_a_busy_studio_left_out_are_not_missed(publisher: LocalPublisher) -> None:
    """The parts of a playlist follow on each other all the same: it says 2.5 s where it is 2.7."""
    late = VIDEO_CLOCK // 5
    busy = [
        replace(unit, pts=unit.pts + late) if unit.track.is_video and 2.5 < unit.seconds < 2.7 else unit
        for unit in UNITS
        if not (unit.track.is_video and 2.7 < unit.seconds < 3.0)
    ]
    tap = await tapped(publisher, numbered(busy))
    found = await tap.between("video.m3u8", BEGUN + 2.5, BEGUN + 2.7)
    assert found
    shown = {round(25 * seconds) for data in found for seconds, _ in pictures(data)}
    assert shown >= {*range(50, 63), *range(68, 72)}


def numbered(units: list[AccessUnit]) -> list[AccessUnit]:
    """As a studio numbers what it makes."""
    counts: Counter[Track] = Counter()
    numbered = []
    for unit in units:
        numbered.append(replace(unit, sequence=counts[unit.track]))
        counts[unit.track] += 1
    return numbered

"""Sources of one rate in a programme of another, on a driven clock, judged by what is decoded."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby, pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext

from media.access_unit import AccessUnit, Track
from media.programme.picture import blank, planes
from media.rhythm import Rhythm
from media.sources.intake import Intake
from tests.media.studio.test_encoder import decode
from tests.media.studio.test_ticker import Bench

SECONDS = 4
SETTLED = 2.0
"""From here on sound and picture must have found each other."""
CODES = 40
"""Pictures are told apart by their luma, in steps of five; the first of the codes is a flash."""
LIPS = 0.045


def luma(number: int) -> int:
    return 235 if number % CODES == 0 else 16 + 4 * (number % CODES)


def arrivals(rate: int, begin: float, phase: float) -> Iterator[tuple[float, str, int]]:
    """(when it was captured, what, which), in order: pictures at ``rate``, sound in pieces of 20 ms."""
    things = [(begin + phase + number / rate, "picture", number) for number in range(rate * (SECONDS + 1))]
    things += [(begin + number / 50, "sound", number) for number in range(50 * (SECONDS + 1))]
    return iter(sorted(things))


def sound(number: int, rate: int, phase: float) -> av.AudioFrame:
    """20 ms of a hum, with a click where a flash was captured."""
    samples = np.full((960, 2), 0.02, np.float32)
    for flash in range(0, rate * (SECONDS + 1), CODES):
        at = round((phase + flash / rate) * 48_000) - number * 960
        if 0 <= at < 960:
            samples[at : at + 96] = 0.9
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), "flt", "stereo")
    frame.sample_rate = 48_000
    return frame


async def play(directory: Path, rate: int, pictures: int, phase: float) -> list[AccessUnit]:
    """What a chamber of this rate becomes in a programme of ``pictures`` a second."""
    bench = Bench(directory, asyncio.get_running_loop(), Rhythm(pictures))
    await bench.open()
    feed = bench.desk.arrive("chamber", "file", "test")
    clock = bench.clock
    frames = {number: blank(64, 36, (luma(number), 128, 128)) for number in range(CODES)}
    coming = arrivals(rate, clock.monotonic(), phase)
    captured, what, number = next(coming)
    due = clock.monotonic()
    for _ in range(SECONDS * pictures):
        while captured + (0.02 if what == "sound" else 0.0) <= due + 1e-6:
            hand_in(feed, what, number, captured, frames, sound(number, rate, phase))
            captured, what, number = next(coming)
        clock.advance(due - clock.monotonic())
        bench.ticker.turn()
        due += bench.rhythm.period
        await asyncio.sleep(0)
    assert not bench.errors
    assert bench.ticker.late_ticks == 0
    return bench.units


def hand_in(
    feed: Intake, what: str, number: int, at: float, frames: dict[int, av.VideoFrame], piece: av.AudioFrame
) -> None:
    if what == "picture":
        feed.put_picture(frames[number % CODES], at)
    else:
        feed.put_sound(piece, at)


def shown(units: list[AccessUnit], track: Track) -> list[tuple[float, int]]:
    """(programme seconds, code) of every decoded picture of a source; the slate is none."""
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, VideoCodecContext)
    found = []
    for unit in units:
        if unit.track is track:
            packet = av.Packet(unit.data)
            packet.pts, packet.time_base = unit.pts, Fraction(1, 90_000)
            for frame in decoder.decode(packet):
                plane = planes(frame)[0]
                mean, middle = plane.mean(), plane[plane.shape[0] // 2, plane.shape[1] // 2]
                if abs(mean - middle) < 2:
                    found.append((unit.seconds, 0 if mean > 225 else round((float(mean) - 16) / 4)))
    return found


@dataclass(frozen=True)
class Evenly:
    """How a source's pictures are to be shown: for how many ticks each, how many are left out after it.

    With one ``odd`` among them every so many, these are at even distances, give or take one.
    """

    ticks: set[int]
    steps: set[int] = field(default_factory=lambda: {1})


RATES = [
    (15, 30, Evenly({2})),
    (25, 25, Evenly({1})),
    (30, 30, Evenly({1})),
    (50, 25, Evenly({1}, {2})),
    (25, 30, Evenly({1, 2})),
    (30, 25, Evenly({1}, {1, 2})),
    (15, 25, Evenly({1, 2})),
    (50, 30, Evenly({1}, {1, 2})),
]


def distances(row: list[int], of: int) -> list[int]:
    at = [number for number, value in enumerate(row) if value == of]
    return [after - before for before, after in pairwise(at)]


@pytest.mark.parametrize(("rate", "pictures", "evenly"), RATES)
@pytest.mark.parametrize("phase", [0.004, 0.0165])
async def test_every_rate_is_shown_without_judder(
    tmp_path: Path, rate: int, pictures: int, evenly: Evenly, phase: float
) -> None:
    units = await play(tmp_path, rate, pictures, phase)
    full = [unit for unit in units if unit.track is Track.VIDEO_720]
    assert len(full) == SECONDS * pictures
    assert {later.pts - unit.pts for unit, later in pairwise(full)} == {90_000 // pictures}
    assert [number for number, unit in enumerate(full) if unit.key] == list(range(0, len(full), pictures)), (
        "an IDR each second"
    )
    seen = shown(units, Track.VIDEO_720)
    assert len(seen) > (SECONDS - 1) * pictures
    codes = [code for _, code in seen][pictures:]
    runs = [(code, len(list(run))) for code, run in groupby(codes)][1:-1]
    steps = [(after - before) % CODES for (before, _), (after, _) in pairwise(runs)]
    lengths = [length for _, length in runs]
    assert set(steps) == evenly.steps, "in order, and none left out but as the rates want"
    assert set(lengths) == evenly.ticks
    for row, values in ((steps, evenly.steps), (lengths, evenly.ticks)):
        for value in values:
            apart = distances(row, value)
            assert max(apart) - min(apart) <= 1
    assert [code for _, code in shown(units, Track.VIDEO_360)] == [code for _, code in seen]


@pytest.mark.parametrize("pictures", [25, 30])
@pytest.mark.parametrize("rate", [15, 25, 30, 50])
async def test_sound_is_gapless_and_comes_with_its_picture(tmp_path: Path, rate: int, pictures: int) -> None:
    units = await play(tmp_path, rate, pictures, 0.007)
    for track, duration in ((Track.OPUS, 960), (Track.AAC, 1024)):
        row = [unit for unit in units if unit.track is track]
        assert {later.pts - unit.pts for unit, later in pairwise(row)} == {duration}
        assert row[-1].seconds == pytest.approx(1 + SECONDS, abs=0.1)
        wave = np.abs(decode(track, row))
        begin = row[0].seconds
        loud = np.flatnonzero(wave > 0.4)
        assert len(loud)
        clicks = [begin + float(loud[0]) / 48_000]
        clicks += [begin + float(b) / 48_000 for a, b in pairwise(loud) if b - a > 4800]
        seen = shown(units, Track.VIDEO_720)
        flashes = [at for (_, code), (at, now) in pairwise(seen) if now == 0 and code != 0]
        settled = [flash for flash in flashes if flash > SETTLED]
        assert settled
        for flash in settled:
            off = min((click - flash for click in clicks), key=abs)
            assert abs(off) < LIPS, (track, off)

"""The studio without its process: real mixer, gate and encoders, a driven clock."""

import asyncio
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from media.access_unit import AccessUnit, Track
from media.control.command import Refused
from media.control.studio import GateState, SlateText
from media.gate.gate import PublicGate
from media.gate.journal import Journal
from media.programme.picture import blank, planes
from media.programme.slate import LOST, Slates
from media.rhythm import DEFAULT, Rhythm
from media.sources.desk import FeedDesk
from media.sources.intake import FeedKind, Intake
from media.sources.spare import SpareDecoder
from media.sources.speaker import Speakers
from media.studio.delay import Broadcast
from media.studio.director import Director
from media.studio.encoders import Encoders
from media.studio.outbox import Batch, Outbox
from media.studio.production import Production
from media.studio.ticker import Ticker
from tests.media.studio.fakes import FakeClock

PUBLIC = (120, 60, 70)
SECRET = (200, 90, 180)
TEXT = SlateText(title="The public have been excluded for item 9")


class Bench:
    """One studio that ticks when told to."""

    def __init__(self, directory: Path, loop: asyncio.AbstractEventLoop, rhythm: Rhythm = DEFAULT) -> None:
        self.rhythm = rhythm
        self.clock = FakeClock()
        self.slates = Slates("City of York Council", "#1d4e6b")
        self.gate = PublicGate.resume(
            Journal(directory / "journal"), TEXT, self.clock, self.slates.slate, expected=False
        )
        self.desk = FeedDesk(self.clock, lambda event: None, rhythm)
        self.director = Director(self.desk)
        speakers = Speakers(self.desk, "127.0.0.1", [], SpareDecoder())
        self.production = Production(
            self.clock, self.gate, self.desk, self.director, speakers, self.slates, rhythm=rhythm
        )
        self.units: list[AccessUnit] = []
        self.errors: list[BaseException] = []
        outbox = Outbox(loop, self._take)
        self.ticker = Ticker(
            self.clock,
            self.production,
            Broadcast(self.gate, lambda: Encoders(1, 0, rhythm), rhythm),
            outbox,
            rhythm.pictures,
            self.clock.monotonic(),
            self.errors.append,
            rhythm,
        )

    def _take(self, batch: Batch) -> None:
        self.units += batch.units

    async def tick(self, feed: Intake | None = None, colour: tuple[int, int, int] = PUBLIC) -> av.VideoFrame:
        if feed is not None:
            give(feed, colour)
        self.ticker.turn()
        self.clock.advance(self.rhythm.period)
        await asyncio.sleep(0)
        assert self.ticker.last_picture is not None
        return self.ticker.last_picture.frame

    async def open(self) -> None:
        await self.gate.move(GateState.OPEN, TEXT, "go live", "clerk", confirmed=True)

    async def cut(self) -> None:
        await self.gate.move(GateState.PRIVATE, TEXT, "item 9", "clerk", confirmed=False)

    def pictures(self) -> list[AccessUnit]:
        return [unit for unit in self.units if unit.track is Track.VIDEO_720]


def give(feed: Intake, colour: tuple[int, int, int]) -> None:
    feed.put_picture(blank(1280, 720, colour))
    loudness = colour[0] / 400
    frame = av.AudioFrame.from_ndarray(np.full((1, 3840), loudness, np.float32), "flt", "stereo")
    frame.sample_rate = 48_000
    feed.put_sound(frame)


def shows(frame: av.VideoFrame, colour: tuple[int, int, int]) -> bool:
    return all(bool((plane == value).any()) for plane, value in zip(planes(frame), colour, strict=True))


@pytest.fixture
async def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, asyncio.get_running_loop())


@pytest.mark.parametrize("kind", ["test", "whip", "rtmp"])
async def test_nothing_captured_in_private_passes_after_opening(bench: Bench, kind: FeedKind) -> None:
    feed = bench.desk.arrive("chamber", kind, "Encoder")
    slate = bench.slates.slate(TEXT)
    for _ in range(20):
        assert await bench.tick(feed, SECRET) is slate
    await bench.open()
    block = bench.production.sound(bench.production.begin())
    assert not block.public.samples.any()
    seen: set[str] = set()
    for number in range(80):
        # What was on its way at the moment of opening arrives first.
        late = kind != "test" and number < 10
        frame = await bench.tick(feed, SECRET if late else PUBLIC)
        assert not shows(frame, SECRET)
        if frame is slate:
            assert "public" not in seen
            seen.add("slate")
        if shows(frame, PUBLIC):
            seen.add("public")
    assert "public" in seen


async def test_a_cut_takes_the_next_picture_and_the_next_sound(bench: Bench) -> None:
    feed = bench.desk.arrive("chamber", "test", "Test")
    await bench.open()
    for _ in range(10):
        frame = await bench.tick(feed)
    assert shows(frame, PUBLIC)
    await bench.cut()
    assert await bench.tick(feed, SECRET) is bench.slates.slate(TEXT)
    tick = bench.production.begin()
    assert not bench.production.sound(tick).public.samples.any()


async def test_a_lost_chamber_is_the_technical_picture_never_black(bench: Bench) -> None:
    lost = bench.slates.slate(LOST)
    await bench.open()
    slate = bench.slates.slate(TEXT)
    frames = [await bench.tick() for _ in range(80)]
    assert frames[0] is slate
    assert np.array_equal(planes(frames[-1])[0], planes(lost)[0])
    feed = bench.desk.arrive("chamber", "whip", "Encoder")
    assert shows([await bench.tick(feed) for _ in range(15)][-1], PUBLIC)
    held = [await bench.tick() for _ in range(12)]
    assert all(shows(frame, PUBLIC) for frame in held)
    assert np.array_equal(planes([await bench.tick() for _ in range(8)][-1])[0], planes(lost)[0])
    assert shows([await bench.tick(feed) for _ in range(15)][-1], PUBLIC)


async def test_a_late_ticker_skips_pictures_but_never_sound(bench: Bench) -> None:
    feed = bench.desk.arrive("chamber", "test", "Test")
    for _ in range(5):
        await bench.tick(feed)
    bench.clock.advance(0.4)
    for _ in range(20):
        give(feed, PUBLIC)
        bench.ticker.turn()
        bench.clock.advance(0.005)
    await asyncio.sleep(0)
    opus = [unit.pts for unit in bench.units if unit.track is Track.OPUS]
    assert {later - pts for pts, later in pairwise(opus)} == {960}
    assert len(opus) == 50
    assert bench.ticker.late_ticks >= 5
    assert len(bench.pictures()) == 25 - bench.ticker.late_ticks


async def test_that_a_machine_is_too_busy_is_told(bench: Bench) -> None:
    def told() -> list[str]:
        return [alarm.code for alarm in bench.ticker.pace.alarms()]

    await bench.tick()
    bench.clock.advance(0.08)
    for _ in range(60):
        await bench.tick()
    assert bench.ticker.late_ticks > 50
    assert told() == ["too_busy"]
    bench.ticker.turn()
    bench.ticker.turn()
    for _ in range(250):
        await bench.tick()
    assert told() == []


async def test_a_ticker_that_was_away_goes_on_at_a_whole_group(bench: Bench) -> None:
    await bench.tick()
    bench.clock.advance(3600.0)
    bench.ticker.turn()
    for _ in range(30):
        await bench.tick()
    units = bench.pictures()
    assert units[1].key
    assert units[1].pts % 90_000 == 0
    assert 3600 * 90_000 < units[1].pts <= 3603 * 90_000


async def test_a_speaker_whose_connection_died_leaves_the_picture(bench: Bench) -> None:
    chamber = bench.desk.arrive("chamber", "test", "Test")
    sam = bench.desk.arrive("sam", "speaker", "Sam Lee")
    bench.director.put_on_air(["sam", "sam"])
    for _ in range(15):
        give(sam, SECRET)
        await bench.tick(chamber)
    assert len(bench.director.scene(bench.clock.monotonic()).tiles) == 2
    for _ in range(52):
        await bench.tick(chamber)
    assert len(bench.director.scene(bench.clock.monotonic()).tiles) == 1
    assert bench.director.direction.on_air == ("sam",)
    give(sam, SECRET)
    assert len(bench.director.scene(bench.clock.monotonic()).tiles) == 2


async def test_a_seventh_speaker_is_refused_with_a_sentence_and_the_six_stay(bench: Bench) -> None:
    names = [f"{number}" for number in range(7)]
    for name in names:
        give(bench.desk.arrive(name, "speaker", f"Speaker {name}"), PUBLIC)
    bench.director.put_on_air(names[:6])
    with pytest.raises(
        Refused, match="At most 6 speakers can be on air at once: take one off first"
    ) as refusal:
        bench.director.put_on_air(names)
    assert refusal.value.code == "full"
    assert bench.director.direction.on_air == tuple(names[:6])
    scene = bench.director.scene(bench.clock.monotonic())
    assert scene.sources == set(names[:6])

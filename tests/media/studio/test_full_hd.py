"""1080p50: every second picture is shown, none twice and none left out.

On a driven clock every picture is looked at. By way of door, ffmpeg, decoder and studio, in real time, it is
enough that it is so for some seconds: a machine that is busy with more than this leaves pictures out.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Iterator
from itertools import count, pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from av.container import InputContainer

from media.access_unit import AccessUnit
from media.control.studio import GateState, GetStatus
from media.programme.picture import blank, planes
from tests.media.ingest.conftest import Ingest, opened_door
from tests.media.ingest.publishers import AAC, publisher, sine
from tests.media.studio.house import House
from tests.media.studio.test_ticker import Bench
from tests.media.studio.viewer import Seen, Viewer

WIDTH, HEIGHT, RATE = 1920, 1080, 50
SECONDS = 4
"""After which the film begins again."""
PICTURES = SECONDS * RATE
CELLS, CELL = 8, WIDTH // 8
"""A picture's number, as a row of black and white cells at the top."""
WINDOW, DISTINCT = 3 * 90_000, 72
"""Three seconds of the programme, and how many different pictures of the film are to be seen in them."""
DEADLINE = 90.0
DRIVEN_SECONDS, SETTLED_SECONDS = 12, 3
LATEST = 0.015
"""Seconds that a picture comes late at most."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wall with a grain that wanders, so that there is something to decode."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    grain = np.random.default_rng(2).integers(100, 140, (HEIGHT // 4, WIDTH // 4), np.uint8)
    wall = np.repeat(np.repeat(grain, 4, axis=0), 4, axis=1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", RATE)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.options = {"preset": "ultrafast", "tune": "zerolatency", "g": str(RATE), "b": "8000000"}
        for number in range(PICTURES):
            frame = blank(WIDTH, HEIGHT)
            luma = planes(frame)[0]
            luma[:] = np.roll(wall, 4 * number, axis=1)
            bits = number >> np.arange(CELLS) & 1
            luma[:CELL] = np.repeat(np.where(bits, 235, 40), CELL)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def number_of(frame: av.VideoFrame) -> int:
    """Which picture of the film this is."""
    luma = planes(frame)[0]
    small = CELL * 720 // HEIGHT
    middle = [small // 2 + cell * small for cell in range(CELLS)]
    return sum(int(luma[small // 2, x - 8 : x + 8].mean() > 140) << bit for bit, x in enumerate(middle))


def decoded(film: Path) -> Iterator[av.VideoFrame]:
    """The film again and again."""
    while True:
        with av.open(str(film)) as container:
            assert isinstance(container, InputContainer)
            yield from container.decode(video=0)


def arrivals(begin: float) -> Iterator[tuple[float, float]]:
    """When each picture comes, and when it was captured: some are late, none overtakes another."""
    chance, last = random.Random(4), begin
    for number in count():
        captured = begin + number / RATE
        last = max(last, captured + chance.uniform(0.0, LATEST))
        yield last, captured


async def test_none_is_shown_twice_and_none_but_every_second_left_out(tmp_path: Path, film: Path) -> None:
    bench = Bench(tmp_path, asyncio.get_running_loop())
    await bench.open()
    feed = bench.desk.arrive("chamber", "rtmp", "Encoder")
    due = bench.clock.monotonic()
    coming = zip(arrivals(due), decoded(film), strict=False)
    (at, captured), picture = next(coming)
    for _ in range(DRIVEN_SECONDS * 25):
        while at <= due:
            bench.clock.advance(max(0.0, at - bench.clock.monotonic()))
            feed.put_picture(picture, captured)
            (at, captured), picture = next(coming)
        bench.clock.advance(max(0.0, due - bench.clock.monotonic()))
        bench.ticker.turn()
        due += bench.rhythm.period
        await asyncio.sleep(0)
    assert not bench.errors
    assert bench.ticker.late_ticks == 0
    shown = [number_of(frame) for frame in seen(bench.pictures())][SETTLED_SECONDS * 25 :]
    assert {(later - one) % PICTURES for one, later in pairwise(shown)} == {2}


def seen(units: list[AccessUnit]) -> Iterator[av.VideoFrame]:
    """The programme's pictures."""
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    for unit in units:
        yield from decoder.decode(av.Packet(unit.data))


@pytest.mark.parametrize("line", [Ingest.rtmp, Ingest.srt], ids=["rtmp", "srt"])
async def test_every_second_picture_of_1080p50_is_shown(
    tmp_path: Path, film: Path, line: Callable[[Ingest], tuple[str, ...]]
) -> None:
    house = House(tmp_path)
    await house.start()
    await house.gate(GateState.OPEN)
    viewer = Viewer(house.bus)
    send = ("-re", "-stream_loop", "-1", "-i", str(film), *sine(), "-c:v", "copy", *AAC)
    last: deque[tuple[int, int]] = deque()

    def steps() -> list[int]:
        return [(later - one) % PICTURES for (_, one), (_, later) in pairwise(last)]

    def goes_well(item: object) -> bool:
        if isinstance(item, Seen) and item.extent == (1280, 720):
            last.append((item.unit.pts, number_of(item.frame)))
            while last[0][0] <= item.unit.pts - WINDOW:
                last.popleft()
        return len({number for _, number in last}) >= DISTINCT

    async with opened_door(tmp_path, house.config.feeds_socket) as door, publisher(*send, *line(door)):
        await viewer.until(goes_well, DEADLINE)
        (feed,) = (await house.client.call(GetStatus())).feeds
    assert (feed.width, feed.height) == (WIDTH, HEIGHT)
    assert sorted(steps())[len(last) // 2] == 2, "every second one"
    await viewer.close()
    assert await house.stop() == 0

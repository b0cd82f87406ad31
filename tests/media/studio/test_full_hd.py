"""A publisher of 1080p50 by way of door, ffmpeg, decoder and studio: every second picture is shown."""

from collections import deque
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from media.control.studio import GateState, GetStatus
from media.programme.picture import blank, planes
from tests.media.ingest.conftest import Ingest, opened_door
from tests.media.ingest.publishers import AAC, publisher, sine
from tests.media.studio.house import House
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


def number_of(item: Seen) -> int:
    """Which picture of the film this is."""
    luma = planes(item.frame)[0]
    small = CELL * 720 // HEIGHT
    middle = [small // 2 + cell * small for cell in range(CELLS)]
    return sum(int(luma[small // 2, x - 8 : x + 8].mean() > 140) << bit for bit, x in enumerate(middle))


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

    def goes_well(item: object) -> bool:
        if isinstance(item, Seen) and item.extent == (1280, 720):
            last.append((item.unit.pts, number_of(item)))
            while last[0][0] <= item.unit.pts - WINDOW:
                last.popleft()
        return len({number for _, number in last}) >= DISTINCT

    async with opened_door(tmp_path, house.config.feeds_socket) as door, publisher(*send, *line(door)):
        await viewer.until(goes_well, DEADLINE)
        (feed,) = (await house.client.call(GetStatus())).feeds
    assert (feed.width, feed.height) == (WIDTH, HEIGHT)
    steps = [(later - one) % PICTURES for (_, one), (_, later) in pairwise(last)]
    assert max(steps) < RATE, "in order"
    assert sorted(steps)[len(steps) // 2] == 2, "every second one"
    await viewer.close()
    assert await house.stop() == 0

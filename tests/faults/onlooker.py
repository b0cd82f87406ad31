"""Somebody who watches the programme all the time, and remembers what was to be seen and heard, and when."""

import asyncio
import itertools
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from media.control.feeds import FeedStatus
from media.control.studio import GetStatus
from tests.media.studio.house import House
from tests.media.studio.test_process import slate_colour
from tests.media.studio.viewer import Heard, Seen, Viewer, near
from tests.support.waiting import until_async

STEP = 3600
"""Of one picture, in units of 1/90000 s."""
RATE = 48_000
HALF_A_SECOND = 25
"""Blocks of sound."""
DEADLINE = 40.0
Yuv: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Sight:
    """One decoded picture: its stamp, the colours of its middle, a corner and the middles of its halves.

    ``wide`` and ``high``: pixels that are not black on the lines through its middle.
    """

    pts: int
    middle: Yuv
    corner: Yuv
    left: Yuv
    right: Yuv
    wide: int
    high: int

    def is_boxed(self, wide: int, high: int) -> bool:
        """Whether it has this size on the black canvas, but for blurred edges."""
        return abs(self.wide - wide) <= 6 and abs(self.high - high) <= 6

    @property
    def red(self) -> bool:
        """Told by the colour difference, whatever the matrix."""
        return self.middle[2] > 190 and self.middle[1] < 125

    @property
    def blue(self) -> bool:
        """As ``red``."""
        return self.middle[1] > 190 and self.middle[2] < 125

    @property
    def slate(self) -> bool:
        """The technical slate has the council's colour in its corners."""
        return near(self.corner, slate_colour())


class Onlooker:
    """Made by ``looking``."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._viewer = Viewer(house.bus)
        self.seen: list[Sight] = []
        self._heard: deque[NDArray[np.float32]] = deque(maxlen=HALF_A_SECOND)
        self._blocks = 0
        self._changed = asyncio.Event()

    async def shows(self, good: Callable[[Sight], bool], seconds: float = DEADLINE) -> Sight:
        """The next picture that is so."""
        looked = len(self.seen)
        async with asyncio.timeout(seconds):
            while True:
                for sight in self.seen[looked:]:
                    if good(sight):
                        return sight
                looked = len(self.seen)
                self._changed.clear()
                await self._changed.wait()

    async def shows_only(self, good: Callable[[Sight], bool], pictures: int = 50) -> None:
        """Wait until so many pictures one after the other were so: it came to stay."""
        looked = len(self.seen)
        async with asyncio.timeout(DEADLINE):
            while len(self.seen) - looked < pictures or not all(map(good, self.seen[-pictures:])):
                self._changed.clear()
                await self._changed.wait()

    async def sounds(self, hertz: float, seconds: float = DEADLINE) -> None:
        """Wait until this tone was all that was heard for half a second from now on."""
        looked = self._blocks
        async with asyncio.timeout(seconds):
            while True:
                if self._blocks - looked >= HALF_A_SECOND:
                    if abs(_tone(np.concatenate(list(self._heard))) - hertz) < 10:
                        return
                    looked += 5
                self._changed.clear()
                await self._changed.wait()

    @property
    def now(self) -> int:
        """The stamp of the newest picture."""
        return self.seen[-1].pts

    async def on_time(self) -> None:
        """No picture is missing from what was seen, but for those the machine was too busy to make."""
        late = (await self._house.client.call(GetStatus())).late_ticks
        steps = [(b.pts - a.pts) // STEP for a, b in itertools.pairwise(self.seen)]
        assert min(steps) > 0
        assert sum(steps) - len(steps) <= late, "the programme stopped"

    async def feed(self, good: Callable[[FeedStatus], bool], source: str = "chamber") -> FeedStatus:
        """What the console is told of a source, once it is so."""

        async def look() -> list[FeedStatus]:
            status = await self._house.client.call(GetStatus())
            return [feed for feed in status.feeds if feed.source == source and good(feed)]

        return (await until_async(look, f"what is told of {source}", DEADLINE))[0]

    async def watch(self) -> None:
        """For as long as it is let."""
        async for item in self._viewer.watch():
            if isinstance(item, Seen):
                left, right = item.colour_at(320, 360), item.colour_at(960, 360)
                wide, high = item.extent
                self.seen.append(Sight(item.unit.pts, item.middle, item.corner, left, right, wide, high))
            elif isinstance(item, Heard):
                self._heard.append(item.samples)
                self._blocks += 1
            self._changed.set()

    async def close(self) -> None:
        """Go."""
        await self._viewer.close()


@asynccontextmanager
async def looking(house: House) -> AsyncIterator[Onlooker]:
    """Watch until the end; what went wrong with watching is raised there."""
    onlooker = Onlooker(house)
    watching = asyncio.create_task(onlooker.watch())
    try:
        yield onlooker
    finally:
        watching.cancel()
        results = await asyncio.gather(watching, return_exceptions=True)
        await onlooker.close()
    assert isinstance(results[0], asyncio.CancelledError), results


def _tone(samples: NDArray[np.float32]) -> float:
    """The strongest frequency in hertz; 0 for silence."""
    if np.abs(samples).max() < 1e-3:
        return 0.0
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * RATE / len(samples)

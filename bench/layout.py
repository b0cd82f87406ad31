"""``python -m bench.layout``: from asking for another layout to its picture, by the clock on the wall.

A real studio process with a 720p25 chamber feed and a 720p25 speaker on air, by WebRTC from this process. The
layout changes from one to the other again and again; from the command being sent to the moment at which a
reader of the bus has decoded the first picture with the new layout and nothing of the old. A change during
which the studio left out a picture is one of a machine that is too busy: it is told, and does not count.
"""

import argparse
import asyncio
import json
import os
import platform
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from media.control.picture import LayoutName, SetLayout, SetOnAir, Transition
from media.control.studio import GateState, GetStatus
from media.sources.ice import listen_on
from tests.media.studio.house import House
from tests.media.studio.test_process import GREEN, PINK, connect_speaker, publish
from tests.media.studio.viewer import Heard, Seen, Viewer, near

TARGET_MS = 200.0
LEAST = 20
"""Changes of each way that must count."""
WAYS: tuple[Transition, ...] = ("cut", "dissolve")
SHOWS = {LayoutName.CHAMBER: GREEN, LayoutName.SPEAKER: PINK}


class Sight:
    """What a viewer of the bus sees now, decoded all the time."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._wanted = GREEN
        self._there = asyncio.Event()

    async def keep(self) -> None:
        """Look until cancelled."""
        async for item in self._viewer.watch():
            if self._shows(item):
                self._there.set()

    async def of(self, colour: tuple[int, int, int]) -> None:
        """Wait for a picture of this colour, from now on. Raises ``TimeoutError``."""
        self._wanted = colour
        self._there.clear()
        async with asyncio.timeout(20):
            await self._there.wait()

    def _shows(self, item: Seen | Heard) -> bool:
        return isinstance(item, Seen) and near(item.middle, self._wanted, 6)


async def measure(changes: int) -> tuple[dict[Transition, list[float]], int]:
    """Milliseconds of each change by its way, and how many changes did not count."""
    took: dict[Transition, list[float]] = {way: [] for way in WAYS}
    chance = random.Random(1)
    listen_on("127.0.0.1")
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), small=True)
        await house.start()
        chamber, _ = await publish(house, GREEN, 500)
        sam = await connect_speaker(house, "sam", 1500, PINK)
        viewer = Viewer(house.bus)
        sight = Sight(viewer)
        looking = asyncio.create_task(sight.keep())
        try:
            await house.gate(GateState.OPEN)
            await house.client.call(SetOnAir(speakers=["sam"]))
            await house.client.call(SetLayout(layout=LayoutName.CHAMBER))
            await sight.of(GREEN)
            too_busy = 0
            for number in range(changes):
                # At any moment of a tick.
                await asyncio.sleep(0.4 + chance.random() * 0.1)
                layout = (LayoutName.SPEAKER, LayoutName.CHAMBER)[number % 2]
                way = WAYS[number // 2 % 2]
                late = (await house.client.call(GetStatus())).late_ticks
                began = time.monotonic()
                seen = asyncio.create_task(sight.of(SHOWS[layout]))
                await house.client.call(SetLayout(layout=layout, transition=way))
                await seen
                ended = time.monotonic()
                if (await house.client.call(GetStatus())).late_ticks == late:
                    took[way].append((ended - began) * 1000)
                else:
                    too_busy += 1
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
            await viewer.close()
            await chamber.close()
            await sam.close()
            await house.stop()
    return took, too_busy


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.layout", description=__doc__)
    parser.add_argument("--changes", type=int, default=100)
    options = parser.parse_args()
    took, too_busy = asyncio.run(measure(max(2 * LEAST, options.changes)))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    out: dict[str, float] = {}
    print(f"changes with a picture left out, which do not count: {too_busy}")
    if min(map(len, took.values())) < LEAST:
        print("The machine is too busy for a figure.")
        return 1
    for way, values in took.items():
        last = quantiles(values, n=20)[-1]
        print(
            f"{way:10}median {median(values):4.0f} ms, 95th percentile {last:4.0f} ms, "
            f"worst {max(values):4.0f} ms, of {len(values)}"
        )
        out |= {f"{way}_median_ms": round(median(values)), f"{way}_p95_ms": round(last)}
    good = max(quantiles(values, n=20)[-1] for values in took.values()) <= TARGET_MS
    print(json.dumps({"bench": "layout", **out, "not_counted": too_busy, "within_target": good}))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

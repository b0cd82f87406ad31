"""``python -m bench.join``: a storm of joins, from the offer to the first packet of a picture.

Every guest's offer is sent as soon as the relay takes it: who is told that it is full asks again, as a player
does. Measured are the relay's CPU for each join, fan-out to those who are in already left out, and how long
each guest waits from the first time they ask.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.crowd.process import CrowdProcess, crowd
from bench.fanout.feed import Feed
from bench.fanout.hall import MEETING, Hall, hall
from bench.fanout.usage import Usage
from bench.join.browser import Beginning, beginnings
from media.control.command import Refused
from media.control.relay import OpenViewer

JOINS_TARGET, P95_TARGET = 200.0, 1.0
FIRST_TARGET = 0.3
"""Seconds from the answer to a picture in Chromium, median."""
AT_ONCE = 32
"""Commands on their way to the relay: what its control channel takes."""
AGAIN_SECONDS = 0.1
STEADY_SECONDS = 4


@dataclass(frozen=True)
class Storm:
    """One storm."""

    joins: int
    seconds: float
    """Until the last guest saw something."""
    cpu: float
    """Of the relay meanwhile."""
    steady: float
    """CPU in a second of the same programme for the same crowd, once all are in."""
    waits: list[float]
    """Seconds of each guest from the first time of asking to the first packet of a picture."""

    @property
    def join_ms(self) -> float:
        """CPU of one join. While the crowd grows, half of the steady work is there on average."""
        return (self.cpu - self.steady * self.seconds / 2) / self.joins * 1000

    @property
    def p95(self) -> float:
        """Of the waits."""
        return sorted(self.waits)[int(len(self.waits) * 0.95)]


async def storm(server: Hall, feed: Feed, guests: CrowdProcess, joins: int) -> Storm:
    """Let them all come."""
    offers = await guests.ask("come", count=joins)
    playing = asyncio.create_task(_play(server, feed))
    await feed.begun.wait()
    asked: dict[int, float] = {}
    before, begun = Usage.of(server.pid), time.monotonic()
    places = asyncio.Semaphore(AT_ONCE)

    async def join(number: int, offer: str) -> None:
        async with places:
            asked[number] = time.monotonic()
            while True:
                try:
                    answer = await server.control.call(OpenViewer(meeting=MEETING, sdp=offer), deadline=60.0)
                    break
                except Refused as refusal:
                    if refusal.code != "full":
                        raise
                    await asyncio.sleep(AGAIN_SECONDS)
            guests.tell("accept", number=number, description=answer.sdp)

    async with asyncio.TaskGroup() as group:
        for number, offer in enumerate(offers):
            group.create_task(join(number, offer))
    state = await guests.until("watching", joins, 120.0)
    after, ended = Usage.of(server.pid), time.monotonic()
    await asyncio.sleep(1)
    calm = Usage.of(server.pid)
    await asyncio.sleep(STEADY_SECONDS)
    steady = (Usage.of(server.pid).cpu - calm.cpu) / STEADY_SECONDS
    playing.cancel()
    await asyncio.wait([playing])
    waits = [seen - asked[number] for number, seen in enumerate(state["first_picture_at"])]
    last = max(state["first_picture_at"])
    return Storm(joins, min(ended, last) - begun, after.cpu - before.cpu, steady, waits)


async def _play(server: Hall, feed: Feed) -> None:
    while True:
        await feed.play(1, server)


async def measure(joins: int, rounds: int) -> list[Storm]:
    """A relay of its own for each round."""
    storms = []
    with tempfile.TemporaryDirectory() as base:
        for number in range(rounds):
            async with hall(Path(base) / str(number)) as server, crowd(coalesce=True) as guests:
                storms.append(await storm(server, Feed(), guests, joins))
    return storms


def report(storms: list[Storm]) -> bool:
    """Print the table and the line of JSON. True when the targets are met."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, loopback")
    for one in storms:
        print(
            f"{one.joins} joins in {one.seconds:.2f} s; {one.join_ms:.2f} ms of CPU each; first packet of a "
            f"picture after {sorted(one.waits)[len(one.waits) // 2]:.3f} s (median), {one.p95:.3f} s (p95)"
        )
    rate = min(1000 / one.join_ms for one in storms)
    p95 = max(one.p95 for one in storms)
    good = rate >= JOINS_TARGET and p95 <= P95_TARGET
    out = {
        "bench": "join",
        "joins": storms[0].joins,
        "joins_per_core_second": round(rate, 1),
        "joins_per_second": round(min(one.joins / one.seconds for one in storms), 1),
        "p95_seconds": round(p95, 3),
        "within_target": good,
    }
    print(json.dumps(out))
    return good


def tell(found: list[Beginning]) -> bool:
    """Print how viewers in Chromium began. True when it was soon enough."""
    for one in found:
        print(
            f"Chromium: a picture {one.first:.3f} s after the answer, {one.behind:.3f} s behind; "
            f"live after {one.live:.3f} s; longest gap {one.gap:.3f} s"
        )
    first = median(one.first for one in found)
    good = first <= FIRST_TARGET
    out = {"bench": "join-browser", "median_first_seconds": round(first, 3), "within_target": good}
    print(json.dumps(out))
    return good


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.join", description=__doc__)
    parser.add_argument("--joins", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument(
        "--browsers", type=int, default=5, help="the beginnings of so many in Chromium, first"
    )
    options = parser.parse_args()
    soon = not options.browsers or tell(asyncio.run(beginnings(options.browsers)))
    good = report(asyncio.run(measure(options.joins, options.rounds)))
    return 0 if good and soon else 1


if __name__ == "__main__":
    sys.exit(main())

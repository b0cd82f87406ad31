"""``python -m bench.studio``: what one programme costs, by stage.

A real studio process with a 720p25 chamber feed and three speakers with 720p25 cameras on air, all by WebRTC
from this process. That is the configuration the target is for: 720p and 360p, Opus and AAC, everybody
speaking. ``--interpreter`` adds an interpreter and their language, ``--tones`` has everybody send a sine.
Prints CPU time as a share of one core. Rounds in which other work had the processor, so that pictures were
left out, do not count.
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
from statistics import mean
from typing import Any

from bench.people import Person
from bench.scenery import RATE, scene, tone, voice
from media.access_unit import Track
from media.control.feeds import FeedStatus
from media.control.picture import SetOnAir
from media.control.studio import GateState, GetCost, GetStatus, StudioCost
from tests.media.studio.house import House

TARGET = 60.0
SPEAKERS = ("sam", "lee", "kim")
CALM = 0.05
"""Share of a round's pictures that may be left out: a round with more had too little of the processor."""
TICKS = os.sysconf("SC_CLK_TCK")


def spent(pid: int) -> float:
    """CPU seconds of a process and of the children it waited for or still has."""
    total = _own(pid)
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            total += spent(int(child))
    return total


def _own(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / TICKS


def of_children(pid: int) -> float:
    """CPU seconds of the children that it has now: the decoders of pictures."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(spent(int(child)) for task in tasks for child in (task / "children").read_text().split())


def by_stage(
    before: StudioCost, after: StudioCost, total: float, children: float, seconds: float
) -> dict[str, float]:
    """Percent of one core. What no thread and no child accounts for is the rest."""
    share = {name: value - before.stages.get(name, 0.0) for name, value in after.stages.items()}
    thread = {name: value - before.threads.get(name, 0.0) for name, value in after.threads.items()}
    stages = {
        "event loop (network, sound in and back)": thread.get("MainThread", 0.0),
        "decode pictures": children,
        "take decoded pictures": thread.get("video-decoder", 0.0),
        "mix sound": share.get("mix", 0.0),
        "scale and compose": share.get("compose", 0.0),
        "encode picture": share.get("encode picture", 0.0),
        "encode 360p": share.get("encode 360p", 0.0),
        "encode sound": share.get("encode sound", 0.0),
        "thread pool": sum(value for name, value in thread.items() if name.startswith("asyncio_")),
    }
    stages["rest"] = total - sum(stages.values())
    return {name: 100 * value / seconds for name, value in stages.items()}


@dataclass(frozen=True, slots=True)
class Round:
    """What one round cost, and whether the sources and the programme kept up."""

    stages: dict[str, float]
    left_out: float
    """Share of the programme's pictures."""
    slowest: float
    """Pictures a second of the source that brought the fewest."""

    @property
    def calm(self) -> bool:
        """Whether the machine let it do all of the work, so that the figures do not flatter."""
        return self.left_out <= CALM and self.slowest >= RATE * (1 - CALM)

    @property
    def total(self) -> float:
        """Percent of one core."""
        return sum(self.stages.values())


@dataclass(frozen=True, slots=True)
class Work:
    """What the studio is given to do."""

    height: int = 720
    """Of the speakers' cameras."""
    interpreter: bool = False
    tones: bool = False
    """A sine from everybody in place of speech."""

    def sound(self, number: int) -> list[bytes]:
        """What this person sends."""
        return tone(330.0 + 110 * number) if self.tones else voice(number + 1)

    @property
    def tracks(self) -> list[str]:
        return [track for track in Track if self.interpreter or not track.endswith("-interpreted")]

    def __str__(self) -> str:
        people = f"chamber 720p25 and three speakers {self.height}p25 on air"
        return f"{people}{', an interpreter' if self.interpreter else ''}; {', '.join(self.tracks)}"


def gather(work: Work) -> list[Person]:
    """The people and what they send."""
    pictures = scene(work.height * 16 // 9, work.height, work.height * 2500)
    chamber = pictures if work.height == 720 else scene(1280, 720, 1_800_000)
    people = [Person("chamber", chamber, work.sound(0))]
    people += [Person(name, pictures, work.sound(number)) for number, name in enumerate(SPEAKERS, 1)]
    if work.interpreter:
        small = scene(320, 180, 200_000)
        people.append(Person("interpreter", small, work.sound(len(people)), role="interpreter"))
    return people


async def measure(seconds: float, rounds: int, work: Work) -> list[Round]:
    """Until so many rounds were calm, or three times as many were not."""
    found: list[Round] = []
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), small=True, language="cy" if work.interpreter else None)
        await house.start()
        people = gather(work)
        try:
            for person in people:
                await person.join(house.client)
            await house.gate(GateState.OPEN)
            await house.client.call(SetOnAir(speakers=list(SPEAKERS)))
            await _all_on_air(house, len(people))
            while sum(one.calm for one in found) < rounds and len(found) < 3 * rounds:
                found.append(await _round(house, seconds))
        finally:
            for person in people:
                await person.leave()
            await house.stop()
    return found


async def _all_on_air(house: House, people: int) -> None:
    async with asyncio.timeout(60):
        while True:
            await asyncio.sleep(6)
            status = await house.client.call(GetStatus())
            if len(status.feeds) == people and all(_is_live(feed) for feed in status.feeds):
                return


def _is_live(feed: FeedStatus) -> bool:
    return feed.state == "live" and feed.sound and feed.frames_per_second >= 20


async def _round(house: House, seconds: float) -> Round:
    status, before = await house.client.call(GetStatus()), await house.client.call(GetCost())
    began, process, children = time.monotonic(), spent(house.pid), of_children(house.pid)
    await asyncio.sleep(seconds)
    after, took = await house.client.call(GetCost()), time.monotonic() - began
    total, decoders = spent(house.pid) - process, of_children(house.pid) - children
    stages = by_stage(before, after, total, decoders, took)
    later = await house.client.call(GetStatus())
    left_out = (later.late_ticks - status.late_ticks) / (took * RATE)
    return Round(stages, left_out, min(feed.frames_per_second for feed in later.feeds))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.studio", description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0, help="of one round")
    parser.add_argument("--rounds", type=int, default=3, help="calm ones")
    parser.add_argument(
        "--cameras", type=int, default=720, choices=(360, 720), help="height of the speakers'"
    )
    parser.add_argument("--interpreter", action="store_true", help="add an interpreted language")
    parser.add_argument("--tones", action="store_true", help="a sine from everybody in place of speech")
    options = parser.parse_args()
    work = Work(options.cameras, options.interpreter, options.tones)
    found = asyncio.run(measure(options.seconds, options.rounds, work))
    calm = [one for one in found if one.calm]
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(work)
    print(f"rounds of {options.seconds:.0f} s: {len(found)}, {len(calm)} of them calm")
    if not calm:
        print("In none was all of the work done, so these figures flatter. Measure again on a calm machine.")
    out = _show(calm or found)
    good = bool(calm) and out["total_percent"] <= TARGET
    out |= {"rounds": len(found), "calm": len(calm), "within_target": good}
    print(json.dumps({"bench": "studio", **vars(options), **out}))
    return 0 if good else 1


def _show(rounds: list[Round]) -> dict[str, Any]:
    stages = {name: [one.stages[name] for one in rounds] for name in rounds[0].stages}
    totals = [one.total for one in rounds]
    for name, values in {**stages, "total, of one core": totals}.items():
        print(f"{name:42}{mean(values):6.1f} %   ({min(values):.1f} to {max(values):.1f})")
    left_out = mean([one.left_out for one in rounds])
    print(f"{'pictures left out':42}{100 * left_out:6.1f} %")
    return {
        "total_percent": round(mean(totals), 1),
        "stages": {name: round(mean(values), 1) for name, values in stages.items()},
        "pictures_left_out_percent": round(100 * left_out, 1),
    }


if __name__ == "__main__":
    sys.exit(main())

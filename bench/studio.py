"""``python -m bench.studio``: what one programme costs, by stage.

A real studio process with a 720p25 chamber feed and three speakers with 720p25 cameras on air, all by WebRTC
from this process. Prints CPU time as a share of one core.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean

from bench.people import Person
from bench.scenery import scene, speech
from media.access_unit import Track
from media.control.studio import GateState, GetCost, GetStatus, SetOnAir, StudioCost
from tests.media.studio.house import House

TARGET = 60.0
SPEAKERS = ("sam", "lee", "kim")
DECODERS = ("video-decoder", "audio-decoder")
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


def by_stage(before: StudioCost, after: StudioCost, total: float, seconds: float) -> dict[str, float]:
    """Percent of one core. What no thread accounts for is the rest."""
    share = {name: value - before.stages.get(name, 0.0) for name, value in after.stages.items()}
    thread = {name: value - before.threads.get(name, 0.0) for name, value in after.threads.items()}
    stages = {
        "receive (network, encryption, event loop)": thread.get("MainThread", 0.0),
        "decode": sum(thread.get(name, 0.0) for name in DECODERS),
        "mix sound": share.get("mix", 0.0),
        "scale and compose": share.get("compose", 0.0),
        "encode picture": share.get("encode picture", 0.0),
        "encode 360p": share.get("encode 360p", 0.0),
        "encode sound": share.get("encode sound", 0.0),
        "encode returns": sum(value for name, value in thread.items() if name.startswith("asyncio_")),
    }
    stages["rest"] = total - sum(stages.values())
    return {name: 100 * value / seconds for name, value in stages.items()}


async def measure(seconds: float, rounds: int, height: int) -> tuple[list[dict[str, float]], int]:
    """One table for each round, and how many pictures were left out."""
    width, bits = height * 16 // 9, height * 2500
    pictures = scene(width, height, bits)
    chamber = pictures if height == 720 else scene(1280, 720, 1_800_000)
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        await house.start()
        people = [Person("chamber", chamber, speech(330.0))]
        people += [
            Person(name, pictures, speech(440.0 + 110 * number)) for number, name in enumerate(SPEAKERS)
        ]
        try:
            for person in people:
                await person.join(house.client)
            await house.gate(GateState.OPEN)
            await house.client.call(SetOnAir(speakers=list(SPEAKERS)))
            await asyncio.sleep(6)
            status = await house.client.call(GetStatus())
            if any(feed.state != "live" or feed.frames_per_second < 20 for feed in status.feeds):
                raise SystemExit(f"not all are on air: {status.feeds}")
            late = status.late_ticks
            tables = [await _round(house, seconds) for _ in range(rounds)]
            late = (await house.client.call(GetStatus())).late_ticks - late
        finally:
            for person in people:
                await person.leave()
            await house.stop()
    return tables, late


async def _round(house: House, seconds: float) -> dict[str, float]:
    before, began, process = await house.client.call(GetCost()), time.monotonic(), spent(house.pid)
    await asyncio.sleep(seconds)
    after, took = await house.client.call(GetCost()), time.monotonic() - began
    return by_stage(before, after, spent(house.pid) - process, took)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.studio", description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0, help="of one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--cameras", type=int, default=720, choices=(360, 720), help="height of the speakers'"
    )
    options = parser.parse_args()
    tables, late = asyncio.run(measure(options.seconds, options.rounds, options.cameras))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"chamber 720p25 and three speakers {options.cameras}p25 on air; {', '.join(Track)}")
    for name in tables[0]:
        values = [table[name] for table in tables]
        print(f"{name:42}{mean(values):6.1f} %   ({min(values):.1f} to {max(values):.1f})")
    totals = [sum(table.values()) for table in tables]
    print(f"{'total, of one core':42}{mean(totals):6.1f} %   ({min(totals):.1f} to {max(totals):.1f})")
    print(f"pictures left out: {late}")
    stages = {name: round(mean([table[name] for table in tables]), 1) for name in tables[0]}
    good = mean(totals) <= TARGET
    out = {
        "bench": "studio",
        "total_percent": round(mean(totals), 1),
        "stages": stages,
        "within_target": good,
    }
    print(json.dumps({**out, "cameras": options.cameras, "pictures_left_out": late}))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

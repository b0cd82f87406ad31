"""``python -m bench.sockets [--viewers 2000] [--changes 20] [--rounds 3]``.

A hub with a live meeting and Node's ``socket.io`` tell the same text to as many viewers, in turn. Measured
are the time from the change being asked for to the moment at which a viewer has it, and the processor time of
the server's one process for each delivery. What the server uses while nothing changes is measured first and
taken off: pings, and in the hub whatever else a live meeting needs.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from bench.sockets.rooms import Room, hub, node

P95_TARGET = 1.0
RATIO_TARGET = 1.5
APART = 1.0
"""Seconds between two changes: more than the public's interval, so that each is told by itself."""
QUIET = 5.0
PREFIX = "42/audience,"


class Crowd:
    """The viewers, in their process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout

    async def line(self) -> str:
        """What it says next. Raises ``SystemExit`` when it died."""
        line = await self._out.readline()
        if not line:
            raise SystemExit("the crowd went away")
        return line.decode().strip()

    async def prepare(self) -> None:
        """Forget what was heard."""
        self._in.write(b"\n")
        await self.line()


@dataclass
class Figures:
    """Of one server."""

    seconds: list[float] = field(default_factory=list)
    """From the change to each viewer."""
    cpu: list[float] = field(default_factory=list)
    """Seconds of the processor for a delivery, by round."""
    message: str = ""
    """The last text that was told."""


@asynccontextmanager
async def crowd(room: Room, viewers: int) -> AsyncIterator[Crowd]:
    """Everybody is in."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.sockets.crowd", "127.0.0.1"),
        *(str(room.port), str(viewers), room.meeting),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**24,
    )
    try:
        people = Crowd(process)
        await people.line()
        yield people
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


def processor(pid: int) -> float:
    """Seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(room: Room, people: Crowd, viewers: int, changes: int, figures: Figures) -> None:
    """One round. Raises ``SystemExit`` when anybody was not told."""
    before, began = processor(room.pid), time.monotonic()
    await asyncio.sleep(QUIET)
    idle = (processor(room.pid) - before) / (time.monotonic() - began)
    before, began = processor(room.pid), time.monotonic()
    for _ in range(changes):
        await people.prepare()
        asked = time.monotonic()
        await room.change()
        heard = json.loads(await people.line())
        if len(heard["times"]) != viewers or heard["lost"]:
            raise SystemExit(f"{room.name}: {len(heard['times'])} of {viewers} were told")
        figures.seconds += [at - asked for at in heard["times"]]
        figures.message = heard["message"]
        await asyncio.sleep(max(0.0, asked + APART - time.monotonic()))
    used = processor(room.pid) - before - idle * (time.monotonic() - began)
    figures.cpu.append(used / (changes * viewers))


async def compare(viewers: int, changes: int, rounds: int) -> tuple[Figures, Figures]:
    """Both, in turn. The first round of each is for warming up and does not count."""
    ours, theirs = Figures(), Figures()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "node").mkdir()

        def told() -> str:
            return ours.message.removeprefix(PREFIX)

        rooms = [
            (await stack.enter_async_context(hub(folder / "hall")), ours),
            (await stack.enter_async_context(node(folder / "node", told)), theirs),
        ]
        for number in range(rounds + 1):
            for room, figures in rooms:
                async with crowd(room, viewers) as people:
                    await measure(room, people, viewers, changes, figures)
                if number == 0:
                    figures.seconds.clear()
                    figures.cpu.clear()
    return ours, theirs


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.sockets", description=__doc__)
    parser.add_argument("--viewers", type=int, default=2000)
    parser.add_argument("--changes", type=int, default=15)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    ours, theirs = asyncio.run(compare(options.viewers, options.changes, options.rounds))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{options.viewers} viewers, {len(ours.message)} bytes to each at a change")
    out: dict[str, float] = {}
    for name, figures in (("Moot Hall", ours), ("Node socket.io", theirs)):
        p95, cost = quantiles(figures.seconds, n=20)[-1], median(figures.cpu) * 1e6
        print(
            f"{name:16}delivery median {median(figures.seconds) * 1000:4.0f} ms, 95th percentile "
            f"{p95 * 1000:4.0f} ms; {cost:5.1f} µs of one core a delivery "
            f"({min(figures.cpu) * 1e6:.1f} to {max(figures.cpu) * 1e6:.1f})"
        )
        key = name.split()[0].lower()
        out |= {f"{key}_p95_ms": round(p95 * 1000), f"{key}_cpu_us": round(cost, 1)}
    ratio = median(ours.cpu) / median(theirs.cpu)
    print(f"ratio {ratio:.2f} (target {RATIO_TARGET})")
    good = ratio <= RATIO_TARGET and quantiles(ours.seconds, n=20)[-1] <= P95_TARGET
    result = {"bench": "sockets", "viewers": options.viewers, **out, "ratio_node": round(ratio, 2)}
    print(json.dumps({**result, "within_target": good}))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

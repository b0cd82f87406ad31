"""``python -m bench.fanout``: what one programme costs a server for each packet and each viewer.

Servers take turns; each is started anew, takes more and more viewers, and plays some seconds at each size.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from bench.crowd.process import crowd
from bench.fanout.feed import Feed
from bench.fanout.hall import hall
from bench.fanout.janus import mountpoint
from bench.fanout.measure import Window, measure
from bench.fanout.report import report
from bench.fanout.server import Server
from bench.latency.janus import installed

Opening = Callable[[Path], AbstractAsyncContextManager[Server]]


def servers() -> dict[str, Opening]:
    """Everybody who takes part, in the order of the first round."""
    library = installed()
    if library is None:
        raise SystemExit("Janus is not installed: bench/latency/prepare does it.")
    return {
        "moothall": hall,
        "janus_default": lambda folder: mountpoint(folder, library),
        "janus_one_loop": lambda folder: mountpoint(folder, library, event_loops=1),
    }


async def run(options: argparse.Namespace) -> dict[str, list[list[Window]]]:
    """The windows of each server, by round."""
    sizes = [int(size) for size in options.viewers.split(",")]
    taking_part = {name: opening for name, opening in servers().items() if name in options.only.split(",")}
    results: dict[str, list[list[Window]]] = {name: [] for name in taking_part}
    names = list(taking_part)
    with tempfile.TemporaryDirectory() as base:
        for number in range(options.rounds):
            for name in names[number % len(names) :] + names[: number % len(names)]:
                folder = Path(base) / f"{number}-{name}"
                async with taking_part[name](folder) as server, crowd(coalesce=options.coalesce) as guests:
                    windows = await measure(server, Feed(), guests, sizes, options.seconds)
                results[name].append(windows)
                print(
                    f"round {number + 1} {name}: " + ", ".join(f"{w.packet_us:.2f}" for w in windows),
                    flush=True,
                )
    return results


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.fanout", description=__doc__)
    parser.add_argument("--viewers", default="25,50,100,200")
    parser.add_argument("--seconds", type=int, default=8, help="of one window")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument(
        "--no-coalesce",
        dest="coalesce",
        action="store_false",
        help="the kernel cuts bursts apart on the server's time, as where no network card does it",
    )
    parser.add_argument("--only", default="moothall,janus_default,janus_one_loop")
    options = parser.parse_args()
    return 0 if report(asyncio.run(run(options)), options) else 1


if __name__ == "__main__":
    sys.exit(main())

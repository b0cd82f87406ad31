"""``python -m bench.latency [--seconds 20] [--rounds 3] [--without-janus]``."""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median

import aiohttp

from bench.latency.janus import Bench, installed, janus
from bench.latency.watcher import Watcher
from tests.support.demo import demo

MEDIAN_TARGET, P95_TARGET = 0.250, 0.400


@asynccontextmanager
async def publisher(addresses: Sequence[str]) -> AsyncIterator[None]:
    """The camera, sending."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.latency.camera", *addresses, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(40):
            line = await process.stdout.readline()
        if line.strip() != b"sending":
            raise SystemExit("the camera did not get through")
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def measure(seconds: float, rounds: int, with_janus: bool) -> dict[str, list[list[float]]]:
    """Ages of pictures, by server and round."""
    results: dict[str, list[list[float]]] = {}
    library = installed() if with_janus else None
    if with_janus and library is None:
        raise SystemExit("Janus is not installed: bench/latency/prepare does it.")
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        hall = await stack.enter_async_context(demo(folder / "hall", "--no-feed"))
        other: Bench | None = None
        addresses = [f"{hall.links.whip}#{hall.links.whip_token}"]
        if library is not None:
            other = await stack.enter_async_context(janus(folder / "janus", library))
            addresses.append(other.publish_url)
        await stack.enter_async_context(publisher(addresses))
        ours, theirs = Watcher(), Watcher()
        stack.push_async_callback(ours.close)
        stack.push_async_callback(theirs.close)

        async def whep(offer: str) -> str:
            headers = {"Content-Type": "application/sdp"}
            async with http.post(hall.links.whep, data=offer, headers=headers) as response:
                if response.status != 201:
                    raise SystemExit(f"WHEP answered {response.status}: {await response.text()}")
                return await response.text()

        await ours.call(whep)
        watchers = {"moothall": ours}
        if other is not None:
            await other.watch(theirs)
            watchers["janus"] = theirs
        for watcher in watchers.values():
            await watcher.until_seen(75)
        for _ in range(rounds):
            for watcher in watchers.values():
                watcher.forget()
            await asyncio.sleep(seconds)
            for name, watcher in watchers.items():
                results.setdefault(name, []).append(list(watcher.ages))
    return results


def report(results: dict[str, list[list[float]]], seconds: float) -> bool:
    """Print the table and the line of JSON. True when the targets are met."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'through':10}{'median':>10}{'p95':>10}{'worst':>10}{'pictures/s':>12}   medians of the rounds")
    summary: dict[str, dict[str, float]] = {}
    for name, rounds in results.items():
        ages = sorted(age for ages in rounds for age in ages)
        if not ages:
            raise SystemExit(f"{name} showed nothing")
        middle, p95 = median(ages), ages[int(len(ages) * 0.95)]
        rate = len(ages) / (seconds * len(rounds))
        spread = " ".join(f"{median(ages) * 1000:.0f}" for ages in rounds if ages)
        times = "".join(f"{value * 1000:7.0f} ms" for value in (middle, p95, ages[-1]))
        print(f"{name:10}{times}{rate:12.1f}   {spread}")
        summary[name] = {
            "median_ms": round(middle * 1000, 1),
            "p95_ms": round(p95 * 1000, 1),
            "worst_ms": round(ages[-1] * 1000, 1),
            "pictures_per_second": round(rate, 1),
        }
    ours = summary["moothall"]
    out: dict[str, object] = {"bench": "latency", **summary}
    if "janus" in summary:
        out["ratio"] = round(ours["median_ms"] / summary["janus"]["median_ms"], 2)
        print(f"ratio of the medians: {out['ratio']}")
    good = ours["median_ms"] <= MEDIAN_TARGET * 1000 and ours["p95_ms"] <= P95_TARGET * 1000
    out["within_target"] = good
    print(json.dumps(out))
    return good


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.latency", description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0, help="of one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without-janus", action="store_true")
    options = parser.parse_args()
    results = asyncio.run(measure(options.seconds, options.rounds, not options.without_janus))
    return 0 if report(results, options.seconds) else 1


if __name__ == "__main__":
    sys.exit(main())

"""``python -m bench.hls [--players 500] [--seconds 20]``: what viewers by LL-HLS cost.

``moothall demo`` with an encoder whose pictures fill the programme's 2 Mbit/s, and players that follow the
blocking-reload rules, each with a playlist and a part every half second: straight from the hub, then over TLS
through Debian's nginx with the configuration that we ship.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.hls.cpu import children_of, resident_mb, seconds_of
from bench.hls.encoder import sending
from bench.latency.janus import free_port
from tests.support.demo import Demo, demo
from tests.support.nginx import Nginx, nginx

PLAYERS_A_CORE = 1500
PARTS_A_SECOND = 2.0
LEAST_PARTS = 1.9
"""Players who get fewer, because the machine was busy, cost less than they should: that does not count."""
FEW = 50
SETTLE_SECONDS = 4.0


@dataclass(frozen=True)
class Result:
    """Of one audience. Processor time in percent of one core."""

    through: str
    players: int
    hub: float
    packager: float
    nginx: float
    hub_requests_per_second: float
    hub_mb: float
    audience: dict[str, float]

    @property
    def origin(self) -> float:
        """Hub and packager together."""
        return self.hub + self.packager


class Bench:
    """The house under test, and who watches."""

    def __init__(self, hall: Demo, seconds: float) -> None:
        self._hub = hall.links.pid
        self._packager = int(next(hall.sockets.glob("*.packager.pid")).read_text())
        self._folder = hall.links.hls.rpartition("/")[0]
        self._seconds = seconds

    async def nobody(self) -> Result:
        """The house without viewers."""
        await asyncio.sleep(SETTLE_SECONDS)
        before = self._spent(None)
        await asyncio.sleep(self._seconds)
        return self._result("nobody watches", 0, before, None, 0.0, {})

    async def watched(self, players: int, front: Nginx | None) -> Result:
        """So many, straight from the hub or through nginx."""
        folder = self._folder
        arguments = []
        if front is not None:
            folder = front.address + "/" + folder.split("/", 3)[3]
            arguments = [str(front.certificate)]
        async with audience(folder, players, *arguments) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            await asyncio.sleep(SETTLE_SECONDS)
            before, asked = self._spent(front), _asked(front)
            process.stdin.write(b"count\n")
            await asyncio.sleep(self._seconds)
            process.stdin.write(b"enough\n")
            asked = _asked(front) - asked
            result = self._result("nginx" if front else "the hub", players, before, front, asked, {})
            counted = json.loads(await process.stdout.readline())
        return Result(**{**asdict(result), "audience": counted})

    def _spent(self, front: Nginx | None) -> tuple[float, float, float]:
        workers = children_of(front.pid) if front is not None else []
        return (
            seconds_of(self._hub),
            seconds_of(self._packager),
            sum(seconds_of(worker) for worker in workers),
        )

    def _result(
        self,
        through: str,
        players: int,
        before: tuple[float, float, float],
        front: Nginx | None,
        asked: float,
        counted: dict[str, float],
    ) -> Result:
        now = self._spent(front)
        hub, packager, other = (
            round((later - earlier) / self._seconds * 100, 2)
            for earlier, later in zip(before, now, strict=True)
        )
        return Result(
            through, players, hub, packager, other,
            round(asked / self._seconds, 1), round(resident_mb(self._hub), 1), counted,
        )  # fmt: skip


@asynccontextmanager
async def audience(folder: str, players: int, *more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """All of them playing."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.hls.audience", folder, str(players), *more,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(90):
            line = await process.stdout.readline()
        if line.strip() != b"playing":
            raise SystemExit("the audience did not get through")
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _asked(front: Nginx | None) -> int:
    return front.asked.read_bytes().count(b"\n") if front is not None else 0


async def measure(players: int, seconds: float, *, generated: bool) -> list[Result]:
    """All configurations, one after the other in one run."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = {"MOOTHALL_SMALL_RENDITION": "true", "MOOTHALL_RTMP_PORT": str(free_port())}
        options = () if generated else ("--no-feed",)
        hall = await stack.enter_async_context(demo(folder / "hall", *options, environment=settings))
        if not generated:
            await stack.enter_async_context(sending(folder, hall.links.rtmp))
        bench = Bench(hall, seconds)
        results = [await bench.nobody()]
        results += [await bench.watched(count, None) for count in (FEW, players)]
        port = int(hall.links.home.rstrip("/").rpartition(":")[2])
        (folder / "nginx").mkdir()
        front = await stack.enter_async_context(nginx(folder / "nginx", port))
        return results + [await bench.watched(count, front) for count in (FEW, players)]


def report(results: list[Result]) -> bool:
    """Print the table and the line of JSON. True when the targets are met."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, loopback")
    print(f"{'through':16}{'viewers':>8}{'hub':>8}{'packager':>10}{'nginx':>8}", end="")
    print(f"{'asked/s':>9}{'hub MB':>8}{'parts/s':>9}{'behind':>9}{'p95':>9}{'refused':>9}")
    for one in results:
        told = one.audience
        row = f"{one.through:16}{one.players:8}{one.hub:7.1f}%{one.packager:9.1f}%{one.nginx:7.1f}%"
        row += f"{one.hub_requests_per_second:9.1f}{one.hub_mb:8.0f}"
        if told:
            row += f"{told['parts_per_viewer_per_second']:9.2f}{told['behind_median_ms']:6.0f} ms"
            row += f"{told['behind_p95_ms']:6.0f} ms{told['refused'] + told['faults']:9.0f}"
        print(row)
    idle, _, alone, few, many = results
    got = alone.audience["parts_per_viewer_per_second"]
    per_viewer = (alone.origin - idle.origin) / alone.players * PARTS_A_SECOND / got
    a_core = round((100 - idle.origin) / per_viewer)
    growth = many.hub_requests_per_second / max(few.hub_requests_per_second, 0.1)
    counts = got >= LEAST_PARTS
    good = counts and a_core >= PLAYERS_A_CORE and growth < 1.5
    if not counts:
        print("the machine was too busy: many parts did not come to the players, so this does not count")
    mbits = alone.audience["mbit_per_second"] / alone.players * PARTS_A_SECOND / got
    print(f"the programme has {mbits:.2f} Mbit/s")
    print(f"a viewer takes {per_viewer:.4f} % of a core of hub and packager, which is {a_core} a core")
    print(f"behind nginx, {many.players} ask the hub {growth:.2f} times as often as {few.players}")
    print(
        json.dumps(
            {
                "bench": "hls",
                "viewers_a_core": a_core,
                "programme_mbit_per_second": round(mbits, 2),
                "percent_of_core_per_viewer": round(per_viewer, 5),
                "hub_requests_growth_behind_nginx": round(growth, 2),
                "counts": counts,
                "within_target": good,
                "rows": [asdict(one) for one in results],
            }
        )
    )
    return good


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.hls", description=__doc__)
    parser.add_argument("--players", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each measurement")
    parser.add_argument(
        "--generated", action="store_true", help="the demo's generated feed, which has a fifth of the bits"
    )
    options = parser.parse_args()
    results = asyncio.run(measure(options.players, options.seconds, generated=options.generated))
    return 0 if report(results) else 1


if __name__ == "__main__":
    sys.exit(main())

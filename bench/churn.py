"""``python -m bench.churn``: sources come and go at a real studio process, and nothing may stay behind.

In turn: an encoder by WHIP, one by the socket of byte streams, a speaker who hangs up, a speaker whose
browser dies, an encoder that is replaced, and an offer that is refused. All send picture and sound meanwhile.
"""

import argparse
import asyncio
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import imageio_ffmpeg

from bench.people import Person
from bench.scenery import scene, tone
from media.control.command import Refused
from media.control.feeds import CloseFeed, CloseSpeaker, OpenFeed
from media.control.picture import SetOnAir
from media.control.studio import GateState, GetCost, GetStatus, StudioCost
from tests.media.studio.house import House

PAGE = os.sysconf("SC_PAGE_SIZE")
WARM = 24
"""Rounds after which memory is looked at for the first time: codecs and fonts are loaded by then."""
SPARES = 1
"""Children of a studio that decodes nothing: the decoder that waits."""
POOLS = ("asyncio_", "feed_")
"""How the names of threads of pools begin, each with a number of its own."""
MOST_GROWTH = 10.0
"""Megabytes that the last two thirds may add. In the first, allocators and caches find their size."""


@dataclass(frozen=True)
class Footprint:
    """What a process holds."""

    rss_mb: float
    threads: int
    """Without those of pools, which start one by one when much happens at once, up to a number, and stay."""
    files: int
    children: int
    tasks: int


class Churn:
    """Comings and goings at one studio."""

    def __init__(self, house: House, folder: Path) -> None:
        self._house = house
        self._pictures = scene(320, 180, 200_000)
        self._sound = tone(440.0)
        self._film = folder / "film.nut"
        _film(self._film)

    async def round(self, number: int) -> None:
        """One source comes, is on air, and goes."""
        ways: list[Callable[[int], Awaitable[None]]] = [
            self._hang_up,
            self._encoder,
            self._die,
            self._stream,
            self._replaced,
            self._refused,
        ]
        await ways[number % len(ways)](number)

    async def footprint(self) -> Footprint:
        """When nobody is there any more, and what they left is cleared away."""
        await self._until(
            lambda states: not any(state in ("live", "connecting") for state in states.values())
        )
        pid = self._house.pid
        async with asyncio.timeout(30):
            while (children := self._children()) != SPARES or _holds(pid, cost := await self._cost()):
                # It lets go of the last pictures of who has left when it is asked about them.
                await self._house.client.call(GetStatus())
                await asyncio.sleep(0.02)
        return Footprint(
            int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 2**20,
            len(list(Path(f"/proc/{pid}/task").iterdir())) - _pooled(cost),
            len(list(Path(f"/proc/{pid}/fd").iterdir())),
            children,
            cost.tasks,
        )

    async def _cost(self) -> StudioCost:
        return await self._house.client.call(GetCost())

    def _children(self) -> int:
        found = 0
        for task in Path(f"/proc/{self._house.pid}/task").iterdir():
            # A thread that ended a moment ago has left its children to another.
            with suppress(FileNotFoundError, ProcessLookupError):
                found += len((task / "children").read_text().split())
        return found

    async def _hang_up(self, number: int) -> None:
        name = f"speaker-{number % 7}"
        person = await self._join(name)
        await self._house.client.call(SetOnAir(speakers=[name]))
        await asyncio.sleep(0.2)
        await self._house.client.call(CloseSpeaker(speaker=name))
        await person.leave()

    async def _die(self, number: int) -> None:
        name = f"speaker-{number % 7}"
        person = await self._join(name)
        await person.leave()
        await self._until(lambda states: states.get(name) != "live")

    async def _encoder(self, number: int) -> None:
        person = await self._join("chamber")
        await asyncio.sleep(0.2)
        await self._house.client.call(CloseFeed(session=person.session))
        await person.leave()

    async def _replaced(self, number: int) -> None:
        first = await self._join("chamber")
        second = await self._join("chamber")
        await self._house.client.call(CloseFeed(session=second.session))
        for person in (first, second):
            await person.leave()

    async def _refused(self, number: int) -> None:
        try:
            await self._house.client.call(
                OpenFeed(source="chamber", sdp="v=0\r\nm=video 9 X 1\r\n", label="")
            )
        except Refused:
            return
        raise SystemExit("an impossible offer was taken")

    async def _stream(self, number: int) -> None:
        await asyncio.to_thread(self._send_film)
        await self._until(lambda states: states.get("chamber") != "live")

    def _send_film(self) -> None:
        hello = json.dumps({"source": "chamber", "protocol": "rtmp", "label": "Encoder"})
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self._house.config.feeds_socket))
            connection.sendall(hello.encode() + b"\n" + self._film.read_bytes())
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(20)
            if answer := connection.recv(4096):
                raise SystemExit(f"the stream was not taken: {answer.decode()}")

    async def _join(self, name: str) -> Person:
        person = Person(name, self._pictures, self._sound)
        await person.join(self._house.client)
        await self._until(lambda states: states.get(name) == "live")
        return person

    async def _until(self, good: Callable[[dict[str, str]], bool]) -> None:
        async with asyncio.timeout(30):
            while True:
                status = await self._house.client.call(GetStatus())
                if good({feed.source: feed.state for feed in status.feeds}):
                    return
                await asyncio.sleep(0.02)


def _holds(pid: int, cost: StudioCost) -> bool:
    """Whether something is decoded, or pictures are kept that were."""
    return "video-decoder" in cost.threads or "memfd:pictures" in Path(f"/proc/{pid}/maps").read_text()


def _pooled(cost: StudioCost) -> int:
    return sum(name.startswith(POOLS) for name in cost.threads)


def _film(path: Path) -> None:
    picture = "testsrc2=size=320x180:rate=25:duration=0.6"
    sound = "sine=frequency=440:duration=0.6:sample_rate=48000"
    codecs = ("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-c:a", "aac")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-f", "lavfi", "-i", picture]
    subprocess.run([*command, "-f", "lavfi", "-i", sound, *codecs, "-f", "nut", str(path)], check=True)


async def measure(
    rounds: int, each: Callable[[int, Footprint], None], warm: int = WARM
) -> tuple[Footprint, Footprint]:
    """Before and after; ``each`` is told in between. ``warm``: rounds that come first and do not count."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), small=True)
        await house.start()
        churn = Churn(house, Path(folder))
        try:
            await house.gate(GateState.OPEN)
            for number in range(warm):
                await churn.round(number)
            before = await churn.footprint()
            each(0, before)
            for number in range(rounds):
                await churn.round(number)
                if number % 50 == 49:
                    each(number + 1, await churn.footprint())
            after = await churn.footprint()
        finally:
            await house.stop()
    return before, after


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.churn", description=__doc__)
    parser.add_argument("--rounds", type=int, default=500)
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'rounds':>8}{'memory':>12}{'threads':>9}{'files':>7}{'children':>10}{'tasks':>7}")

    settled: list[Footprint] = []

    def each(number: int, now: Footprint) -> None:
        if number <= options.rounds / 3:
            settled[:] = [now]
        row = f"{now.threads:>9}{now.files:>7}{now.children:>10}{now.tasks:>7}"
        print(f"{number:>8}{now.rss_mb:9.1f} MB{row}", flush=True)

    before, after = asyncio.run(measure(options.rounds, each))
    growth = after.rss_mb - settled[0].rss_mb
    good = growth <= MOST_GROWTH and (after.threads, after.files, after.tasks) <= (
        before.threads,
        before.files,
        before.tasks,
    )
    print(f"memory grew by {after.rss_mb - before.rss_mb:.1f} MB in {options.rounds} rounds, ", end="")
    print(f"by {growth:.1f} MB in the last two thirds of them")
    out = {"bench": "churn", "rounds": options.rounds, "before": asdict(before), "after": asdict(after)}
    print(json.dumps({**out, "growth_mb": round(growth, 1), "within_target": good}))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

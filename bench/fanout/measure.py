"""One server with a growing crowd: at each size some seconds of programme, every packet accounted for."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.crowd.process import CrowdProcess
from bench.fanout.feed import Feed
from bench.fanout.server import Server
from bench.fanout.usage import Usage

WARM_SECONDS = 1
QUIET_SECONDS = 0.5
TICK_SAMPLES = 1920


@dataclass(frozen=True)
class Window:
    """What one window of play cost."""

    viewers: int
    cpu: float
    seconds: float
    packets: int
    """Delivered, to all viewers."""
    missing: int
    remarks: tuple[str, ...]
    resident: int

    @property
    def packet_us(self) -> float:
        """Microseconds of CPU for each delivered packet."""
        return self.cpu / self.packets * 1e6

    @property
    def viewer_us(self) -> float:
        """Microseconds of CPU for each viewer and second."""
        return self.cpu / self.viewers / self.seconds * 1e6


async def measure(
    server: Server, feed: Feed, crowd: CrowdProcess, sizes: Sequence[int], seconds: int
) -> list[Window]:
    """A window for each size."""
    windows, present = [], 0
    await feed.play(WARM_SECONDS, server)
    for size in sizes:
        playing = asyncio.create_task(_keep_playing(server, feed))
        try:
            await server.admit(crowd, size - present)
            present = size
            await crowd.until("watching", size)
        finally:
            playing.cancel()
            await asyncio.wait([playing])
        await _finish_second(server, feed)
        windows.append(await _window(server, feed, crowd, size, seconds))
    return windows


async def _keep_playing(server: Server, feed: Feed) -> None:
    while True:
        await feed.play(1, server)


async def _finish_second(server: Server, feed: Feed) -> None:
    """Cancelled somewhere: go on up to the next key picture, and let everything arrive."""
    await feed.complete(server)
    await asyncio.sleep(QUIET_SECONDS)


async def _window(server: Server, feed: Feed, crowd: CrowdProcess, size: int, seconds: int) -> Window:
    await crowd.ask("begin")
    before = Usage.of(server.pid)
    pictures = await feed.play(seconds, server)
    after = Usage.of(server.pid)
    await asyncio.sleep(QUIET_SECONDS)
    accounts: list[dict[str, Any]] = await crowd.ask("end")
    missing, remarks = _audit(accounts, feed, size, pictures)
    packets = sum(account[kind]["received"] for account in accounts for kind in ("video", "audio"))
    return Window(size, after.cpu - before.cpu, seconds, packets, missing, remarks, after.resident)


def _audit(
    accounts: Sequence[dict[str, Any]], feed: Feed, size: int, pictures: int
) -> tuple[int, tuple[str, ...]]:
    """How many packets are missing in all, and what else is wrong with those who miss none."""
    remarks = [] if len(accounts) == size else [f"{size} viewers were let in, {len(accounts)} are there"]
    missing = 0
    for number, account in enumerate(accounts):
        video, audio = account["video"], account["audio"]
        lost = max(0, feed.packets - video["received"], video["missing"]) + max(0, audio["missing"])
        missing += lost
        if lost:
            continue
        if audio["moved"] != pictures * TICK_SAMPLES:
            remarks.append(f"viewer {number} heard {audio['moved']} samples of {pictures * TICK_SAMPLES}")
        for kind, digest in account.get("digests", {}).items():
            if digest != feed.digest(kind):
                remarks.append(f"viewer {number} decrypted other {kind} than was sent")
        if account.get("pictures") not in (None, pictures):
            remarks.append(f"viewer {number} decoded {account['pictures']} pictures of {pictures}")
    return missing, tuple(remarks)

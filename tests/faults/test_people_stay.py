"""Every process of ours dies under people in browsers: they see, hear and are seen again by themselves.

What is looked at is on their screens: the clock that the chamber's encoder draws, and the resident on air.
The encoder is connected once, whatever dies but the hub.
"""

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.resident import Resident
from tests.e2e.stage import SPEAKERS, Guest, Stage, stage
from tests.e2e.viewer import Viewer, Way
from tests.support.browser import CHROMIUM, visitor
from tests.support.demo import Demo, demo
from tests.support.judge import CHAMBER, CLOCK_TURN, Picture
from tests.support.processes import reads_its_input, spare_of
from tests.support.publishers import Feed
from tests.support.waiting import sent_away, until, until_async

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]

ADA = SPEAKERS[0]
VICTIMS = ("media.studio", "media.hls", "media.relay")
"""Another one waits for each of them."""
BACK_SECONDS = 90.0
"""Seconds on a quiet machine (docs/performance.md); two busy cores make them longer."""
STALE_SECONDS: dict[Way, float] = {"whep": 3.0, "hls": 12.0}
"""What is older than that is a picture that stands still, or a player that has fallen behind."""
SHOWN = 0.02
"""Of the picture, at least, is the resident's inset."""


@dataclass(frozen=True)
class Watching:
    """Somebody who watches, and the way they chose."""

    viewer: Viewer
    way: Way

    async def back(self, killed: float) -> tuple[float, float]:
        """Seconds until a picture is on the screen that was made after a kill, and one with the resident."""
        chamber: list[float] = []

        async def is_back() -> bool:
            picture = await self.viewer.visitor.look()
            if picture is None or not self._is_newest(picture, killed):
                return False
            chamber.append(time.time() - killed)
            return picture.share(ADA.colour) > SHOWN

        await until_async(is_back, f"{self.way} to show the newest picture with the resident", BACK_SECONDS)
        return chamber[0], chamber[-1]

    async def age(self) -> float:
        """How old the picture on the screen is, by the encoder's clock, which begins some time late."""
        picture = await self.viewer.visitor.look()
        assert picture is not None
        return _age(picture)

    def _is_newest(self, picture: Picture, killed: float) -> bool:
        since = min(STALE_SECONDS[self.way], time.time() - killed)
        return picture.share(CHAMBER.colour) > 0.5 and _age(picture) < since

    async def goes_on(self) -> None:
        """By the way that was chosen, with everything that is said."""
        await expect(self.viewer.player).to_have_attribute(
            "data-transport", self.way, timeout=BACK_SECONDS * 1000
        )
        await self.viewer.visitor.hears(CHAMBER.hz, ADA.hz)
        await self.back(time.time())


def _age(picture: Picture) -> float:
    return (time.time() - picture.clock()) % CLOCK_TURN


@asynccontextmanager
async def hall(directory: Path) -> AsyncIterator[tuple[Stage, tuple[str, ...], dict[str, str]]]:
    """A stage at addresses that the next hub will have as well."""
    port, rtmp, srt, relay = (str(_free_port(kind)) for kind in (1, 1, 2, 2))
    options = ("--port", port)
    ports = {"MOOTHALL_RTMP_PORT": rtmp, "MOOTHALL_SRT_PORT": srt, "MOOTHALL_RELAY_PORT": relay}
    feed = Feed(CHAMBER, by_the_wall=True)
    async with stage(directory, feed=feed, options=options, environment=ports) as running:
        sending = asyncio.create_task(running.encoder.keep_on(), name="encoder")
        try:
            yield running, options, ports
        finally:
            await sent_away(sending)


@pytest.mark.timeout(900)
async def test_they_see_hear_and_are_seen_again_without_a_press(tmp_path: Path) -> None:
    async with (
        hall(tmp_path) as (running, options, ports),
        visitor(browser_of(running), "viewer by HLS") as person,
        running.guest(ADA) as ada,
    ):
        other = Viewer(person)
        await other.open(running.demo.links.meeting)
        await other.play()
        await other.choose("hls")
        everybody = (Watching(running.viewer, "whep"), Watching(other, "hls"))
        await running.bring(ada)
        await running.desk.call("layout.set", layout="chamber_with_speaker")
        for one in everybody:
            await one.back(0.0)
        for victim in VICTIMS:
            await spares_wait(running.demo)
            pids = running.demo.processes(f"-m {victim}")
            assert len(pids) == 1, f"{victim}: {pids}"
            old = await everybody[0].age()
            seen = await all_back(kill(pids[0]), everybody)
            await everybody_is_back(victim, seen, old, ada, everybody)
            assert running.demo.processes(f"-m {victim}") != pids
        assert running.encoder.beginnings == 1, "the chamber's encoder noticed nothing"
        old = await everybody[0].age()
        found = {**ports, "MOOTHALL_RUN_DIR": str(running.demo.sockets)}
        async with asyncio.TaskGroup() as tasks:
            looking = tasks.create_task(all_back(kill(running.demo.links.pid), everybody))
            await running.demo.process.wait()
            async with demo(tmp_path / "hall", "--no-feed", *options, environment=found):
                await everybody_is_back("hub", await looking, old, ada, everybody)
        assert not person.faults


async def all_back(killed: float, everybody: tuple[Watching, ...]) -> list[tuple[float, float]]:
    """See ``Watching.back``."""
    return await asyncio.gather(*(one.back(killed) for one in everybody))


async def everybody_is_back(
    victim: str, seen: list[tuple[float, float]], old: float, ada: Guest, everybody: tuple[Watching, ...]
) -> None:
    """And nobody has pressed anything. ``old``: what the encoder's clock adds to ``seen``."""
    told = ", ".join(
        f"by {one.way} {chamber:.1f} s, with the resident {all_of_it:.1f} s"
        for one, (chamber, all_of_it) in zip(everybody, seen, strict=True)
    )
    print(f"{victim} died: newest picture {told} (by WebRTC it looked {old:.1f} s old before)", flush=True)
    await ada.resident.is_on_air()
    await ada.visitor.hears(CHAMBER.hz, selector=Resident.RETURN)
    for one in everybody:
        await one.goes_on()


def browser_of(running: Stage) -> Browser:
    """In which the viewer watches."""
    browser = running.viewer.visitor.context.browser
    assert browser is not None
    return browser


def kill(pid: int) -> float:
    """When it was killed, Unix seconds."""
    os.kill(pid, signal.SIGKILL)
    return time.time()


async def spares_wait(hub: Demo) -> None:
    """Wait until each of those that die has another one that is ready, as an hour after the start."""

    def ready() -> bool:
        return all(any(map(reads_its_input, hub.processes(spare_of(module)))) for module in VICTIMS)

    await until(ready, "the spare processes", BACK_SECONDS)


def _free_port(kind: int) -> int:
    with socket.socket(socket.AF_INET, socket.SocketKind(kind)) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""A packager dies between what it listed and whoever fetches that: the bus still has it, marks and all."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from media.bus import BusAddress
from media.bus.local import LocalPublisher
from media.config import PackagerConfig
from tests.gate.hls import HlsKeeper
from tests.gate.judge import Judge
from tests.gate.listing import pieces
from tests.gate.marks import Mark
from tests.gate.missing import Fate
from tests.gate.tap import Tap
from tests.gate.ways import AWAY, Way
from tests.support.encoded import EPOCH_MS, two_sizes
from tests.support.waiting import until, until_async

PRIVATE_SECOND = 5
"""The colour of that second of the test's programme is taken for the mark of a private session."""
UNITS = [unit for unit in two_sizes(7) if unit.seconds < PRIVATE_SECOND + 0.6]


class Packager:
    """One process after the other, of one meeting."""

    def __init__(self, directory: Path) -> None:
        self.config = PackagerConfig(
            control_socket=directory / "packager",
            meeting="m1",
            bus_url=f"unix:{directory / 'm1.bus'}",
            directory=directory / "hls",
            http_socket=directory / "http",
        )
        self._file = directory / "packager.json"
        self._file.write_text(self.config.model_dump_json())
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self.config.http_socket.unlink(missing_ok=True)
        words = sys.executable, "-m", "media.hls", str(self._file)
        self._process = await asyncio.create_subprocess_exec(*words)
        await until(self.config.http_socket.exists, "the packager", 40.0)

    async def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        await self._process.wait()


@pytest.fixture
async def packager(tmp_path: Path) -> AsyncIterator[Packager]:
    one = Packager(tmp_path)
    yield one
    await one.kill()


@pytest.fixture
async def publisher(packager: Packager) -> AsyncIterator[LocalPublisher]:
    one = await LocalPublisher.open(BusAddress(packager.config.bus_url))
    yield one
    await one.close()


class Deadly(Way):
    """Kills the packager when the first part of the growing segment is asked for, or asks nobody for it."""

    def __init__(self, packager: Packager) -> None:
        super().__init__("the socket", "")
        self.inside = Way.by_socket(packager.config.http_socket)
        self._packager = packager
        self.fatal = ""
        self.died = 0.0

    async def fetch(self, name: str) -> bytes | None:
        if name == self.fatal and not self.died:
            self.died = asyncio.get_running_loop().time()
            await self._packager.kill()
        return await self.inside.fetch(name)

    async def hang_up(self) -> None:
        await self.inside.hang_up()


async def listed(way: Way, name: str) -> list[str]:
    """Parts that nobody will have in a segment, of the segment that grows."""
    try:
        text = (await way.fetch(name) or b"").decode()
    except AWAY:
        return []
    names: list[str] = []
    for piece in pieces(text):
        names = [] if piece.whole else [*names, piece.name]
    return names


@pytest.mark.parametrize("tapped", [True, False])
async def test_what_a_packager_took_along_is_searched(
    packager: Packager, publisher: LocalPublisher, tapped: bool
) -> None:
    judge, tap, way = Judge(), Tap(packager.config.bus_url), Deadly(packager)
    judge.epoch_ms = EPOCH_MS

    async def elsewhere(playlist: str, begin: float, end: float) -> list[bytes] | None:
        return None

    keeper = HlsKeeper(
        [way], judge, lambda: [way.died] if way.died else [], tap.between if tapped else elsewhere
    )
    try:
        await packager.start()
        await until(lambda: publisher.readers == 2, "both readers")
        for unit in UNITS:
            publisher.publish(unit)

        async def grown() -> list[str]:
            names = await listed(way.inside, "video.m3u8")
            return names if len(names) == 3 else []

        way.fatal = (await until_async(grown, "three parts of the third segment"))[0]
        await keeper.look()
        assert way.died
        assert Mark.PRIVATE not in judge.verdict.seen, "it was not had before"
        await packager.start()
        for unit in two_sizes(4, start=8.0, session=0xB2):
            publisher.publish(unit)
        await keeper.finish()
    finally:
        await tap.close()
        await way.hang_up()
    if tapped:
        assert keeper.fates[Fate.BY_THE_BUS]
        assert not keeper.fates[Fate.UNSEEN]
        assert judge.verdict.seen[Mark.PRIVATE]
        assert any("by the bus" in found and "private picture" in found for found in keeper.found)
    else:
        assert keeper.fates[Fate.UNSEEN]
        assert not keeper.fates[Fate.BY_THE_BUS]

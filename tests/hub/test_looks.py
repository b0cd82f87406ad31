"""What was chosen for the picture is told again to a studio that was started anew. With a real studio."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hub.settings import Settings
from hub.supervision.looks import Look, Looks
from hub.supervision.meeting import LOOK, MeetingMedia
from hub.supervision.plans import StudioWishes
from media.control.picture import LayoutName
from media.control.studio import GetStatus, SlateText, StudioStatus

START_SECONDS = 60.0


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    with TemporaryDirectory(prefix="moot") as sockets:
        yield Settings(data_dir=tmp_path / "data", run_dir=Path(sockets))


def never_started(settings: Settings) -> MeetingMedia:
    return MeetingMedia(
        "m", settings, StudioWishes(SlateText(title="Soon"), generated_feed=True), lambda ref: None
    )


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[MeetingMedia]:
    """One hub's keeper of a meeting; the studio is left running when it goes."""
    media = never_started(settings)
    media.directory.mkdir(parents=True, exist_ok=True)
    media.studio.start()
    await media.studio.call(GetStatus(), START_SECONDS)
    try:
        yield media
    finally:
        await media.let_go()


async def chosen(settings: Settings) -> MeetingMedia:
    """A hub that has gone and in whose time everything was chosen."""
    async with running(settings) as media:
        await media.looks.set_layout(LayoutName.SLATE, "cut")
        await media.looks.set_caption("chamber", "Cllr Jane Doe, Chair")
        await media.looks.set_caption("7", "Sam Lee, resident, item 7")
        await media.looks.show_captions(True)
        await media.looks.set_caption("7", "")
    return media


async def parted(first: MeetingMedia) -> None:
    """Wait for the end of the studio that the first hub started: both are children of this process."""
    child = first.studio._child
    assert child is not None
    await child.wait()


def look_of(status: StudioStatus) -> Look:
    return Look(layout=status.override, visible=status.captions_visible, captions=status.captions)


WANTED = Look(layout=LayoutName.SLATE, visible=True, captions={"chamber": "Cllr Jane Doe, Chair"})


async def until(media: MeetingMedia, wanted: Look) -> None:
    """Until hub and studio both say so."""
    async with asyncio.timeout(START_SECONDS):
        while media.looks.look != wanted or look_of(await media.studio.call(GetStatus(), 30.0)) != wanted:
            await asyncio.sleep(0.02)


async def test_the_next_hub_learns_it_from_the_studio_that_runs(settings: Settings) -> None:
    first = await chosen(settings)
    (settings.meeting_dir("m") / LOOK).unlink()
    async with running(settings) as media:
        try:
            assert media.studio.adopted
            await until(media, WANTED)
        finally:
            await media.stop()
            await parted(first)


async def test_the_next_hub_tells_it_to_the_next_studio(settings: Settings) -> None:
    """Hub and studio died."""
    first = await chosen(settings)
    async with running(settings) as dying:
        pid = int((settings.sockets / "m.studio.pid").read_text())
        await dying.let_go()
    os.kill(pid, signal.SIGKILL)
    await parted(first)
    async with running(settings) as media:
        try:
            assert not media.studio.adopted
            await until(media, WANTED)
        finally:
            await media.stop()


async def test_what_no_studio_took_is_not_remembered(settings: Settings, tmp_path: Path) -> None:
    looks = Looks(never_started(settings).studio, tmp_path / LOOK)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await looks.set_layout(LayoutName.GRID, "cut")
    assert looks.look == Look()
    assert not (tmp_path / LOOK).exists()


@pytest.mark.parametrize("content", [b"", b"{", b'{"layout": "upside_down"}', b"\xff\xfe"])
async def test_a_damaged_file_lets_the_picture_follow(
    settings: Settings, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / LOOK).write_bytes(content)
    assert Looks(never_started(settings).studio, tmp_path / LOOK).look == Look()

"""Who is on air when the studio is away and comes back. With a real studio and a real connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hub.settings import Settings
from hub.supervision.meeting import MeetingMedia
from hub.supervision.plans import StudioWishes
from media.control.feeds import OpenSpeaker
from media.control.studio import GetStatus, SlateText
from media.sources.ice import listen_on
from tests.faults.feed import PINK
from tests.media.studio.publisher import Colour, Publisher

SPEAKER = "7"


@asynccontextmanager
async def room(folder: Path) -> AsyncIterator[MeetingMedia]:
    """The studio is away until somebody starts it."""
    listen_on("127.0.0.1")
    with TemporaryDirectory(prefix="moot") as sockets:
        settings = Settings(data_dir=folder / "data", run_dir=Path(sockets))
        wishes = StudioWishes(SlateText(title="Soon"), generated_feed=True)
        media = MeetingMedia("m", settings, wishes, lambda ref: None)
        media.directory.mkdir(parents=True)
        try:
            yield media
        finally:
            await media.stop()


async def in_vain(media: MeetingMedia, *speakers: str) -> None:
    """Officers decide, and the studio does not answer."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await media.on_air.put(list(speakers))


async def comes_back(media: MeetingMedia) -> list[str]:
    """Studio and speaker do; who is on air then."""
    media.studio.start()
    await media.studio.call(GetStatus(), 60.0)
    return await connects(media)


async def connects(media: MeetingMedia) -> list[str]:
    """The speaker does; who is on air then."""
    publisher = Publisher(Colour(PINK))
    offer = OpenSpeaker(speaker=SPEAKER, label="Sam Lee", sdp=await publisher.offer())
    await publisher.accept((await media.studio.call(offer, 30.0)).sdp)
    await media.on_air.reassert()
    on_air = (await media.studio.call(GetStatus(), 30.0)).on_air
    await publisher.close()
    return on_air


async def restored(media: MeetingMedia) -> None:
    """A hub that was restarted reads who is on air before the studio is there."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await media.on_air.restore([SPEAKER])


async def test_whoever_was_on_air_is_on_air_again(tmp_path: Path) -> None:
    async with room(tmp_path) as media:
        await restored(media)
        assert await comes_back(media) == [SPEAKER]


async def test_whoever_was_taken_off_meanwhile_stays_off(tmp_path: Path) -> None:
    async with room(tmp_path) as media:
        await restored(media)
        await in_vain(media)
        assert await comes_back(media) == []


async def test_whom_the_studio_never_took_is_not_put_on_air_later(tmp_path: Path) -> None:
    async with room(tmp_path) as media:
        await in_vain(media, SPEAKER)
        assert await comes_back(media) == []


async def test_whoever_was_hung_up_on_is_not_on_air_with_another_device(tmp_path: Path) -> None:
    async with room(tmp_path) as media:
        await restored(media)
        assert await comes_back(media) == [SPEAKER]
        await media.close_speaker(SPEAKER)
        assert await connects(media) == []

"""A studio that is killed is back within three seconds, as it was: gate, delay, layout, page, who speaks."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hub.settings import Settings
from hub.supervision.meeting import MeetingMedia
from hub.supervision.plans import StudioWishes
from media.bus import BusAddress, subscribe
from media.control.feeds import OpenSpeaker
from media.control.picture import LayoutName
from media.control.studio import GateState, GetStatus, SetDelay, SetGate, SlateText, StudioStatus
from media.sources.ice import listen_on
from tests.faults.feed import PINK
from tests.media.sources.children import decoders
from tests.media.studio.publisher import Colour, Publisher
from tests.support.documents import BLUE, RED, write_pdf
from tests.support.processes import reads_its_input
from tests.support.waiting import until, until_async

BACK_SECONDS = 3.0
SPEAKER = "7"
SLATE = SlateText(title="The public have been excluded for item 9")
AWAY = "studio_away"


@pytest.fixture
def told() -> list[str]:
    """Every sentence that there was about the meeting when somebody was told of a change."""
    return []


@pytest.fixture
async def media(tmp_path: Path, told: list[str]) -> AsyncIterator[MeetingMedia]:
    with TemporaryDirectory(prefix="moot") as sockets:
        settings = Settings(data_dir=tmp_path / "data", run_dir=Path(sockets))
        wishes = StudioWishes(SlateText(title="Soon"), generated_feed=True)
        meeting = MeetingMedia(
            "m", settings, wishes, lambda ref: told.extend(alarm.code for alarm in meeting.alarms())
        )
        meeting.directory.mkdir(parents=True)
        meeting.studio.start()
        await meeting.studio.call(GetStatus(), 30.0)
        yield meeting
        await meeting.stop()


async def killed(media: MeetingMedia) -> float:
    """Kill the studio; seconds until the first unit of the next one is on the bus."""
    before = await media.studio.call(GetStatus())
    bus = subscribe(BusAddress(media.studio.plan.config.model_dump()["bus_url"]))
    pid = int((media.studio.plan.folder / f"{media.studio.plan.name}.pid").read_text())
    os.kill(pid, signal.SIGKILL)
    begin = time.monotonic()
    async with asyncio.timeout(30):
        async for unit in bus:
            if unit.session != before.session:
                break
    seconds = time.monotonic() - begin
    await bus.close()
    return seconds


async def until_studio(media: MeetingMedia, **wanted: object) -> StudioStatus:
    """Wait for a status with these values."""

    async def there() -> StudioStatus | None:
        status = await media.studio.call(GetStatus(), 20.0)
        return status if all(getattr(status, name) == value for name, value in wanted.items()) else None

    status = await until_async(there, f"a studio with {wanted}", 20)
    assert status is not None
    return status


async def connects(media: MeetingMedia) -> Publisher:
    """The speaker does, by the way of the hub."""
    speaker = Publisher(Colour(PINK, 640, 360))
    offer = OpenSpeaker(speaker=SPEAKER, label="Sam Lee", sdp=await speaker.offer())
    await speaker.accept((await media.studio.call(offer, 20.0)).sdp)
    await media.on_air.reassert()
    return speaker


async def spare_is_ready(media: MeetingMedia) -> None:
    """The hub starts a spare once the studio answers; it has imported everything when it reads its input."""
    await until(lambda: any(reads_its_input(pid) for pid in decoders(module="--spare")), "the spare", 30)


async def test_a_killed_studio_is_back_in_time_as_it_was(
    media: MeetingMedia, tmp_path: Path, told: list[str]
) -> None:
    await media.studio.call(
        SetGate(state=GateState.OPEN, slate=SLATE, reason="a test", by="clerk", confirmed=True)
    )
    listen_on("127.0.0.1")
    speaker = await connects(media)
    await media.on_air.put([SPEAKER])
    await media.looks.set_layout(LayoutName.PRESENTATION, "cut")
    await media.presentation.keep(write_pdf(tmp_path / "plans.pdf", RED, BLUE), "Plans")
    shown = await media.presentation.show(media.studio, 2)
    media.status = await until_studio(media, page=shown)
    epoch = media.status.epoch_ms
    for _ in range(2):
        await spare_is_ready(media)
        told.clear()
        assert await killed(media) < BACK_SECONDS
        status = await until_studio(media, page=shown, override=LayoutName.PRESENTATION)
        assert (status.gate.state, status.epoch_ms) == (GateState.OPEN, epoch)
        assert AWAY in told, "however soon it was back"
        assert status.on_air == [], "nobody is connected yet"
        await speaker.close()
        speaker = await connects(media)
        await until_studio(media, on_air=[SPEAKER])
    await speaker.close()


async def test_a_studio_that_dies_in_private_is_private_when_it_is_back(media: MeetingMedia) -> None:
    await media.studio.call(
        SetGate(state=GateState.PRIVATE, slate=SLATE, reason="a test", by="clerk", confirmed=False)
    )
    await spare_is_ready(media)
    assert await killed(media) < BACK_SECONDS
    status = await until_studio(media)
    assert (status.gate.state, status.gate.slate.title) == (GateState.PRIVATE, SLATE.title)


async def test_a_journal_that_is_gone_shuts_the_gate_and_keeps_the_delay(media: MeetingMedia) -> None:
    await media.studio.call(SetDelay(seconds=20))
    await media.studio.call(
        SetGate(state=GateState.OPEN, slate=SLATE, reason="a test", by="clerk", confirmed=True)
    )
    await until(lambda: media.status is not None and media.status.gate.delay_seconds, "the delay to be known")
    media.journal.unlink()
    await spare_is_ready(media)
    await killed(media)
    gate = (await until_studio(media)).gate
    assert (gate.state, gate.delay_seconds) == (GateState.TECHNICAL, 20)


async def test_without_a_spare_it_comes_back_all_the_same(media: MeetingMedia, told: list[str]) -> None:
    await spare_is_ready(media)
    for pid in decoders(module="--spare"):
        if reads_its_input(pid):
            os.kill(pid, signal.SIGKILL)
    told.clear()
    assert await killed(media) < 20
    assert AWAY in told
    await until_studio(media)
    assert AWAY not in {alarm.code for alarm in media.alarms()}


async def test_no_spare_is_left_behind(tmp_path: Path) -> None:
    with TemporaryDirectory(prefix="moot") as sockets:
        settings = Settings(data_dir=tmp_path / "data", run_dir=Path(sockets))
        media = MeetingMedia(
            "m", settings, StudioWishes(SlateText(title="Soon"), generated_feed=True), lambda ref: None
        )
        media.directory.mkdir(parents=True)
        media.studio.start()
        await media.studio.call(GetStatus(), 30.0)
        await spare_is_ready(media)
        await media.stop()
    assert decoders(module="media.studio") == []

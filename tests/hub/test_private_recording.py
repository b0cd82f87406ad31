"""The council's own recording of a private session: from the setting to what a reader decrypts, looked at."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
import pytest
from av.container import InputContainer
from numpy.typing import NDArray

from hub.settings import Settings
from hub.supervision.meeting import MeetingMedia
from hub.supervision.plans import StudioWishes
from media.bus import BusAddress, subscribe
from media.control.feeds import OpenFeed, OpenSpeaker
from media.control.studio import AdmitPrivately, GateState, GetStatus, SetGate, SlateText
from media.sources.ice import listen_on
from media.sources.sound import RATE
from tests.media.studio.listening import band_dbfs
from tests.media.studio.publisher import Colour, Publisher, Tone
from tests.media.studio.test_private_room import Participant, shows
from tests.support.demo import command

EXCLUDED = SlateText(title="The public have been excluded")
GREEN, PINK, BLUE = (120, 60, 70), (160, 120, 190), (60, 200, 110)
PUBLIC, SECRET, SPEAKER = 500.0, 1500.0, 2600.0
SECONDS = 3.0
RECORDED = "The private session is recorded for the council, encrypted."


@dataclass(frozen=True)
class Recorded:
    """A decrypted file."""

    times: list[float]
    pictures: list[av.VideoFrame]
    ends: float
    """Seconds, of the last sound."""
    sound: NDArray[np.float32]
    """Left channel."""

    @classmethod
    def read(cls, path: Path) -> "Recorded":
        times: list[float] = []
        pictures: list[av.VideoFrame] = []
        sound: list[NDArray[np.float32]] = []
        ends = 0.0
        with av.open(str(path)) as container:
            assert isinstance(container, InputContainer)
            for frame in container.decode():
                if isinstance(frame, av.VideoFrame):
                    times.append(frame.time or 0.0)
                    pictures.append(frame)
                elif isinstance(frame, av.AudioFrame):
                    ends = (frame.time or 0.0) + frame.samples / RATE
                    sound.append(frame.to_ndarray()[0].astype(np.float32))
        return cls(times, pictures, ends, np.concatenate(sound))


class Chamber(Publisher):
    """What it sends can be changed."""

    def __init__(self) -> None:
        self.picture, self.tone = Colour(GREEN, 320, 180), Tone(PUBLIC)
        super().__init__(self.picture, self.tone)

    def turn(self, colour: tuple[int, int, int], hertz: float) -> None:
        self.picture.paint(colour)
        self.tone._hertz = hertz


@pytest.fixture
async def key(tmp_path: Path) -> Path:
    """The private one; its public half is in the setting that the command prints."""
    said = await command(tmp_path, "private-recording", "new-key", str(tmp_path / "key"))
    assert said.strip() == f"MOOTHALL_PRIVATE_RECORDING_KEY={tmp_path / 'key.pub'}"
    return tmp_path / "key"


@pytest.fixture
async def media(tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MeetingMedia]:
    """A meeting's studio, started as the hub does it with the setting in its environment."""
    listen_on("127.0.0.1")
    monkeypatch.setenv("MOOTHALL_PRIVATE_RECORDING_KEY", str(key.with_suffix(".pub")))
    with TemporaryDirectory(prefix="moot") as sockets:
        settings = Settings(data_dir=tmp_path / "data", run_dir=Path(sockets))
        wishes = StudioWishes(SlateText(title="Soon"), generated_feed=False)
        media = MeetingMedia("m", settings, wishes, lambda ref: None)
        media.directory.mkdir(parents=True)
        media.studio.start()
        await media.studio.call(GetStatus(), 60.0)
        yield media
        await media.stop()


async def gate(media: MeetingMedia, state: GateState) -> None:
    await media.studio.call(SetGate(state=state, slate=EXCLUDED, reason="", by="clerk", confirmed=True))


async def plays(media: MeetingMedia, seconds: float) -> None:
    """Wait for so much of the programme."""
    bus = subscribe(BusAddress(media.studio.plan.config.model_dump()["bus_url"]))
    begun: float | None = None
    async with asyncio.timeout(60):
        async for unit in bus:
            begun = unit.seconds if begun is None else begun
            if unit.seconds >= begun + seconds:
                break
    await bus.close()


async def test_who_has_the_key_sees_and_hears_the_private_session(
    media: MeetingMedia, key: Path, tmp_path: Path
) -> None:
    chamber, sam = Chamber(), Participant(SPEAKER, wants_picture=True, colour=BLUE)
    feed = OpenFeed(source="chamber", sdp=await chamber.offer(), label="Encoder")
    await chamber.accept((await media.studio.call(feed)).sdp)
    speaker = OpenSpeaker(speaker="sam", label="Sam Lee", sdp=await sam.offer())
    await sam.accept((await media.studio.call(speaker)).sdp)
    await gate(media, GateState.OPEN)
    await plays(media, SECONDS)
    folder = media.directory / "private"
    assert not folder.exists(), "nothing of what is public is recorded there"

    await gate(media, GateState.PRIVATE)
    chamber.turn(PINK, SECRET)
    await media.studio.call(AdmitPrivately(speakers=["sam"]))
    await sam.until_seen(PINK, BLUE)
    await plays(media, 2 * SECONDS)
    assert (await media.studio.call(GetStatus())).private_recording == RECORDED
    await gate(media, GateState.OPEN)
    chamber.turn(GREEN, PUBLIC)
    await plays(media, SECONDS)

    (sealed,) = folder.iterdir()
    assert b"\x47\x40" not in sealed.read_bytes()[:4096:188]
    said = await command(tmp_path, "private-recording", "decrypt", str(sealed), "--key", str(key))
    assert "is complete" in said
    found = Recorded.read(sealed.with_suffix(""))
    assert 2 * SECONDS - 1 < found.times[-1] - found.times[0] < 2 * SECONDS + 15, "and what the calls took"
    assert found.ends == pytest.approx(found.times[-1], abs=0.2)
    # At its beginning is what the chamber showed at the moment of the cut, and nothing of what came after it.
    late = [frame for at, frame in zip(found.times, found.pictures, strict=True) if at > found.times[-1] - 2]
    assert late
    assert all(shows(frame, PINK) and shows(frame, BLUE) and not shows(frame, GREEN) for frame in late)
    heard = found.sound[-2 * RATE :]
    assert band_dbfs(heard, SECRET) > -35
    assert band_dbfs(heard, SPEAKER) > -35
    assert band_dbfs(heard, PUBLIC) < -60
    for one in (chamber, sam):
        await one.close()

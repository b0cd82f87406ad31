"""A private session with participants from afar, in a real studio process."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import av
import numpy as np
import pytest
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from media.control.command import Refused
from media.control.feeds import OpenFeed, OpenSpeaker
from media.control.picture import SetOnAir
from media.control.studio import AdmitPrivately, GateState, GetStatus
from media.programme.picture import planes
from media.sources.ice import listen_on
from tests.media.studio.house import House
from tests.media.studio.listening import band_dbfs, peak_dbfs
from tests.media.studio.publisher import Colour, Publisher, Tone
from tests.support.waiting import until

GREEN = (120, 60, 70)
PINK = (160, 120, 190)


class Participant(Publisher):
    """A speaker who may ask for the private picture; ``seen`` is the newest one."""

    def __init__(self, hertz: float, *, wants_picture: bool, colour: tuple[int, int, int] = PINK) -> None:
        super().__init__(Tone(hertz), Colour(colour, 640, 360))
        self.seen: av.VideoFrame | None = None
        self.pictures = 0
        self._watching: asyncio.Task[None] | None = None
        if wants_picture:
            self.connection.addTransceiver("video", direction="recvonly")

    async def join(self, house: House, name: str) -> None:
        answer = await house.client.call(OpenSpeaker(speaker=name, label=name, sdp=await self.offer()))
        await self.accept(answer.sdp)

    async def until_seen(self, *colours: tuple[int, int, int]) -> None:
        """Wait for a picture with all of these colours in it, within 20 s."""

        def there() -> bool:
            frame = self.seen
            return frame is not None and all(shows(frame, colour) for colour in colours)

        await until(there, f"a picture with {colours}", 20)

    async def close(self) -> None:
        await super().close()
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    def _on_track(self, track: MediaStreamTrack) -> None:
        super()._on_track(track)
        if track.kind == "video":
            self._watching = asyncio.create_task(self._watch(track))

    async def _watch(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, av.VideoFrame)
            self.seen = frame
            self.pictures += 1


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    listen_on("127.0.0.1")
    house = House(tmp_path)
    await house.start()
    yield house
    assert await house.stop() == 0


def shows(frame: av.VideoFrame, colour: tuple[int, int, int]) -> bool:
    """Whether a good part of the picture has this colour, by its chroma."""
    _, u, v = planes(frame)
    near = (np.abs(u.astype(int) - colour[1]) < 24) & (np.abs(v.astype(int) - colour[2]) < 24)
    return bool(near.mean() > 0.05)


async def admit(house: House, *names: str) -> None:
    await house.client.call(AdmitPrivately(speakers=list(names)))


async def is_silent(participant: Publisher) -> None:
    participant.forget_heard()
    await participant.until_heard(1.0, lambda: peak_dbfs(participant.heard(0.5)) < -60)


async def test_who_is_admitted_sees_and_hears_and_nobody_else(house: House) -> None:
    chamber = Publisher(Colour(GREEN), Tone(500))
    answer = await house.client.call(OpenFeed(source="chamber", sdp=await chamber.offer(), label="Chamber"))
    await chamber.accept(answer.sdp)
    sam, kim, lee = (Participant(hertz, wants_picture=hertz != 2500) for hertz in (1500, 2500, 3500))
    for name, one in (("sam", sam), ("kim", kim), ("lee", lee)):
        await one.join(house, name)
    await house.gate(GateState.OPEN)
    await house.client.call(SetOnAir(speakers=["lee"]))
    with pytest.raises(Refused) as refusal:
        await admit(house, "sam")
    assert refusal.value.code == "not_private"

    await house.gate(GateState.PRIVATE)
    for one in (sam, kim, lee):
        await is_silent(one)
    with pytest.raises(Refused, match="not connected"):
        await admit(house, "sam", "nobody")
    assert (await house.client.call(GetStatus())).admitted == []

    await admit(house, "sam", "kim")
    await sam.until_heard(1.0, lambda: all(band_dbfs(sam.heard(1.0), hertz) > -30 for hertz in (500, 2500)))
    assert band_dbfs(sam.heard(1.0), 1500) < band_dbfs(sam.heard(1.0), 500) - 40, "their own voice"
    assert band_dbfs(sam.heard(1.0), 3500) < -60, "on air and not admitted: not heard either"
    await kim.until_heard(1.0, lambda: band_dbfs(kim.heard(1.0), 1500) > -30)
    await sam.until_seen(GREEN, PINK)
    await is_silent(lee)
    assert lee.pictures == 0
    status = await house.client.call(GetStatus())
    assert (status.admitted, status.without_private_picture) == (["sam", "kim"], ["kim"])

    await admit(house, "kim")
    await is_silent(sam)
    pictures = sam.pictures
    await kim.until_heard(2.0)
    assert sam.pictures <= pictures + 1, "a picture may have been under way"

    another = Participant(1700, wants_picture=True)
    await another.join(house, "kim")
    await is_silent(another)
    assert (await house.client.call(GetStatus())).admitted == [], "another device is not in"

    await admit(house, "sam", "kim")
    await sam.until_heard(0.5, lambda: band_dbfs(sam.heard(0.5), 1700) > -30)
    await house.gate(GateState.ADJOURNED)
    await is_silent(sam)
    await house.gate(GateState.PRIVATE)
    await is_silent(sam)
    assert (await house.client.call(GetStatus())).admitted == [], "another private session, another admission"
    for peer in (chamber, sam, kim, lee, another):
        await peer.close()

"""A real studio process, driven as the hub drives it and watched as the public watch it."""

import asyncio
import base64
import io
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageColor

from media.control.command import Refused
from media.control.feeds import CloseFeed, CloseSpeaker, FeedRefused, OpenFeed, OpenSpeaker
from media.control.picture import LayoutName, SetLayout, SetOnAir, TakePicture
from media.control.studio import GateState, GetStatus, SetGate, SetSlate, SlateText, StatusChanged
from media.programme.picture import from_image
from media.sources.ice import listen_on
from tests.media.studio.house import COLOUR, EXCLUDED, House
from tests.media.studio.listening import band_dbfs, peak_dbfs
from tests.media.studio.publisher import Colour, Publisher, Tone
from tests.media.studio.viewer import Heard, Seen, Viewer, near

GREEN = (120, 60, 70)
PINK = (160, 120, 190)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    listen_on("127.0.0.1")
    house = House(tmp_path)
    await house.start()
    yield house
    assert await house.stop() == 0


@pytest.fixture
async def viewer(house: House) -> AsyncIterator[Viewer]:
    viewer = Viewer(house.bus)
    yield viewer
    await viewer.close()


def slate_colour() -> tuple[int, int, int]:
    """The corner of a slate."""
    frame = from_image(Image.new("RGB", (16, 16), ImageColor.getrgb(COLOUR)))
    return (bytes(frame.planes[0])[0], bytes(frame.planes[1])[0], bytes(frame.planes[2])[0])


async def publish(house: House, colour: tuple[int, int, int], hertz: float) -> tuple[Publisher, str]:
    publisher = Publisher(Colour(colour), Tone(hertz))
    answer = await house.client.call(
        OpenFeed(source="chamber", sdp=await publisher.offer(), label="Chamber encoder")
    )
    await publisher.accept(answer.sdp)
    return publisher, answer.session


async def connect_speaker(house: House, name: str, hertz: float, colour: tuple[int, int, int]) -> Publisher:
    speaker = Publisher(Colour(colour, 960, 720), Tone(hertz))
    answer = await house.client.call(OpenSpeaker(speaker=name, label=name.title(), sdp=await speaker.offer()))
    await speaker.accept(answer.sdp)
    return speaker


async def gather_sound(
    viewer: Viewer, seconds: float, *with_tones: float
) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """So much of what the public hear next, or of the first in which these tones are whole."""
    blocks: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []

    def enough(item: Seen | Heard) -> bool:
        if isinstance(item, Heard):
            blocks.append(item.samples.reshape(-1))
        return sum(map(len, blocks)) >= seconds * 48_000

    async with asyncio.timeout(20):
        while True:
            blocks.clear()
            await viewer.until(enough)
            sound = np.concatenate(blocks)
            if all(band_dbfs(sound, hertz) > -35 for hertz in with_tones):
                return sound


async def until_hears(speaker: Publisher, *others: float, without: float) -> None:
    """A second of all others, nothing of themself. A busy machine makes gaps, which click on every band."""

    def so() -> bool:
        heard = speaker.heard(1.0)
        loud = min(band_dbfs(heard, hertz) for hertz in others)
        return loud > -35 and band_dbfs(heard, without) < loud - 40

    await speaker.until_heard(1.0, so)


async def test_a_feed_is_public_only_while_the_gate_is_open(house: House, viewer: Viewer) -> None:
    publisher, session = await publish(house, GREEN, 1000)
    first = await viewer.until(lambda item: isinstance(item, Seen))
    assert isinstance(first, Seen)
    assert near(first.corner, slate_colour())

    await house.gate(GateState.OPEN)
    await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, GREEN))
    await gather_sound(viewer, 1.0, 1000)

    status = await house.client.call(GetStatus())
    assert status.layout == "chamber"
    assert [(feed.kind, feed.state, feed.width) for feed in status.feeds] == [("whip", "live", 1280)]

    before = await house.client.call(TakePicture(of="public"))
    assert near(jpeg_colour(before.jpeg), GREEN, 12)
    await house.gate(GateState.PRIVATE)
    after = await house.client.call(TakePicture(of="public"))
    assert not near(jpeg_colour(after.jpeg), GREEN, 40)
    staff = await house.client.call(TakePicture(of="chamber"))
    assert near(jpeg_colour(staff.jpeg), GREEN, 12)

    await assert_nothing_but_slate(viewer, groups=2)
    await house.client.call(CloseFeed(session=session))
    with pytest.raises(Refused, match="no such session"):
        await house.client.call(CloseFeed(session=session))
    await publisher.close()


async def assert_nothing_but_slate(viewer: Viewer, groups: int) -> None:
    """From the second key picture after the cut on (one may still be under way), the slate and silence."""
    keys = 0
    pictures = 0

    def watched(item: Seen | Heard) -> bool:
        nonlocal keys, pictures
        if isinstance(item, Heard):
            if keys > 1:
                assert peak_dbfs(item.samples) < -60
            return False
        keys += item.unit.key
        if keys > 1:
            pictures += 1
            assert near(item.corner, slate_colour()), item
            assert not near(item.middle, GREEN, 40)
        return pictures > groups * 25

    await viewer.until(watched)


def jpeg_colour(jpeg: str) -> tuple[int, int, int]:
    image = Image.open(io.BytesIO(base64.b64decode(jpeg))).convert("RGB").resize((1280, 720))
    frame = from_image(image)
    middle = bytes(frame.planes[0])[100 * frame.planes[0].line_size + 100]
    chroma = 50 * frame.planes[1].line_size + 50
    return (middle, bytes(frame.planes[1])[chroma], bytes(frame.planes[2])[chroma])


async def test_killed_while_private_comes_back_private(house: House, viewer: Viewer) -> None:
    publisher, _ = await publish(house, GREEN, 1000)
    await house.gate(GateState.OPEN)
    green = await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, GREEN))
    private = await house.gate(GateState.PRIVATE)
    await house.kill()
    await publisher.close()
    await house.start()
    assert (await house.client.call(GetStatus())).gate == private

    publisher, _ = await publish(house, GREEN, 1000)
    resumed = await viewer.until(
        lambda item: isinstance(item, Seen) and item.unit.session != green.unit.session
    )
    assert isinstance(resumed, Seen)
    assert resumed.unit.key
    assert resumed.unit.pts % 90_000 == 0
    assert resumed.unit.pts > green.unit.pts
    assert resumed.unit.epoch_ms == green.unit.epoch_ms
    assert near(resumed.corner, slate_colour())
    await assert_nothing_but_slate(viewer, groups=1)
    await publisher.close()


async def test_a_speaker_is_seen_heard_and_never_hears_themself(house: House, viewer: Viewer) -> None:
    chamber, _ = await publish(house, GREEN, 500)
    sam = await connect_speaker(house, "sam", 1500, PINK)
    lee = await connect_speaker(house, "lee", 2500, PINK)
    with pytest.raises(Refused, match="not connected"):
        await house.client.call(SetOnAir(speakers=["nobody"]))
    await house.gate(GateState.OPEN)
    await house.client.call(SetOnAir(speakers=["sam", "lee"]))

    await until_hears(sam, 500, 2500, without=1500)
    await until_hears(lee, 500, 1500, without=2500)

    await house.client.call(SetOnAir(speakers=["sam"]))
    await house.client.call(SetLayout(layout=LayoutName.SPEAKER))
    await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, PINK))
    sound = await gather_sound(viewer, 1.0, 500, 1500)
    assert band_dbfs(sound, 2500) < -50

    await house.gate(GateState.PRIVATE)
    sam.forget_heard()
    await sam.until_heard(1.0, lambda: peak_dbfs(sam.heard(0.5)) < -60)

    await house.client.call(CloseSpeaker(speaker="sam"))
    status = await house.client.call(GetStatus())
    assert status.on_air == []
    assert {feed.source for feed in status.feeds} == {"chamber", "lee"}
    for publisher in (chamber, sam, lee):
        await publisher.close()


async def test_bad_offers_are_refused_and_told(house: House) -> None:
    for sdp, sentence in (
        ("hello", "no media section"),
        ("v=0\r\n" * 20_000, "longer than 64 KB"),
        ("v=0\r\n" + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n" * 9, "more than 8 media sections"),
        ("v=0\r\nm=audio nine UDP/TLS/RTP/SAVPF 0\r\n", "not valid SDP"),
    ):
        with pytest.raises(Refused, match=sentence) as refusal:
            await house.client.call(OpenFeed(source="chamber", sdp=sdp, label="x"))
        assert refusal.value.code == "bad_offer"
    await house.client.call(GetStatus())


async def test_the_gate_asks_for_confirmation_and_tells_everybody(house: House) -> None:
    with pytest.raises(Refused) as refusal:
        await house.client.call(SetGate(state=GateState.OPEN, slate=EXCLUDED, reason="go live", by="clerk"))
    assert refusal.value.code == "not_confirmed"
    await house.gate(GateState.OPEN)
    with pytest.raises(Refused) as refusal:
        await house.gate(GateState.WAITING)
    assert refusal.value.code == "illegal_transition"

    await house.gate(GateState.ADJOURNED)
    words = SlateText(title="Adjourned", lines=["Back at 19:40"])
    assert (await house.client.call(SetSlate(slate=words))).slate == words
    async with asyncio.timeout(5):
        async for event in house.client.events():
            assert not isinstance(event, FeedRefused)
            if isinstance(event, StatusChanged) and event.status.gate.slate == words:
                assert event.status.gate.state is GateState.ADJOURNED
                break

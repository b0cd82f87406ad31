"""Feeds that replace each other, hang up or never come, at a real studio process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiortc import RTCRtpSender

from media.control.command import Refused
from media.control.feeds import OpenFeed, OpenSpeaker
from media.control.picture import LayoutName, SetLayout, SetOnAir, TakePicture
from media.control.studio import GateState, GetStatus, StudioStatus
from media.sources.ice import listen_on
from tests.media.studio.house import House
from tests.media.studio.publisher import Colour, Publisher, Tone
from tests.media.studio.test_process import jpeg_colour
from tests.media.studio.viewer import Seen, Viewer, near

GREEN = (120, 60, 70)
PINK = (160, 120, 190)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    listen_on("127.0.0.1")
    house = House(tmp_path, generated_feed=True)
    await house.start()
    yield house
    assert await house.stop() == 0


@pytest.fixture
async def viewer(house: House) -> AsyncIterator[Viewer]:
    viewer = Viewer(house.bus)
    yield viewer
    await viewer.close()


async def publish(house: House, publisher: Publisher) -> None:
    answer = await house.client.call(OpenFeed(source="chamber", sdp=await publisher.offer(), label="Encoder"))
    await publisher.accept(answer.sdp)


async def status_of(house: House) -> StudioStatus:
    return await house.client.call(GetStatus())


async def test_the_newest_feed_wins_and_the_test_card_returns(house: House, viewer: Viewer) -> None:
    await house.gate(GateState.OPEN)
    # The test card's first bar is light grey, where the slate is blue.
    await viewer.until(lambda item: isinstance(item, Seen) and item.corner[0] > 160)
    assert [feed.kind for feed in (await status_of(house)).feeds] == ["test"]

    first = Publisher(Colour(GREEN), Tone(1000))
    await publish(house, first)
    await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, GREEN))
    second = Publisher(Colour(PINK))
    video = second.connection.getTransceivers()[0]
    capabilities = RTCRtpSender.getCapabilities("video")
    assert capabilities is not None
    video.setCodecPreferences([codec for codec in capabilities.codecs if codec.mimeType == "video/VP8"])
    await publish(house, second)
    await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, PINK))

    await second.close()
    await viewer.until(lambda item: isinstance(item, Seen) and item.corner[0] > 160)
    await first.close()


async def test_a_second_device_of_a_speaker_replaces_the_first(house: House, viewer: Viewer) -> None:
    await house.gate(GateState.OPEN)
    first, second = Publisher(Tone(1500)), Publisher(Colour(PINK, 960, 720), Tone(1500))
    for device in (first, second):
        answer = await house.client.call(
            OpenSpeaker(speaker="sam", label="Sam Lee", sdp=await device.offer())
        )
        await device.accept(answer.sdp)
    await house.client.call(SetOnAir(speakers=["sam"]))
    await house.client.call(SetLayout(layout=LayoutName.SPEAKER))
    await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, PINK))
    await house.client.call(SetLayout(layout=None))
    status = await status_of(house)
    assert (status.layout, status.on_air) == ("side_by_side", ["sam"])
    assert [feed.source for feed in status.feeds] == ["chamber", "sam"]
    picture = await house.client.call(TakePicture(of="sam", width=320))
    assert (picture.width, picture.height) == (320, 240)
    assert near(jpeg_colour(picture.jpeg), PINK, 12)
    await first.close()
    await second.close()


async def test_pictures_that_do_not_exist_and_other_sources_are_refused(house: House) -> None:
    with pytest.raises(Refused) as refusal:
        await house.client.call(TakePicture(of="nobody"))
    assert refusal.value.code == "no_picture"
    with pytest.raises(Refused) as refusal:
        await house.client.call(OpenFeed(source="balcony", sdp="v=0", label="x"))
    assert refusal.value.code == "bad_source"
    programme = await house.client.call(TakePicture(of="programme", width=1280))
    assert (programme.width, programme.height) == (1280, 720)


async def test_sigterm_ends_cleanly(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.start()
    await house.gate(GateState.OPEN)
    assert await house.terminate() == 0
    assert not house.config.control_socket.exists()
    assert not house.config.feeds_socket.exists()
    await house.start()
    assert (await status_of(house)).gate.state is GateState.OPEN
    assert await house.stop() == 0

"""A speaker without a camera stands in the picture as words: another name is there at once."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from media.control.command import Refused
from media.control.feeds import NameSpeaker, OpenSpeaker
from media.control.picture import LayoutName, SetLayout, SetOnAir, TakePicture
from media.control.studio import GateState, GetStatus
from media.programme.switch import Switch
from media.rhythm import DEFAULT
from media.sources.ice import listen_on
from media.studio.production import SETTLE_SECONDS
from tests.media.studio.house import House
from tests.media.studio.publisher import Publisher, Tone
from tests.support.waiting import until_async

AFTER_A_WISH = Switch().steps + 2
"""Pictures: those of a dissolve, the one under way when the wish came, and the one being made now."""
AFTER_OPENING = AFTER_A_WISH + round(SETTLE_SECONDS * DEFAULT.pictures)
"""With nobody's camera the slate stays as long as it may."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    listen_on("127.0.0.1")
    house = House(tmp_path)
    await house.start()
    yield house
    assert await house.stop() == 0


@asynccontextmanager
async def sound_only(house: House, speaker: str, label: str) -> AsyncIterator[None]:
    publisher = Publisher(Tone(700))
    offer = OpenSpeaker(speaker=speaker, label=label, sdp=await publisher.offer())
    await publisher.accept((await house.client.call(offer)).sdp)

    async def live() -> bool:
        feeds = (await house.client.call(GetStatus())).feeds
        return any(feed.source == speaker and feed.state == "live" for feed in feeds)

    await until_async(live, f"the sound of {label}")
    yield
    await publisher.close()


async def settled(house: House, pictures: int = AFTER_A_WISH) -> str:
    """The picture that stays, ``pictures`` from now."""
    enough = (await house.client.call(GetStatus())).pictures + pictures

    async def counted() -> bool:
        return (await house.client.call(GetStatus())).pictures >= enough

    await until_async(counted, f"{pictures} pictures")
    return (await house.client.call(TakePicture(of="public"))).jpeg


async def test_another_name_is_in_the_picture_at_once(house: House) -> None:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(sound_only(house, "7", "Rude Name"))
        await stack.enter_async_context(sound_only(house, "8", "Sam Lee"))
        await house.client.call(SetLayout(layout=LayoutName.SPEAKER, transition="cut"))
        await house.client.call(SetOnAir(speakers=["8"]))
        await house.gate(GateState.OPEN)
        sam = await settled(house, AFTER_OPENING)
        await house.client.call(SetOnAir(speakers=["7"]))
        rude = await settled(house)
        assert sam != rude

        await house.client.call(NameSpeaker(speaker="7", label="Sam Lee"))
        assert await settled(house) == sam
        labels = {feed.source: feed.label for feed in (await house.client.call(GetStatus())).feeds}
        assert labels["7"] == "Sam Lee"


async def test_nobody_who_is_not_there_can_be_named(house: House) -> None:
    with pytest.raises(Refused) as refused:
        await house.client.call(NameSpeaker(speaker="7", label="Sam Lee"))
    assert refused.value.code == "no_speaker"

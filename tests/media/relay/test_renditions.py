"""A viewer changes renditions without a new offer; judged by what a foreign player decodes."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from media.control.channel import ControlClient
from media.control.command import Refused
from media.control.relay import ChooseRendition, OpenViewer
from tests.media.relay.feed import GREEN, RED, TONE_HZ, Encoder, Feed
from tests.media.relay.narrow import NarrowPath
from tests.media.relay.player import Player
from tests.media.relay.process import RelayProcess

pytestmark = pytest.mark.usefixtures("red_feed")


@pytest.fixture
async def player() -> AsyncIterator[Player]:
    one = Player()
    yield one
    await one.close()


async def test_a_page_chooses_and_chooses_again(control: ControlClient, player: Player) -> None:
    answer = await player.watch(control, "m1")
    large = await player.sees(RED)
    for rendition, colour, width in (("360p", GREEN, 160), ("auto", RED, 640)):
        await control.call(
            ChooseRendition.model_validate({"session": answer.session, "rendition": rendition})
        )
        frame = await player.sees(colour)
        assert frame.width == width
        assert frame.pts is not None
        assert large.pts is not None
        assert 0 < frame.pts - large.pts < 30 * 90_000, "the clock goes on"
    assert await player.hears(TONE_HZ) > 0.9


async def test_only_sound_until_pictures_are_wanted(control: ControlClient, player: Player) -> None:
    offer = await player.offer()
    answer = await control.call(OpenViewer(meeting="m1", sdp=offer, rendition="sound"))
    await player.accept(answer.sdp)
    assert await player.hears(TONE_HZ) > 0.9
    assert player.connection.getReceivers()[1].track.kind == "video"
    await control.call(ChooseRendition(session=answer.session, rendition="360p"))
    await player.sees(GREEN)
    with pytest.raises(Refused) as refusal:
        await control.call(ChooseRendition(session="nobody", rendition="auto"))
    assert refusal.value.code == "no_session"


async def test_whoever_asks_for_the_small_one_begins_with_it(control: ControlClient, player: Player) -> None:
    answer = await control.call(OpenViewer(meeting="m1", sdp=await player.offer(), rendition="360p"))
    await player.accept(answer.sdp)
    async with asyncio.timeout(20):
        frame = await player.tracks["video"].recv()
    assert getattr(frame, "width", 0) == 160


async def test_where_there_is_no_small_one_they_get_the_full_one(
    relay: RelayProcess, control: ControlClient, player: Player
) -> None:
    feed = await Feed.open(relay.bus("m2"), Encoder(RED, session=1, small=False))
    answer = await control.call(OpenViewer(meeting="m2", sdp=await player.offer(), rendition="360p"))
    await player.accept(answer.sdp)
    assert (await player.sees(RED)).width == 640
    await control.call(ChooseRendition(session=answer.session, rendition="360p"))
    for _ in range(75):
        await player.sees(RED)
    await feed.close()


async def test_a_wish_before_the_line_stands_is_kept(control: ControlClient, player: Player) -> None:
    answer = await control.call(OpenViewer(meeting="m1", sdp=await player.offer()))
    await control.call(ChooseRendition(session=answer.session, rendition="360p"))
    await player.accept(answer.sdp)
    await player.sees(GREEN)


async def test_a_narrow_line_gets_the_small_rendition_by_itself(
    control: ControlClient, player: Player
) -> None:
    answer = await control.call(OpenViewer(meeting="m1", sdp=await player.offer()))
    found = re.search(r" (\d+) typ host", answer.sdp)
    assert found is not None
    async with AsyncExitStack() as stack:
        path = await NarrowPath.open(int(found[1]), 300_000)
        stack.callback(path.close)
        await player.accept(answer.sdp.replace(f" {found[1]} typ host", f" {path.port} typ host"))
        for _ in range(25):
            await player.sees(GREEN)

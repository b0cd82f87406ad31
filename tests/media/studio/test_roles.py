"""A signer and a presenter at a real studio: seen, not heard, and hearing the floor."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from media.control.feeds import CloseSpeaker, OpenFeed, OpenSpeaker, SpeakerRole
from media.control.studio import GateState, GetStatus
from media.sources.ice import listen_on
from tests.media.studio.house import House
from tests.media.studio.listening import band_dbfs, peak_dbfs
from tests.media.studio.publisher import Colour, Publisher, Tone
from tests.media.studio.test_process import GREEN, PINK, publish
from tests.media.studio.viewer import Heard, Seen, Viewer, near
from tests.support.waiting import until_async

FLOOR, OWN = 440, 3000
SIGNERS_PLACE, SLIDES_PLACE = (1200, 600), (400, 360)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    listen_on("127.0.0.1")
    house = House(tmp_path)
    await house.start()
    yield house
    assert await house.stop() == 0


@pytest.mark.parametrize(
    ("role", "source", "place"),
    [("signer", "sign", SIGNERS_PLACE), ("presenter", "presentation", SLIDES_PLACE)],
)
async def test_they_are_seen_and_hear_the_floor_and_are_not_heard(
    house: House, role: SpeakerRole, source: str, place: tuple[int, int]
) -> None:
    chamber, _ = await publish(house, GREEN, FLOOR)
    await house.gate(GateState.OPEN)
    viewer = Viewer(house.bus)
    await viewer.until(lambda item: isinstance(item, Seen) and near(item.colour_at(*place), GREEN))
    gwen = Publisher(Colour(PINK), Tone(OWN))
    answer = await house.client.call(
        OpenSpeaker(speaker="7", label="Gwen", sdp=await gwen.offer(), role=role)
    )
    await gwen.accept(answer.sdp)
    await viewer.until(lambda item: isinstance(item, Seen) and near(item.colour_at(*place), PINK))
    await gwen.until_heard(1.0, lambda: band_dbfs(gwen.heard(1.0), FLOOR) > -35)
    assert band_dbfs(gwen.heard(1.0), OWN) < -70
    kinds = {(feed.source, feed.kind) for feed in (await house.client.call(GetStatus())).feeds}
    assert (source, role) in kinds

    await house.gate(GateState.PRIVATE)
    gwen.forget_heard()
    await gwen.until_heard(1.0, lambda: peak_dbfs(gwen.heard(0.5)) < -60)
    await house.gate(GateState.OPEN)

    if role == "signer":
        # What was shared in private is not for those who come back; the sign language is.
        await viewer.until(lambda item: isinstance(item, Seen) and near(item.colour_at(*place), PINK))
    await house.client.call(CloseSpeaker(speaker="7"))
    await viewer.until(lambda item: isinstance(item, Seen) and near(item.colour_at(*place), GREEN))
    assert source not in {feed.source for feed in (await house.client.call(GetStatus())).feeds}
    await viewer.close()
    for one in (chamber, gwen):
        await one.close()


async def test_an_encoder_for_the_signer_takes_the_place_of_one_with_a_link(house: House) -> None:
    gwen, encoder = Publisher(Colour(PINK), Tone(OWN)), Publisher(Colour(GREEN), Tone(OWN))
    opened = await house.client.call(
        OpenSpeaker(speaker="7", label="Gwen", sdp=await gwen.offer(), role="signer")
    )
    await gwen.accept(opened.sdp)
    answer = await house.client.call(OpenFeed(source="sign", sdp=await encoder.offer(), label="Encoder"))
    await encoder.accept(answer.sdp)
    (sign,) = (feed for feed in (await house.client.call(GetStatus())).feeds if feed.source == "sign")
    assert (sign.kind, sign.label) == ("whip", "Encoder")
    await house.client.call(CloseSpeaker(speaker="7"))
    kept = {(feed.source, feed.kind) for feed in (await house.client.call(GetStatus())).feeds}
    assert ("sign", "whip") in kept, "hanging up on the one does not touch the other"
    for one in (gwen, encoder):
        await one.close()


async def test_a_screen_shared_in_private_is_not_for_those_who_come_back(house: House) -> None:
    chamber, _ = await publish(house, GREEN, FLOOR)
    await house.gate(GateState.OPEN)
    await house.gate(GateState.PRIVATE)
    screen = Publisher(Colour(PINK))
    wanted = OpenSpeaker(speaker="8", label="Ann", sdp=await screen.offer(), role="presenter")
    await screen.accept((await house.client.call(wanted)).sdp)
    await _arrives(house)
    viewer = Viewer(house.bus)
    await house.gate(GateState.ADJOURNED)
    opened = (await house.gate(GateState.OPEN)).since_ms
    assert "presentation" not in {feed.source for feed in (await house.client.call(GetStatus())).feeds}
    seen: list[Seen] = []

    def for_two_seconds(item: Seen | Heard) -> bool:
        if isinstance(item, Seen):
            seen.append(item)
        return bool(seen) and seen[-1].unit.epoch_ms + seen[-1].unit.seconds * 1000 > opened + 2000

    await viewer.until(for_two_seconds)
    assert not any(near(item.colour_at(*SLIDES_PLACE), PINK) for item in seen)
    assert near(seen[-1].colour_at(*SLIDES_PLACE), GREEN)
    await viewer.close()
    for one in (chamber, screen):
        await one.close()


async def _arrives(house: House) -> None:
    async def live() -> bool:
        feeds = (await house.client.call(GetStatus())).feeds
        return any(feed.source == "presentation" and feed.state == "live" for feed in feeds)

    await until_async(live, "the screen")

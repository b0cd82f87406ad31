"""Layouts, the signer and names at a real studio process, seen in what it encodes."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PIL import Image

from media.control.feeds import OpenFeed
from media.control.picture import (
    LayoutName,
    PageStatus,
    SetCaptions,
    SetLayout,
    SetOnAir,
    ShowPage,
    Transition,
)
from media.control.studio import GateState, GetStatus
from media.programme.picture import from_image, planes
from media.programme.slate import Slates
from media.sources.ice import listen_on
from tests.media.studio.house import COLOUR, House
from tests.media.studio.publisher import Colour, Publisher, Tone
from tests.media.studio.test_process import GREEN, PINK, connect_speaker, publish, slate_colour
from tests.media.studio.viewer import Heard, Seen, Viewer, near
from tests.support.documents import RED, write_pdf

Yuv = tuple[int, int, int]
BARS: Yuv = (188, 128, 128)
"""The corner of the generated feed."""
A_NEW_SOURCE = 1
"""What begins to be a source in the middle of a tick is seen from the next, of which it has the sound."""
UNDER_WAY = 1
"""The picture that was being made when the wish came may still be as before."""
CUT, DISSOLVE = 1, 4
"""Pictures until the new layout is there alone: 200 ms are five, and one of them is spent on waiting for a
tick, composing and encoding. They are counted by the programme's own stamps, so that a test that gets no
processor does not take itself for the studio."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    listen_on("127.0.0.1")
    house = House(tmp_path)
    await house.start()
    yield house
    assert await house.stop() == 0


@pytest.fixture
async def showing(tmp_path: Path) -> AsyncIterator[House]:
    """With the generated feed in its chamber."""
    house = House(tmp_path, generated_feed=True)
    await house.start()
    yield house
    assert await house.stop() == 0


class Pictures:
    """Everything a viewer sees, in order."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self.seen: list[Seen] = []

    async def until(
        self, colour: Yuv, part: Callable[[Seen], Yuv] = lambda seen: seen.corner, tolerance: int = 6
    ) -> Seen:
        """See on until a part of the picture, its corner unless told otherwise, has a colour."""

        def arrived(item: Seen | Heard) -> bool:
            if not isinstance(item, Seen):
                return False
            self.seen.append(item)
            return near(part(item), colour, tolerance)

        last = await self._viewer.until(arrived)
        assert isinstance(last, Seen)
        return last


async def change(house: House, layout: LayoutName, transition: Transition) -> float:
    """The programme time at which the studio took it up."""
    return (await house.client.call(SetLayout(layout=layout, transition=transition))).seconds


def since(taken_up: float, seen: list[Seen]) -> list[Seen]:
    """The pictures from the tick on that was under way then."""
    return [one for one in seen if one.unit.seconds > taken_up - 0.02]


async def dissolves(pictures: Pictures, taken_up: float, colour: Yuv, under_way: int = UNDER_WAY) -> None:
    """Until nothing of what was shown before is left in the corner, in as many pictures as it should be."""
    await pictures.until(colour)
    assert DISSOLVE - UNDER_WAY <= len(since(taken_up, pictures.seen)) <= DISSOLVE + under_way


async def test_a_change_takes_effect_within_200_ms_by_cut_or_dissolve(showing: House) -> None:
    """From the generated feed to no source: both are the studio's own, so that nothing else is late."""
    house, slate = showing, slate_colour()
    await house.gate(GateState.OPEN)
    viewer = Viewer(house.bus)
    pictures = Pictures(viewer)
    await pictures.until(BARS)

    pictures.seen.clear()
    await dissolves(pictures, await change(house, LayoutName.SLATE, "dissolve"), slate)
    between = [seen for seen in pictures.seen if not near(seen.corner, BARS) and not near(seen.corner, slate)]
    assert 2 <= len(between) <= 3
    lumas = [seen.corner[0] for seen in between]
    assert lumas == sorted(lumas, reverse=True)

    await change(house, LayoutName.CHAMBER, "cut")
    await pictures.until(BARS)
    pictures.seen.clear()
    taken_up = await change(house, LayoutName.SLATE, "cut")
    await pictures.until(slate)
    assert len(since(taken_up, pictures.seen)) <= CUT + UNDER_WAY
    assert all(near(seen.corner, BARS, 12) or near(seen.corner, slate, 12) for seen in pictures.seen)
    await viewer.close()


async def test_who_goes_on_air_and_a_presentation_are_there_as_soon(showing: House, tmp_path: Path) -> None:
    """Nobody asks for a layout: it follows them. Their corner is the backdrop that no other has."""
    house, backdrop = showing, Slates(showing.config.council, COLOUR).backdrop
    await house.gate(GateState.OPEN)
    viewer = Viewer(house.bus)
    pictures = Pictures(viewer)
    await pictures.until(BARS)
    sam = await connect_speaker(house, "sam", 1500, PINK)
    await sam.until_heard(0.2)

    pictures.seen.clear()
    await dissolves(pictures, (await house.client.call(SetOnAir(speakers=["sam"]))).seconds, backdrop)
    await house.client.call(SetOnAir(speakers=[]))
    await pictures.until(BARS)

    slides = write_pdf(tmp_path / "slides.pdf", RED)
    page = PageStatus(title="Slides", page=1, pages=1)
    pictures.seen.clear()
    shown = await house.client.call(ShowPage(document=str(slides), page=page), 30.0)
    await dissolves(pictures, shown.seconds, backdrop, UNDER_WAY + A_NEW_SOURCE)
    assert near(pictures.seen[-1].colour_at(480, 360), yuv(RED))
    await viewer.close()
    await sam.close()


def yuv(colour: tuple[int, int, int]) -> Yuv:
    luma, u, v = planes(from_image(Image.new("RGB", (16, 16), colour)))
    return int(luma[0, 0]), int(u[0, 0]), int(v[0, 0])


def of_sam(seen: Seen) -> bool:
    """Sam's picture, or, when a busy machine brings none of it, the name on a card that has no colour."""
    _, u, v = seen.middle
    return near(seen.middle, PINK, 12) or (abs(u - 130) <= 8 and abs(v - 127) <= 8)


async def test_a_dissolve_does_not_outlive_the_opening_it_began_in(house: House) -> None:
    chamber, _ = await publish(house, GREEN, 500)
    sam = await connect_speaker(house, "sam", 1500, PINK)
    await house.gate(GateState.OPEN)
    await house.client.call(SetOnAir(speakers=["sam"]))
    await change(house, LayoutName.SPEAKER, "cut")
    viewer = Viewer(house.bus)
    pictures = Pictures(viewer)
    await pictures.until(PINK, lambda seen: seen.middle)
    await change(house, LayoutName.CHAMBER, "cut")
    await pictures.until(GREEN, lambda seen: seen.middle)

    await change(house, LayoutName.SPEAKER, "dissolve")
    await house.gate(GateState.PRIVATE)
    pictures.seen.clear()
    await pictures.until(slate_colour())
    await house.gate(GateState.OPEN)
    pictures.seen.clear()
    await pictures.until(PINK, lambda seen: seen.middle)
    mixed = [one for one in pictures.seen if not (near(one.corner, slate_colour(), 12) or of_sam(one))]
    assert not mixed
    await viewer.close()
    await chamber.close()
    await sam.close()


async def test_the_signer_and_names_are_in_the_picture(house: House) -> None:
    chamber, _ = await publish(house, GREEN, 500)
    await house.gate(GateState.OPEN)
    viewer = Viewer(house.bus)
    await viewer.until(lambda item: isinstance(item, Seen) and near(item.middle, GREEN))
    signer = Publisher(Colour(PINK), Tone(3000))
    answer = await house.client.call(
        OpenFeed(source="sign", sdp=await signer.offer(), label="Interpreter of sign language")
    )
    await signer.accept(answer.sdp)
    await viewer.until(lambda item: isinstance(item, Seen) and near(item.colour_at(1200, 600), PINK))
    await house.client.call(SetCaptions(visible=True, texts={"chamber": "Cllr Jane Doe, Chair"}))
    plate = await viewer.until(lambda item: isinstance(item, Seen) and item.colour_at(76, 650)[0] < 40)
    assert isinstance(plate, Seen)
    status = await house.client.call(GetStatus())
    assert (status.captions_visible, status.captions) == (True, {"chamber": "Cllr Jane Doe, Chair"})
    await house.client.call(SetLayout(layout=LayoutName.SLATE))
    await viewer.until(
        lambda item: (
            isinstance(item, Seen)
            and near(item.corner, slate_colour())
            and near(item.colour_at(1200, 600), PINK)
        )
    )
    await signer.close()
    await viewer.until(lambda item: isinstance(item, Seen) and not near(item.colour_at(1200, 600), PINK, 30))
    await viewer.close()
    await chamber.close()

"""Every layout and slate looks as it did when somebody last looked at it (see ``gallery.py``)."""

from collections.abc import Mapping

import av
import pytest
from PIL import Image

from media.control.picture import LayoutName
from media.programme.arrangement import arrange
from media.programme.layout import Cast, Scene, Tile
from media.programme.picture import to_image
from media.programme.slate import LOST, Slates
from media.programme.vision import Vision
from tests.media.programme.gallery import (
    CAPTIONS,
    COLOUR,
    COUNCIL,
    GALLERY,
    GOLDEN,
    ON_AIR,
    SIZE,
    composed,
    slates,
)
from tests.media.programme.likeness import MOST, unlikeness
from tests.media.programme.sights import sight


def golden(name: str) -> Image.Image:
    with Image.open(GOLDEN / f"{name}.png") as image:
        return image.convert("RGB")


def small(frame: av.VideoFrame) -> Image.Image:
    return to_image(frame, *SIZE)


@pytest.mark.parametrize("name", GALLERY)
def test_it_looks_as_it_did(name: str) -> None:
    assert unlikeness(small(GALLERY[name]()), golden(name)) < MOST / 4


def test_each_image_is_of_something() -> None:
    assert {path.stem for path in GOLDEN.glob("*.png")} == set(GALLERY)


def moved(tile: Tile, right: int = 0, down: int = 0) -> Tile:
    return Tile(tile.source, tile.x + right, tile.y + down, tile.width, tile.height, tile.inset)


def with_tile(scene: Scene, number: int, right: int = 0, down: int = 0) -> Scene:
    tiles = list(scene.tiles)
    tiles[number] = moved(tiles[number], right, down)
    return Scene(scene.layout, tuple(tiles), scene.lost)


def drawn(scene: Scene, captions: Mapping[str, str] | None = None, **instead: str) -> Image.Image:
    pictures = {source: sight(instead.get(source, source)) for source in scene.sources}
    return small(Vision(slates()).compose(scene, pictures, {}, captions or {}))


PAIR = arrange(None, Cast(ON_AIR[:1]))
"""As in the golden image ``layout-side-by-side``."""


def test_a_tile_that_moved_by_ten_pixels_is_seen() -> None:
    assert unlikeness(drawn(PAIR), golden("layout-side-by-side")) < MOST / 4
    for right, down in ((10, 0), (-10, 0), (0, 10), (0, -10)):
        assert unlikeness(drawn(with_tile(PAIR, 1, right, down)), golden("layout-side-by-side")) > MOST


def test_sources_that_changed_places_are_seen() -> None:
    swapped = drawn(PAIR, a="chamber", chamber="a")
    assert unlikeness(swapped, golden("layout-side-by-side")) > MOST


def test_a_source_of_the_wrong_colour_is_seen() -> None:
    assert unlikeness(drawn(PAIR, a="d"), golden("layout-side-by-side")) > MOST


def test_a_missing_caption_is_seen() -> None:
    assert unlikeness(drawn(PAIR, CAPTIONS), golden("caption-side-by-side")) < MOST / 4
    assert unlikeness(drawn(PAIR), golden("caption-side-by-side")) > MOST
    only = {"chamber": CAPTIONS["chamber"]}
    assert unlikeness(drawn(PAIR, only), golden("caption-side-by-side")) > MOST


def test_another_name_is_seen() -> None:
    other = {**CAPTIONS, "a": "Pat Kim, resident, item 7"}
    assert (
        unlikeness(small(composed(None, Cast(ON_AIR[:1]), other)), golden("caption-side-by-side")) > MOST / 2
    )


def test_a_missing_signer_is_seen() -> None:
    for name, layout, cast in (
        ("layout-chamber-sign", None, Cast()),
        ("layout-grid-7-sign", LayoutName.GRID, Cast(ON_AIR)),
        ("layout-slate-sign", LayoutName.SLATE, Cast(ON_AIR[:1])),
    ):
        assert unlikeness(small(composed(layout, cast)), golden(name)) > MOST


def test_a_stretched_picture_is_seen() -> None:
    pictures = {"chamber": sight("chamber"), "a": sight("a", 640, 480)}
    stretched = {"chamber": sight("chamber"), "a": sight("a", 640, 480).reformat(640, 360)}
    one, other = (Vision(slates()).compose(PAIR, each, {}) for each in (pictures, stretched))
    assert unlikeness(small(one), small(other)) > MOST


@pytest.mark.parametrize("other", ["slate-adjourned", "slate-technical", "slate-ended", "slate-plain"])
def test_slates_are_told_apart(other: str) -> None:
    assert unlikeness(golden("slate-private"), golden(other)) > MOST


def test_another_councils_colour_or_name_is_seen() -> None:
    lost = Slates(COUNCIL, "#1d5e4b").slate
    name = Slates("Cyngor Sir Gâr", COLOUR).slate
    assert unlikeness(small(lost(LOST)), golden("slate-lost")) > MOST
    assert unlikeness(small(name(LOST)), golden("slate-lost")) > MOST
    assert unlikeness(golden("slate-starting-soon"), golden("slate-starting-now")) > MOST

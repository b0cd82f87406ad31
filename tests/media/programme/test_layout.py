import pytest

from media.control.picture import LayoutName
from media.programme.layout import Box, Cast, Tile, choose, fit, follow

TWO = ("a", "b")


@pytest.mark.parametrize(
    ("cast", "layout"),
    [
        (Cast(), LayoutName.CHAMBER),
        (Cast(TWO[:1]), LayoutName.SIDE_BY_SIDE),
        (Cast(TWO), LayoutName.GRID),
        (Cast(TWO, presentation=True), LayoutName.PRESENTATION),
        (Cast(chamber=False, presentation=True), LayoutName.PRESENTATION),
        (Cast(TWO, chamber=False), LayoutName.SPEAKER),
        (Cast(chamber=False), LayoutName.SLATE),
        (Cast(chamber=False, sign=True), LayoutName.SLATE),
        (Cast(sign=True), LayoutName.CHAMBER),
    ],
)
def test_the_layout_follows_who_is_there(cast: Cast, layout: LayoutName) -> None:
    assert follow(cast) is layout
    assert choose(None, cast) is layout


@pytest.mark.parametrize("layout", list(LayoutName))
def test_the_clerk_overrides_it(layout: LayoutName) -> None:
    assert choose(layout, Cast(TWO, presentation=True)) is layout


@pytest.mark.parametrize(
    ("layout", "cast"),
    [
        (LayoutName.CHAMBER, Cast(TWO, chamber=False)),
        (LayoutName.SPEAKER, Cast()),
        (LayoutName.CHAMBER_WITH_SPEAKER, Cast()),
        (LayoutName.SIDE_BY_SIDE, Cast(TWO, chamber=False)),
        (LayoutName.PRESENTATION, Cast(TWO)),
        (LayoutName.GRID, Cast(chamber=False)),
    ],
)
def test_an_override_with_nobody_to_show_lets_it_follow(layout: LayoutName, cast: Cast) -> None:
    assert choose(layout, cast) is follow(cast)


@pytest.mark.parametrize(
    ("width", "height", "box"),
    [
        (1920, 1080, Box(0, 0, 1280, 720)),
        (640, 480, Box(160, 0, 960, 720)),
        (720, 1280, Box(438, 0, 404, 720)),
        (2560, 1080, Box(0, 90, 1280, 540)),
        (1, 4000, Box(638, 0, 2, 720)),
    ],
)
def test_a_picture_is_letterboxed_never_stretched(width: int, height: int, box: Box) -> None:
    assert fit(width, height, Tile("x", 0, 0, 1280, 720)) == box


def test_an_inset_hugs_its_corner() -> None:
    assert fit(160, 90, Tile("x", 848, 288, 400, 400, inset=True)) == Box(848, 464, 400, 224)
    assert fit(90, 160, Tile("x", 848, 288, 400, 400, inset=True)) == Box(1024, 288, 224, 400)
    assert fit(40, 30, Tile("x", 848, 32, 400, 224, inset=True)) == Box(950, 32, 298, 224)

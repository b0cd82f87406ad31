import pytest

from media.control.studio import LayoutName
from media.programme.layout import HEIGHT, WIDTH, Box, Tile, arrange, fit

SIX = ["a", "b", "c", "d", "e", "f"]


def numbers(tiles: tuple[Tile, ...]) -> list[tuple[str, int, int, int, int]]:
    return [(tile.source, tile.x, tile.y, tile.width, tile.height) for tile in tiles]


@pytest.mark.parametrize("override", [None, *LayoutName])
def test_without_speakers_the_chamber_fills_the_picture(override: LayoutName | None) -> None:
    scene = arrange(override, [])
    assert scene.layout is LayoutName.CHAMBER
    assert numbers(scene.tiles) == [("chamber", 0, 0, 1280, 720)]


def test_one_speaker_stands_beside_the_chamber() -> None:
    scene = arrange(None, ["sam"])
    assert scene.layout is LayoutName.SIDE_BY_SIDE
    assert numbers(scene.tiles) == [("chamber", 16, 186, 616, 346), ("sam", 648, 186, 616, 346)]


def test_several_speakers_stand_in_a_column() -> None:
    assert numbers(arrange(None, SIX[:2]).tiles) == [
        ("chamber", 16, 126, 832, 468),
        ("a", 864, 128, 400, 224),
        ("b", 864, 368, 400, 224),
    ]


def test_the_speaker_layout_is_a_grid() -> None:
    assert numbers(arrange(LayoutName.SPEAKER, ["sam"]).tiles) == [("sam", 0, 0, 1280, 720)]
    assert numbers(arrange(LayoutName.SPEAKER, SIX[:3]).tiles) == [
        ("a", 16, 16, 616, 336),
        ("b", 648, 16, 616, 336),
        ("c", 16, 368, 616, 336),
    ]


def test_the_override_wins() -> None:
    assert arrange(LayoutName.CHAMBER, ["sam"]).layout is LayoutName.CHAMBER


@pytest.mark.parametrize("override", [None, *LayoutName])
@pytest.mark.parametrize("count", range(8))
def test_tiles_are_even_inside_and_apart(override: LayoutName | None, count: int) -> None:
    tiles = arrange(override, [*SIX, "g"][:count]).tiles
    for tile in tiles:
        assert all(value % 2 == 0 for value in (tile.x, tile.y, tile.width, tile.height))
        assert 0 <= tile.x <= tile.x + tile.width <= WIDTH
        assert 0 <= tile.y <= tile.y + tile.height <= HEIGHT
    for number, one in enumerate(tiles):
        for other in tiles[number + 1 :]:
            beside = one.x + one.width <= other.x or other.x + other.width <= one.x
            above = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert beside or above


@pytest.mark.parametrize(
    ("width", "height", "box"),
    [
        (1920, 1080, Box(0, 0, 1280, 720)),
        (640, 480, Box(160, 0, 960, 720)),
        (720, 1280, Box(438, 0, 404, 720)),
        (2560, 1080, Box(0, 90, 1280, 540)),
        (1, 4000, Box(640, 0, 2, 720)),
    ],
)
def test_a_picture_is_letterboxed_never_stretched(width: int, height: int, box: Box) -> None:
    assert fit(width, height, Tile("x", 0, 0, 1280, 720)) == box

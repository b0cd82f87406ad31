import pytest

from media.control.picture import LayoutName
from media.programme.arrangement import arrange
from media.programme.layout import CHAMBER, HEIGHT, PRESENTATION, SIGN, WIDTH, Cast, Tile, possible

SIX = ("a", "b", "c", "d", "e", "f")


def numbers(tiles: tuple[Tile, ...]) -> list[tuple[str, int, int, int, int]]:
    return [(tile.source, tile.x, tile.y, tile.width, tile.height) for tile in tiles]


def apart(one: Tile, other: Tile) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return beside or one.y + one.height <= other.y or other.y + other.height <= one.y


def test_without_speakers_the_chamber_fills_the_picture() -> None:
    assert numbers(arrange(None, Cast()).tiles) == [("chamber", 0, 0, 1280, 720)]


def test_one_speaker_stands_beside_the_chamber() -> None:
    assert numbers(arrange(None, Cast(("sam",))).tiles) == [
        ("chamber", 16, 186, 616, 346),
        ("sam", 648, 186, 616, 346),
    ]


def test_several_speakers_stand_in_a_column() -> None:
    assert numbers(arrange(LayoutName.SIDE_BY_SIDE, Cast(SIX[:2])).tiles) == [
        ("chamber", 16, 126, 832, 468),
        ("a", 864, 128, 400, 224),
        ("b", 864, 368, 400, 224),
    ]


def test_the_last_row_of_a_grid_stands_in_the_middle() -> None:
    assert numbers(arrange(LayoutName.GRID, Cast(SIX[:2])).tiles) == [
        ("chamber", 36, 18, 596, 334),
        ("a", 648, 18, 596, 334),
        ("b", 342, 368, 596, 334),
    ]


def test_the_grid_holds_the_chamber_and_six_speakers() -> None:
    tiles = arrange(LayoutName.GRID, Cast(SIX)).tiles
    assert [tile.source for tile in tiles] == [CHAMBER, *SIX]
    assert len({(tile.width, tile.height) for tile in tiles}) == 1


def test_a_presentation_has_the_speaker_beside_it_or_else_the_chamber() -> None:
    quiet = arrange(None, Cast(presentation=True))
    assert [tile.source for tile in quiet.tiles] == [PRESENTATION, CHAMBER]
    assert [tile.source for tile in arrange(None, Cast(SIX[:1], presentation=True)).tiles] == [
        PRESENTATION,
        "a",
    ]
    alone = arrange(None, Cast(chamber=False, presentation=True))
    assert numbers(alone.tiles) == [(PRESENTATION, 0, 0, 1280, 720)]


def test_a_slate_that_the_clerk_chose_is_not_a_loss() -> None:
    assert not arrange(LayoutName.SLATE, Cast()).lost
    assert arrange(None, Cast(chamber=False)).lost
    assert not arrange(LayoutName.SLATE, Cast(chamber=False)).lost


@pytest.mark.parametrize("layout", list(LayoutName))
@pytest.mark.parametrize("count", range(8))
@pytest.mark.parametrize("sign", [False, True])
@pytest.mark.parametrize("presentation", [False, True])
def test_every_tile_is_even_inside_and_clear_of_the_others(
    layout: LayoutName, count: int, sign: bool, presentation: bool
) -> None:
    cast = Cast((*SIX, "g")[:count], presentation=presentation, sign=sign)
    scene = arrange(layout, cast)
    assert scene.layout is layout or not possible(layout, cast)
    for tile in scene.tiles:
        assert all(value % 2 == 0 for value in (tile.x, tile.y, tile.width, tile.height))
        assert 0 <= tile.x <= tile.x + tile.width <= WIDTH
        assert 0 <= tile.y <= tile.y + tile.height <= HEIGHT
    for number, one in enumerate(scene.tiles):
        for other in scene.tiles[number + 1 :]:
            assert apart(one, other) or (other.inset and not one.inset)


@pytest.mark.parametrize("layout", [None, *LayoutName])
@pytest.mark.parametrize("count", range(7))
@pytest.mark.parametrize("presentation", [False, True])
def test_the_signer_is_in_the_lower_right_of_every_layout(
    layout: LayoutName | None, count: int, presentation: bool
) -> None:
    scene = arrange(layout, Cast(SIX[:count], presentation=presentation, sign=True))
    (signer,) = (tile for tile in scene.tiles if tile.source == SIGN)
    assert scene.tiles[-1] is signer
    assert signer.x + signer.width / 2 > WIDTH / 2
    assert signer.y + signer.height / 2 > HEIGHT / 2
    rest = [tile for tile in scene.tiles if (tile.width, tile.height) != (WIDTH, HEIGHT)]
    assert signer.x + signer.width == max(tile.x + tile.width for tile in rest)
    assert signer.y == max(tile.y for tile in rest if tile.x + tile.width > WIDTH / 2 and tile.x > 16)
    assert SIGN not in arrange(layout, Cast(SIX[:count], presentation=presentation)).sources

"""Where each source stands in the picture. Pure numbers, all even, on a canvas of 1280×720."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from media.control.studio import LayoutName

WIDTH = 1280
HEIGHT = 720
CHAMBER = "chamber"
MOST_ON_AIR = 6
_GAP = 16
_COLUMN = 400


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle of the canvas, in pixels, and the source shown in it."""

    source: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle inside a tile, in pixels of the canvas."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Scene:
    """A layout with the people in it."""

    layout: LayoutName
    tiles: tuple[Tile, ...]


def arrange(override: LayoutName | None, on_air: Sequence[str]) -> Scene:
    """The scene for who is on air. Without speakers every layout is the chamber's."""
    speakers = list(on_air)[:MOST_ON_AIR]
    layout = override or LayoutName.SIDE_BY_SIDE
    if not speakers or layout is LayoutName.CHAMBER:
        return Scene(LayoutName.CHAMBER, (Tile(CHAMBER, 0, 0, WIDTH, HEIGHT),))
    if layout is LayoutName.SPEAKER:
        return Scene(layout, _grid(speakers))
    if len(speakers) == 1:
        return Scene(layout, _pair(CHAMBER, speakers[0]))
    return Scene(layout, _chamber_and_column(speakers))


def fit(width: int, height: int, tile: Tile) -> Box:
    """The largest even rectangle of the picture's own shape in the middle of the tile."""
    if width * tile.height >= height * tile.width:
        inner_width, inner_height = tile.width, _even(tile.width * height / width)
    else:
        inner_width, inner_height = _even(tile.height * width / height), tile.height
    x = tile.x + _even((tile.width - inner_width) / 2)
    y = tile.y + _even((tile.height - inner_height) / 2)
    return Box(x, y, max(2, inner_width), max(2, inner_height))


def _grid(speakers: list[str]) -> tuple[Tile, ...]:
    if len(speakers) == 1:
        return (Tile(speakers[0], 0, 0, WIDTH, HEIGHT),)
    if len(speakers) == 2:
        return _pair(speakers[0], speakers[1])
    columns = 2 if len(speakers) <= 4 else 3
    rows = ceil(len(speakers) / columns)
    width = _even((WIDTH - (columns + 1) * _GAP) / columns)
    height = _even(min(width * 9 / 16, (HEIGHT - (rows + 1) * _GAP) / rows))
    top = _even((HEIGHT - rows * height - (rows - 1) * _GAP) / 2)
    return tuple(
        Tile(
            speaker,
            _GAP + number % columns * (width + _GAP),
            top + number // columns * (height + _GAP),
            width,
            height,
        )
        for number, speaker in enumerate(speakers)
    )


def _pair(left: str, right: str) -> tuple[Tile, ...]:
    width = _even((WIDTH - 3 * _GAP) / 2)
    height = _even(width * 9 / 16)
    y = _even((HEIGHT - height) / 2)
    return Tile(left, _GAP, y, width, height), Tile(right, 2 * _GAP + width, y, width, height)


def _chamber_and_column(speakers: list[str]) -> tuple[Tile, ...]:
    wide = WIDTH - 3 * _GAP - _COLUMN
    high = _even(wide * 9 / 16)
    count = len(speakers)
    height = _even(min(_COLUMN * 9 / 16, (HEIGHT - (count + 1) * _GAP) / count))
    top = _even((HEIGHT - count * height - (count - 1) * _GAP) / 2)
    chamber = Tile(CHAMBER, _GAP, _even((HEIGHT - high) / 2), wide, high)
    column = (
        Tile(speaker, 2 * _GAP + wide, top + number * (height + _GAP), _COLUMN, height)
        for number, speaker in enumerate(speakers)
    )
    return chamber, *column


def _even(length: float) -> int:
    return int(length) // 2 * 2

"""Which layout the programme has, and the scene that is made of it. Pure functions, no pictures."""

from dataclasses import dataclass

from media.control.picture import LayoutName

WIDTH = 1280
HEIGHT = 720
CHAMBER = "chamber"
PRESENTATION = "presentation"
SIGN = "sign"
MOST_ON_AIR = 6


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle of the canvas, in pixels, and the source shown in it."""

    source: str
    x: int
    y: int
    width: int
    height: int
    inset: bool = False
    """It lies over another tile: the picture hugs the corner instead of standing in the middle."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle inside a tile, in pixels of the canvas."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is there to be shown, now."""

    on_air: tuple[str, ...] = ()
    """The remote speakers on air, in the order in which they came."""
    chamber: bool = True
    presentation: bool = False
    sign: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """A layout with the people in it. Later tiles lie over earlier ones."""

    layout: LayoutName
    tiles: tuple[Tile, ...]
    lost: bool = False
    """The slate is there because nothing else is."""

    @property
    def sources(self) -> set[str]:
        return {tile.source for tile in self.tiles}


def follow(cast: Cast) -> LayoutName:
    """The layout that follows from who is there."""
    match cast.presentation, cast.chamber, len(cast.on_air):
        case True, _, _:
            return LayoutName.PRESENTATION
        case False, True, 0:
            return LayoutName.CHAMBER
        case False, True, 1:
            return LayoutName.SIDE_BY_SIDE
        case False, True, _:
            return LayoutName.GRID
        case False, False, 0:
            return LayoutName.SLATE
        case _:
            return LayoutName.SPEAKER


def possible(layout: LayoutName, cast: Cast) -> bool:
    """Whether there is somebody to show in this layout."""
    speaking = bool(cast.on_air)
    match layout:
        case LayoutName.CHAMBER:
            return cast.chamber
        case LayoutName.SPEAKER:
            return speaking
        case LayoutName.CHAMBER_WITH_SPEAKER | LayoutName.SIDE_BY_SIDE:
            return cast.chamber and speaking
        case LayoutName.PRESENTATION:
            return cast.presentation
        case LayoutName.GRID:
            return cast.chamber or speaking
        case LayoutName.SLATE:
            return True


def choose(override: LayoutName | None, cast: Cast) -> LayoutName:
    """What the clerk wants where that can be shown, or else what follows."""
    return override if override is not None and possible(override, cast) else follow(cast)


def fit(width: int, height: int, tile: Tile) -> Box:
    """The largest even rectangle of the picture's own shape: in the tile's middle, or the inset's corner.

    ``width`` and ``height``: any units of the shape as it is to be seen.
    """
    if width * tile.height >= height * tile.width:
        inner_width, inner_height = tile.width, even(tile.width * height / width)
    else:
        inner_width, inner_height = even(tile.height * width / height), tile.height
    inner_width, inner_height = max(2, inner_width), max(2, inner_height)
    right, down = tile.width - inner_width, tile.height - inner_height
    if not tile.inset:
        right, down = right // 2, down // 2
    elif tile.y + tile.height // 2 < HEIGHT // 2:
        down = 0
    return Box(tile.x + even(right), tile.y + even(down), inner_width, inner_height)


def even(length: float) -> int:
    """The largest even number of pixels in a length: chroma has half the pixels of luma."""
    return int(length) // 2 * 2

"""Where each source stands in the picture. Pure numbers, all even, on a canvas of 1280×720."""

from collections.abc import Sequence
from math import ceil

from media.control.picture import LayoutName
from media.programme.layout import (
    CHAMBER,
    HEIGHT,
    MOST_ON_AIR,
    PRESENTATION,
    SIGN,
    WIDTH,
    Cast,
    Scene,
    Tile,
    choose,
    even,
)

_GAP = 16
_MARGIN = 32
"""Between an inset and the edge of the picture."""
_COLUMN = 400
_SLIDE_COLUMN = 304
"""Beside a presentation, which must stay readable."""
_INSET = 400
_SIGN = 400
"""The sign language inset: 400 pixels either way, so that an interpreter filmed upright is not tiny."""


def arrange(override: LayoutName | None, cast: Cast) -> Scene:
    """The scene for who is there. An override that has nobody to show is as good as none."""
    layout = choose(override, cast)
    lost = layout is LayoutName.SLATE and override is not LayoutName.SLATE
    return Scene(layout, _tiles(layout, cast), lost)


def _tiles(layout: LayoutName, cast: Cast) -> tuple[Tile, ...]:
    speakers = list(cast.on_air)[:MOST_ON_AIR]
    chamber = [CHAMBER] if cast.chamber else []
    signer = [SIGN] if cast.sign else []
    match layout:
        case LayoutName.SLATE:
            return _sign_over(cast)
        case LayoutName.CHAMBER:
            return (_whole(CHAMBER), *_sign_over(cast))
        case LayoutName.CHAMBER_WITH_SPEAKER:
            return (_whole(CHAMBER), *_insets(speakers, cast), *_sign_over(cast))
        case LayoutName.SIDE_BY_SIDE:
            if len(speakers) == 1 and not cast.sign:
                return _pair(CHAMBER, speakers[0])
            return _beside(CHAMBER, _COLUMN, [*speakers, *signer])
        case LayoutName.PRESENTATION:
            return _beside(PRESENTATION, _SLIDE_COLUMN, [*(speakers or chamber), *signer], tall=True)
        case LayoutName.SPEAKER:
            return _grid(speakers, cast)
        case LayoutName.GRID:
            return _grid([*chamber, *speakers], cast)


def _whole(source: str) -> Tile:
    return Tile(source, 0, 0, WIDTH, HEIGHT)


def _sign_over(cast: Cast) -> tuple[Tile, ...]:
    if not cast.sign:
        return ()
    return (Tile(SIGN, WIDTH - _MARGIN - _SIGN, HEIGHT - _MARGIN - _SIGN, _SIGN, _SIGN, inset=True),)


def _insets(speakers: list[str], cast: Cast) -> tuple[Tile, ...]:
    """One stands in the lower right corner, which they leave to the signer; several in a row at the top."""
    count = len(speakers)
    room = (WIDTH - 2 * _MARGIN - (count - 1) * _GAP) / count
    width = even(min(room, _INSET if count == 1 else 0.72 * _INSET))
    height = even(width * 9 / 16)
    y = HEIGHT - _MARGIN - height if count == 1 and not cast.sign else _MARGIN
    first = WIDTH - _MARGIN - count * width - (count - 1) * _GAP
    return tuple(
        Tile(speaker, first + number * (width + _GAP), y, width, height, inset=True)
        for number, speaker in enumerate(speakers)
    )


def _pair(left: str, right: str) -> tuple[Tile, ...]:
    width = even((WIDTH - 3 * _GAP) / 2)
    height = even(width * 9 / 16)
    y = even((HEIGHT - height) / 2)
    return Tile(left, _GAP, y, width, height), Tile(right, 2 * _GAP + width, y, width, height)


def _beside(main: str, column: int, others: Sequence[str], *, tall: bool = False) -> tuple[Tile, ...]:
    """One large picture and a column of small ones, both in the middle of the height.

    ``tall``: the large one has all the height, as slides in 4:3 need it. The signer, last, has more height
    than the others where there is room.
    """
    if not others:
        return (_whole(main),)
    wide = WIDTH - 3 * _GAP - column
    high = HEIGHT - 2 * _GAP if tall else even(wide * 9 / 16)
    heights = _heights(column, others)
    y = even((HEIGHT - sum(heights) - (len(heights) - 1) * _GAP) / 2)
    tiles = [Tile(main, _GAP, even((HEIGHT - high) / 2), wide, high)]
    for other, height in zip(others, heights, strict=True):
        tiles.append(Tile(other, 2 * _GAP + wide, y, column, height))
        y += height + _GAP
    return tuple(tiles)


def _heights(column: int, others: Sequence[str]) -> list[int]:
    count = len(others)
    share = even(min(column * 9 / 16, (HEIGHT - (count + 1) * _GAP) / count))
    left = HEIGHT - 2 * _GAP - (count - 1) * (share + _GAP)
    last = max(share, even(min(column * 3 / 4, left))) if others[-1] == SIGN else share
    return [share] * (count - 1) + [last]


def _grid(sources: list[str], cast: Cast) -> tuple[Tile, ...]:
    """Equal cells; the signer has the lower right one, and the last row stands in the middle without them."""
    if len(sources) == 1:
        return (_whole(sources[0]), *_sign_over(cast))
    if len(sources) == 2 and not cast.sign:
        return _pair(sources[0], sources[1])
    count = len(sources) + cast.sign
    columns = 2 if count <= 4 else 3
    rows = ceil(count / columns)
    height = (HEIGHT - (rows + 1) * _GAP) / rows
    width = even(min((WIDTH - (columns + 1) * _GAP) / columns, height * 16 / 9))
    height = even(width * 9 / 16)
    top = even((HEIGHT - rows * height - (rows - 1) * _GAP) / 2)

    def cell(source: str, row: int, column: int, of: int) -> Tile:
        left = even((WIDTH - of * width - (of - 1) * _GAP) / 2)
        return Tile(source, left + column * (width + _GAP), top + row * (height + _GAP), width, height)

    last = len(sources) - (rows - 1) * columns
    cells = [
        cell(source, *divmod(number, columns), columns if cast.sign or number // columns < rows - 1 else last)
        for number, source in enumerate(sources)
    ]
    if cast.sign:
        cells.append(cell(SIGN, rows - 1, columns - 1, columns))
    return tuple(cells)

"""Name captions: a plate with the council's colour at its left, rendered once and kept."""

from collections import OrderedDict
from math import ceil

import av
import structlog
from PIL import Image, ImageDraw

from media.programme.layout import Box, Tile, even
from media.programme.lettering import break_lines, font
from media.programme.picture import from_image

log = structlog.get_logger(__name__)

MOST_KEPT = 64
_PLATE = "#0b0c0c"
_NAME = "#ffffff"
_ROLE = "#d9dcde"
_LIGHT = 220
_WIDE = 800
"""From this width of the tile on, the role has a line of its own."""


class Captions:
    """Draws and keeps captions. Not thread-safe: one for each thread that composes.

    ``colour``: the council's, red, green and blue. Drawing one takes about 2 ms, finding one nothing.
    """

    def __init__(self, colour: tuple[int, int, int]) -> None:
        self._colour = _lit(colour)
        self._kept: OrderedDict[tuple[str, int, bool], av.VideoFrame | None] = OrderedDict()

    def caption(self, text: str, tile: Tile, room: int) -> av.VideoFrame | None:
        """The plate for a tile, at most ``room`` pixels wide; ``None`` when there is nothing to draw."""
        large = tile.width >= _WIDE
        key = (text, room, large)
        if key not in self._kept:
            self._kept[key] = self._try(text, room, large=large)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _try(self, text: str, room: int, *, large: bool) -> av.VideoFrame | None:
        name, _, role = (part.strip() for part in text.partition(","))
        if not name or room < 64:
            return None
        try:
            return from_image(self._two_lines(name, role, room) if large else self._one(name, role, room))
        except (OSError, ValueError, MemoryError, av.error.FFmpegError) as error:
            log.error("caption_not_drawn", error=repr(error))
            return None

    def _two_lines(self, name: str, role: str, room: int) -> Image.Image:
        bold, plain, bar, pad = font(34, bold=True), font(25), 12, 22
        names = break_lines(name, bold, room - bar - 2 * pad, 1)
        roles = break_lines(role, plain, room - bar - 2 * pad, 1)
        width = max([bold.getlength(line) for line in names] + [plain.getlength(line) for line in roles])
        image, draw = self._plate(ceil(width) + bar + 2 * pad, 104 if roles else 68, bar)
        draw.text((bar + pad, 46 if roles else 47), names[0], font=bold, fill=_NAME, anchor="ls")
        if roles:
            draw.text((bar + pad, 84), roles[0], font=plain, fill=_ROLE, anchor="ls")
        return image

    def _one(self, name: str, role: str, room: int) -> Image.Image:
        bold, plain, bar, pad = font(19, bold=True), font(17), 6, 12
        names = break_lines(name, bold, room - bar - 2 * pad, 1)
        taken = ceil(bold.getlength(names[0]))
        left = room - bar - 2 * pad - taken - 10
        roles = break_lines(role, plain, left, 1) if left > 60 else []
        width = taken + (10 + ceil(plain.getlength(roles[0])) if roles else 0)
        image, draw = self._plate(width + bar + 2 * pad, 36, bar)
        draw.text((bar + pad, 25), names[0], font=bold, fill=_NAME, anchor="ls")
        if roles:
            draw.text((bar + pad + taken + 10, 25), roles[0], font=plain, fill=_ROLE, anchor="ls")
        return image

    def _plate(self, width: int, height: int, bar: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        image = Image.new("RGB", (even(width + 1), height), _PLATE)
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, 0, bar - 1, height), fill=self._colour)
        return image, draw


def _lit(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    """The colour, made light enough to be seen beside the plate."""
    missing = max(0, _LIGHT - max(colour)) / 255
    red, green, blue = (round(value + (255 - value) * missing) for value in colour)
    return red, green, blue


def place(tile: Tile, box: Box, tiles: tuple[Tile, ...]) -> Box:
    """Where a tile's caption may be: along the lower edge of its picture, clear of what lies over the tile.

    ``height`` is meaningless; ``y`` is where the plate ends.
    """
    large = tile.width >= _WIDE
    margin, lift, high = (48, 48, 104) if large else (0, 0, 36)
    bottom = box.y + box.height - lift
    left = (tile.x if large else box.x) + margin
    right = tile.x + tile.width - margin
    for other in tiles:
        over = other.inset and other is not tile
        if over and other.y < bottom and other.y + other.height > bottom - high and other.x > left:
            right = min(right, other.x - 24)
    return Box(left, bottom, max(0, right - left), 0)

"""Slates: what the public see instead of the meeting, in the council's colour, with the true reason."""

import threading
from collections import OrderedDict
from collections.abc import Callable

import av
import structlog
from PIL import Image, ImageColor, ImageDraw

from media.control.studio import SlateText
from media.programme.layout import HEIGHT, WIDTH
from media.programme.lettering import break_lines, font
from media.programme.picture import blank, from_image

log = structlog.get_logger(__name__)

LOST = SlateText(
    title="We have lost the picture from the chamber",
    lines=["The meeting has not ended.", "The picture will return as soon as the feed does."],
)
MOST_KEPT = 32
_MARGIN = 96
_TITLE = 60
_LINE = 36
_COUNCIL = 28
_DARK = "#23282d"


class Slates:
    """Draws and keeps slates and placards. Thread-safe. Drawing one takes about 20 ms, finding one nothing.

    Raises ``ValueError`` when the colour is none that CSS knows.
    """

    def __init__(self, council: str, colour: str) -> None:
        self._council = council
        self._colour = ImageColor.getrgb(colour)[:3]
        self._plain = from_image(Image.new("RGB", (WIDTH, HEIGHT), self._colour))
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[object, ...], av.VideoFrame] = OrderedDict()

    def slate(self, text: SlateText) -> av.VideoFrame:
        """The whole picture, 1280×720. When it cannot be drawn: the council's colour without words."""
        key = ("slate", text.title, *text.lines)
        return self._find(key, lambda: from_image(self._draw_slate(text)), lambda: self._plain)

    def placard(self, label: str, width: int, height: int) -> av.VideoFrame:
        """A name in a tile of even size, in place of a camera that is off."""
        return self._find(
            ("placard", label, width, height),
            lambda: from_image(_draw_placard(label, width, height)),
            lambda: blank(width, height),
        )

    def _find(
        self,
        key: tuple[object, ...],
        draw: Callable[[], av.VideoFrame],
        plain: Callable[[], av.VideoFrame],
    ) -> av.VideoFrame:
        with self._lock:
            frame = self._kept.get(key)
            if frame is None:
                frame = self._try(draw, plain)
                self._kept[key] = frame
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return frame

    @staticmethod
    def _try(draw: Callable[[], av.VideoFrame], plain: Callable[[], av.VideoFrame]) -> av.VideoFrame:
        try:
            return draw()
        except (OSError, ValueError, MemoryError, av.error.FFmpegError) as error:
            log.error("slate_not_drawn", error=repr(error))
            return plain()

    def _draw_slate(self, text: SlateText) -> Image.Image:
        image = Image.new("RGB", (WIDTH, HEIGHT), self._colour)
        draw = ImageDraw.Draw(image)
        ink = _ink_on(self._colour)
        room = WIDTH - 2 * _MARGIN
        title, body, council = font(_TITLE, bold=True), font(_LINE), font(_COUNCIL, bold=True)
        words = break_lines(text.title, title, room, 3)
        lines = [part for line in text.lines[:6] for part in break_lines(line, body, room, 3)][:7]
        height = len(words) * int(_TITLE * 1.25) + _LINE + len(lines) * int(_LINE * 1.45)
        y = max(_MARGIN, (HEIGHT - height) // 2)
        draw.rectangle((_MARGIN, y - 40, _MARGIN + 120, y - 30), fill=ink)
        for word in words:
            draw.text((_MARGIN, y), word, font=title, fill=ink)
            y += int(_TITLE * 1.25)
        y += _LINE // 2
        for line in lines:
            draw.text((_MARGIN, y), line, font=body, fill=ink)
            y += int(_LINE * 1.45)
        name = break_lines(self._council, council, room, 1)[0]
        draw.text((_MARGIN, HEIGHT - _MARGIN + 20), name, font=council, fill=ink)
        return image


def _draw_placard(label: str, width: int, height: int) -> Image.Image:
    image = Image.new("RGB", (width, height), _DARK)
    face = font(max(14, height // 11))
    lines = break_lines(label, face, width - 24, 2)
    y = (height - int(len(lines) * face.size * 1.3)) // 2
    for line in lines:
        x = (width - face.getlength(line)) // 2
        ImageDraw.Draw(image).text((x, y), line, font=face, fill="white")
        y += int(face.size * 1.3)
    return image


def _ink_on(colour: tuple[int, ...]) -> str:
    """White or black, whichever has the better contrast (WCAG 2.2, relative luminance)."""
    channels = [value / 255 for value in colour]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if luminance < 0.179 else "black"

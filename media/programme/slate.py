"""Slates: what the public see instead of the meeting, in the council's colour, with the true reason."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, TypeAlias

import av
import structlog
from PIL import Image, ImageColor, ImageDraw

from media.clock import Clock, SystemClock
from media.control.studio import SlateText
from media.programme.countdown import countdown
from media.programme.emblem import SIZE, emblem
from media.programme.layout import HEIGHT, WIDTH, even
from media.programme.lettering import break_lines, font
from media.programme.picture import blank, copy, from_image, paste, to_yuv

log = structlog.get_logger(__name__)

Colour: TypeAlias = tuple[int, int, int]
LOST = SlateText(
    title="We have lost the picture from the chamber",
    lines=["The meeting has not ended.", "The picture will return as soon as the feed does."],
    kind="technical",
)
PAUSED = SlateText(title="The picture will be back shortly", lines=["The meeting goes on."], kind="adjourned")
MOST_KEPT = 32
_MARGIN: Final = 96
_TITLE: Final = 60
_LINE: Final = 36
_COUNCIL: Final = 28
_COUNT: Final = 96
_FOOTER: Final = 92
_COUNT_TOP: Final = HEIGHT - _FOOTER - 40 - even(_COUNT * 1.2)
_DARK = "#23282d"


class Slates:
    """Draws and keeps slates and placards. Thread-safe. Drawing one takes about 20 ms, finding one nothing.

    ``clock``: what a countdown goes by. Raises ``ValueError`` when the colour is none that CSS knows.
    """

    def __init__(self, council: str, colour: str, clock: Clock | None = None) -> None:
        self._council = council
        red, green, blue = ImageColor.getrgb(colour)[:3]
        self.colour: Colour = (red, green, blue)
        self.backdrop = to_yuv(_darker(self.colour, 0.3))
        """Y, U and V of the ground behind tiles."""
        self._clock = clock if clock is not None else SystemClock()
        self._plain = from_image(Image.new("RGB", (WIDTH, HEIGHT), self.colour))
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[object, ...], av.VideoFrame] = OrderedDict()

    def slate(self, text: SlateText, clear: int = 0) -> av.VideoFrame:
        """The whole picture, 1280×720, as of now. When it cannot be drawn: the council's colour, no words.

        ``clear``: pixels at the right that are kept free of words.
        """
        counting = text.kind == "starting" and text.until_ms is not None
        key = ("slate", clear, text.kind, counting, text.title, *text.lines)
        ground = self._find(key, lambda: from_image(self._draw_slate(text, clear)), lambda: self._plain)
        if not counting or text.until_ms is None:
            return ground
        left = countdown(text.until_ms, self._clock.wall())
        return self._find((*key, left), lambda: self._with_countdown(ground, left), lambda: ground)

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

    def _draw_slate(self, text: SlateText, clear: int) -> Image.Image:
        image = Image.new("RGB", (WIDTH, HEIGHT), self.colour)
        draw = ImageDraw.Draw(image)
        ink = _ink_on(self.colour)
        self._draw_footer(draw)
        room = WIDTH - 2 * _MARGIN - max(0, clear - _MARGIN // 2)
        title, body = font(_TITLE, bold=True), font(_LINE)
        words = break_lines(text.title, title, room, 3)
        counting = text.kind == "starting" and text.until_ms is not None
        floor = _COUNT_TOP - 16 if counting else HEIGHT - _FOOTER - 40
        sign = SIZE + 28 if text.kind is not None else 0
        height = sign + len(words) * int(_TITLE * 1.25) + _LINE // 2
        most = max(1, (floor - 56 - height) // int(_LINE * 1.45))
        lines = [part for line in text.lines[:6] for part in break_lines(line, body, room, 3)][:most]
        y = max(56, (floor - height - len(lines) * int(_LINE * 1.45)) // 2)
        if text.kind is not None:
            image.paste(Image.new("RGB", (SIZE, SIZE), ink), (_MARGIN, y), emblem(text.kind))
            y += sign
        for word in words:
            draw.text((_MARGIN, y), word, font=title, fill=ink)
            y += int(_TITLE * 1.25)
        y += _LINE // 2
        for line in lines:
            draw.text((_MARGIN, y), line, font=body, fill=ink)
            y += int(_LINE * 1.45)
        return image

    def _draw_footer(self, draw: ImageDraw.ImageDraw) -> None:
        ground = _darker(self.colour, 0.72)
        draw.rectangle((0, HEIGHT - _FOOTER, WIDTH, HEIGHT), fill=ground)
        face = font(_COUNCIL, bold=True)
        name = break_lines(self._council, face, WIDTH - 2 * _MARGIN, 1)
        where = (_MARGIN, HEIGHT - _FOOTER // 2 - 1)
        draw.text(where, name[0] if name else "", font=face, fill=_ink_on(ground), anchor="lm")

    def _with_countdown(self, ground: av.VideoFrame, left: str) -> av.VideoFrame:
        """Only the figures are drawn anew: a whole slate would take a good part of a tick."""
        made = copy(ground)
        if left:
            face = font(_COUNT, bold=True)
            size = (even(face.getlength(left) + 9), even(_COUNT * 1.2))
            image = Image.new("RGB", size, self.colour)
            middle = (0, size[1] // 2)
            ImageDraw.Draw(image).text(middle, left, font=face, fill=_ink_on(self.colour), anchor="lm")
            paste(from_image(image), made, _MARGIN - 4, _COUNT_TOP)
        return made


def _draw_placard(label: str, width: int, height: int) -> Image.Image:
    image = Image.new("RGB", (width, height), _DARK)
    face = font(max(14, min(height // 9, width // 16)))
    lines = break_lines(label, face, width - 24, 2)
    y = (height - int(len(lines) * face.size * 1.3)) // 2
    for line in lines:
        x = (width - face.getlength(line)) // 2
        ImageDraw.Draw(image).text((x, y), line, font=face, fill="white")
        y += int(face.size * 1.3)
    return image


def _darker(colour: Colour, share: float) -> Colour:
    red, green, blue = (round(value * share) for value in colour)
    return red, green, blue


def _ink_on(colour: Colour) -> str:
    """White or black, whichever has the better contrast (WCAG 2.2, relative luminance)."""
    channels = [value / 255 for value in colour]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if luminance < 0.179 else "black"

"""Text on pictures: fonts that cover Welsh, line breaking, what is cut off when there is too much of it."""

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

_FONTS = Path(__file__).parent / "fonts"
ELLIPSIS = "…"


@lru_cache(maxsize=64)
def font(size: int, *, bold: bool = False) -> FreeTypeFont:
    """DejaVu Sans of the given size in pixels. Pillow's own font lacks every accented letter."""
    file = _FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
    # The basic engine draws the same on every machine; the other is there only where its library is.
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


def break_lines(text: str, face: FreeTypeFont, width: int, most: int) -> list[str]:
    """Break a text into at most ``most`` lines of at most ``width`` pixels; the rest becomes an ellipsis."""
    words = " ".join(text[:1000].split()).split(" ")
    lines: list[str] = []
    line = ""
    for word in words:
        candidate = f"{line} {word}" if line else word
        if not line or face.getlength(candidate) <= width:
            line = candidate
            continue
        lines.append(line)
        line = word
        if len(lines) == most:
            lines[-1] += ELLIPSIS
            line = ""
            break
    if line:
        lines.append(line)
    return [_shorten(each, face, width) for each in lines]


def _shorten(line: str, face: FreeTypeFont, width: int) -> str:
    if face.getlength(line) <= width:
        return line
    keep = line.removesuffix(ELLIPSIS)
    while keep and face.getlength(keep + ELLIPSIS) > width:
        keep = keep[:-1]
    return keep.rstrip() + ELLIPSIS

"""The signs on the slates, drawn as masks: a clock, a pause, a lock, a warning, a tick."""

from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw

from media.control.studio import SlateKind

SIZE = 88
_FINE: Final = 4
"""Drawn four times as large and then made small, for smooth edges."""


@lru_cache(maxsize=8)
def emblem(kind: SlateKind) -> Image.Image:
    """The sign as a mask (mode L) of 88×88 pixels, for ink of any colour."""
    side = SIZE * _FINE
    image = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(image)
    line = 7 * _FINE
    if kind == "technical":
        _warning(draw, line)
    else:
        draw.ellipse((line // 2, line // 2, side - line // 2, side - line // 2), outline=255, width=line)
        _INSIDES[kind](draw, line)
    return image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def _at(*points: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x * _FINE, y * _FINE) for x, y in points]


def _clock(draw: ImageDraw.ImageDraw, line: int) -> None:
    draw.line(_at((44, 22), (44, 46), (60, 54)), fill=255, width=line, joint="curve")


def _pause(draw: ImageDraw.ImageDraw, line: int) -> None:
    for left in (30, 48):
        draw.rectangle([*_at((left, 28))[0], *_at((left + 10, 60))[0]], fill=255)


def _lock(draw: ImageDraw.ImageDraw, line: int) -> None:
    draw.arc([*_at((33, 20))[0], *_at((55, 46))[0]], 180, 360, fill=255, width=line)
    for left in (33, 55 - 7):
        draw.rectangle([*_at((left, 32))[0], *_at((left + 6.75, 44))[0]], fill=255)
    draw.rounded_rectangle([*_at((27, 40))[0], *_at((61, 64))[0]], radius=3 * _FINE, fill=255)


def _tick(draw: ImageDraw.ImageDraw, line: int) -> None:
    draw.line(_at((26, 46), (39, 59), (63, 32)), fill=255, width=line, joint="curve")


def _warning(draw: ImageDraw.ImageDraw, line: int) -> None:
    draw.polygon(_at((44, 6), (86, 80), (2, 80)), fill=255)
    draw.rounded_rectangle([*_at((40, 32))[0], *_at((48, 57))[0]], radius=3 * _FINE, fill=0)
    draw.ellipse([*_at((39.5, 62))[0], *_at((48.5, 71))[0]], fill=0)


_INSIDES = {"starting": _clock, "adjourned": _pause, "private": _lock, "ended": _tick}

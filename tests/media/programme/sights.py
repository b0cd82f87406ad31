"""Sources to look at: each of its own colour and letter, with a circle that shows any stretching."""

import av
from PIL import Image, ImageDraw

from media.programme.lettering import font
from media.programme.picture import from_image

COLOURS = {
    "chamber": "#7a8f3c",
    "presentation": "#f2efe6",
    "sign": "#3c6e8f",
    "a": "#8f3c3c",
    "b": "#3c8f6e",
    "c": "#6e3c8f",
    "d": "#8f6e3c",
    "e": "#3c3c8f",
    "f": "#8f3c6e",
}


def sight(source: str, width: int = 1280, height: int = 720) -> av.VideoFrame:
    """The picture of a source in any shape."""
    image = Image.new("RGB", (width, height), COLOURS[source])
    draw = ImageDraw.Draw(image)
    ink = "#222222" if source == "presentation" else "#ffffff"
    size = min(width, height)
    line = max(2, size // 60)
    draw.rectangle((line, line, width - 1 - line, height - 1 - line), outline=ink, width=line)
    reach = size * 0.36
    draw.ellipse(
        (width / 2 - reach, height / 2 - reach, width / 2 + reach, height / 2 + reach),
        outline=ink,
        width=line,
    )
    face = font(size // 3, bold=True)
    draw.text((width / 2, height / 2), source[:1].upper(), font=face, fill=ink, anchor="mm")
    return from_image(image)

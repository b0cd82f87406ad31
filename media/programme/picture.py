"""Pictures as planes: 8-bit YUV 4:2:0, BT.709, limited range."""

import io
from typing import Final, TypeAlias

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from numpy.typing import NDArray
from PIL import Image

Plane: TypeAlias = NDArray[np.uint8]
FORMAT = "yuv420p"
BLACK = (16, 128, 128)
JPEG_QUALITY = 80
HD_LINES = 720
"""Pictures that do not say their colours are BT.709 from this height on, BT.601 below, as in browsers."""
BT709: Final = 1
_BT601: Final = 5
MATRICES: Final = frozenset({BT709, 4, _BT601, 6, 7, 9})
"""The matrices of ITU-T H.273 table 4 that swscale knows."""


def blank(width: int, height: int, colour: tuple[int, int, int] = BLACK) -> av.VideoFrame:
    """A picture of one colour, given as Y, U and V."""
    frame = av.VideoFrame(width, height, FORMAT)
    for plane, value in zip(planes(frame), colour, strict=True):
        plane[:] = value
    return frame


def planes(frame: av.VideoFrame) -> tuple[Plane, Plane, Plane]:
    """Views of the Y, U and V planes of a 4:2:0 frame, shapes (height, width) and twice half of both."""
    views = []
    for plane in frame.planes:
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        views.append(rows[: plane.height, : plane.width])
    y, u, v = views
    return y, u, v


def copy(frame: av.VideoFrame) -> av.VideoFrame:
    """A copy with planes of its own."""
    made = av.VideoFrame(frame.width, frame.height, FORMAT)
    paste(frame, made, 0, 0)
    return made


def paste(frame: av.VideoFrame, canvas: av.VideoFrame, x: int, y: int) -> None:
    """Copy a 4:2:0 frame onto a canvas that has room for it at even ``x`` and ``y``."""
    for number, (source, target) in enumerate(zip(planes(frame), planes(canvas), strict=True)):
        shift = 1 if number else 0
        left, top = x >> shift, y >> shift
        target[top : top + source.shape[0], left : left + source.shape[1]] = source


def fill(
    canvas: av.VideoFrame, x: int, y: int, width: int, height: int, colour: tuple[int, int, int]
) -> None:
    """Fill an even rectangle of a canvas with Y, U and V."""
    for number, (plane, value) in enumerate(zip(planes(canvas), colour, strict=True)):
        shift = 1 if number else 0
        plane[y >> shift : (y + height) >> shift, x >> shift : (x + width) >> shift] = value


def dissolve(before: av.VideoFrame, after: av.VideoFrame, share: float) -> av.VideoFrame:
    """A linear mix of two pictures of one size; ``share`` of the second, 0 to 1, in steps of 1/256."""
    weight = np.uint16(round(min(1.0, max(0.0, share)) * 256))
    made = av.VideoFrame(after.width, after.height, FORMAT)
    for one, other, target in zip(planes(before), planes(after), planes(made), strict=True):
        mixed = one * (np.uint16(256) - weight)
        mixed += other * weight
        mixed += np.uint16(128)
        mixed >>= np.uint16(8)
        target[:] = mixed
    return made


def fits(frame: av.VideoFrame, width: int, height: int) -> bool:
    """Whether the frame can be pasted as it is."""
    return (
        frame.width == width
        and frame.height == height
        and frame.format.name == FORMAT
        and frame.color_range != ColorRange.JPEG
        and colours(frame) == BT709
    )


def scale(frame: av.VideoFrame, width: int, height: int, reformatter: VideoReformatter) -> av.VideoFrame:
    """The frame at another size, as 4:2:0 in BT.709, limited range.

    What shrinks is averaged over areas: as good as a triangle there, for three quarters of the work.

    Raises ``av.error.FFmpegError``, ``ValueError``.
    """
    return reformatter.reformat(
        frame,
        width=width,
        height=height,
        format=FORMAT,
        src_colorspace=colours(frame),
        dst_colorspace=Colorspace.ITU709,
        interpolation="AREA" if width <= frame.width and height <= frame.height else "BILINEAR",
        dst_color_range=ColorRange.MPEG,
        threads=1,
    )


def from_image(image: Image.Image) -> av.VideoFrame:
    """An RGB image as a frame."""
    return av.VideoFrame.from_ndarray(np.asarray(image), "rgb24").reformat(
        format=FORMAT, dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
    )


def to_yuv(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    """Red, green and blue of 0 to 255 as Y, U and V (ITU-R BT.709-6, limited range)."""
    red, green, blue = (value / 255 for value in colour)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return (
        round(16 + 219 * luma),
        round(128 + 224 * (blue - luma) / 1.8556),
        round(128 + 224 * (red - luma) / 1.5748),
    )


def to_image(frame: av.VideoFrame, width: int, height: int) -> Image.Image:
    """A frame of ours as an RGB image."""
    rgb = frame.reformat(width=width, height=height, format="rgb24", src_colorspace=colours(frame))
    return Image.fromarray(rgb.to_ndarray())


def to_jpeg(frame: av.VideoFrame, width: int) -> tuple[bytes, int, int]:
    """A still of the given width at most, with its own width and height."""
    width = max(2, min(width, frame.width))
    height = max(2, round(frame.height * width / frame.width))
    file = io.BytesIO()
    to_image(frame, width, height).save(file, "JPEG", quality=JPEG_QUALITY)
    return file.getvalue(), width, height


def colours(frame: av.VideoFrame) -> int:
    """The matrix of a frame's colours, by number (ITU-T H.273 table 4)."""
    said = int(frame.colorspace)
    if said in MATRICES:
        return said
    return BT709 if frame.height >= HD_LINES else _BT601

"""Pictures as planes: 8-bit YUV 4:2:0, BT.709, limited range."""

import io
from typing import TypeAlias

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from numpy.typing import NDArray
from PIL import Image

Plane: TypeAlias = NDArray[np.uint8]
FORMAT = "yuv420p"
BLACK = (16, 128, 128)
JPEG_QUALITY = 80


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


def fits(frame: av.VideoFrame, width: int, height: int) -> bool:
    """Whether the frame can be pasted as it is."""
    return (
        frame.width == width
        and frame.height == height
        and frame.format.name == FORMAT
        and frame.color_range != ColorRange.JPEG
    )


def scale(frame: av.VideoFrame, width: int, height: int, reformatter: VideoReformatter) -> av.VideoFrame:
    """The frame at another size, 4:2:0, limited range. Raises ``av.error.FFmpegError``, ``ValueError``."""
    return reformatter.reformat(
        frame,
        width=width,
        height=height,
        format=FORMAT,
        interpolation="BILINEAR",
        dst_color_range=ColorRange.MPEG,
        threads=1,
    )


def from_image(image: Image.Image) -> av.VideoFrame:
    """An RGB image as a frame."""
    return av.VideoFrame.from_ndarray(np.asarray(image), "rgb24").reformat(
        format=FORMAT, dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
    )


def to_jpeg(frame: av.VideoFrame, width: int) -> tuple[bytes, int, int]:
    """A still of the given width at most, with its own width and height."""
    width = max(2, min(width, frame.width))
    height = max(2, round(frame.height * width / frame.width))
    rgb = frame.reformat(width=width, height=height, format="rgb24", src_colorspace=Colorspace.ITU709)
    file = io.BytesIO()
    Image.fromarray(rgb.to_ndarray()).save(file, "JPEG", quality=JPEG_QUALITY)
    return file.getvalue(), width, height

"""``python -m media.sources.pages``: renders the pages of one PDF, in a process of its own.

A PDF is a program written by a stranger. ``check`` reads one from its standard input and says in JSON how
many pages it has, or in a sentence what is wrong with it. ``show HANDOVER RING`` renders the pages that it is
asked for, each on a canvas of 1280×720, into the studio's ring, until the studio hangs up.
"""

import json
import math
import os
import socket
import sys

import av
import numpy as np
import pypdfium2
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

from media.sources.handover import NO_TIME, PAGE_REQUEST, Over, PictureAt, pack
from media.sources.limits import MEGABYTE, CpuAllowance, confine
from media.sources.ring import Ring

WIDTH, HEIGHT = 1280, 720
MEMORY = 1024 * MEGABYTE
CPU_SECONDS = 10
"""Processor time that one page may take."""
MOST_PAGES = 300
MOST_BYTES = 50 * MEGABYTE
_PASSWORD = 4
_SURROUND = 32


class Unreadable(Exception):  # noqa: N818  what is wrong with a document, not with us
    """The document is not taken; the message is a sentence."""


def open_document(fd: int) -> pypdfium2.PdfDocument:
    """The PDF in an open file. Raises ``Unreadable``."""
    with open(fd, "rb", closefd=False) as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Unreadable(f"The PDF is larger than {MOST_BYTES // MEGABYTE} MB.")
    if b"%PDF-" not in data[:1024]:
        raise Unreadable("This is not a PDF. Save the presentation as a PDF and upload that.")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise Unreadable("The PDF is protected by a password. Save it without one.") from error
        raise Unreadable("The PDF cannot be read: it is damaged. Save it again and upload that.") from error
    if not 1 <= len(document) <= MOST_PAGES:
        raise Unreadable(f"The PDF has {len(document)} pages; 1 to {MOST_PAGES} are taken.")
    return document


def render(document: pypdfium2.PdfDocument, number: int) -> av.VideoFrame:
    """Page ``number``, from 1, in the middle of a dark canvas. Raises ``Unreadable``."""
    canvas = np.full((HEIGHT, WIDTH, 3), _SURROUND, np.uint8)
    try:
        page = document[number - 1]
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            raise Unreadable(f"Page {number} of the PDF has no size.")
        picture = _rgb(page, min(WIDTH / width, HEIGHT / height))
    except (pypdfium2.PdfiumError, IndexError, ValueError, MemoryError) as error:
        raise Unreadable(f"Page {number} of the PDF cannot be read.") from error
    rows, columns = picture.shape[:2]
    top, left = (HEIGHT - rows) // 2, (WIDTH - columns) // 2
    canvas[top : top + rows, left : left + columns] = picture
    return av.VideoFrame.from_ndarray(canvas, "rgb24").reformat(
        format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
    )


def _rgb(page: pypdfium2.PdfPage, scale: float) -> NDArray[np.uint8]:
    bitmap = page.render(scale=scale, rev_byteorder=True, fill_color=(255, 255, 255, 255))
    pixels: NDArray[np.uint8] = bitmap.to_numpy()
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, None], 3, axis=2)
    return pixels[:HEIGHT, :WIDTH, :3]


def check() -> None:
    """Whether the PDF can be shown, on standard output."""
    try:
        document = open_document(0)
        render(document, 1)
        said: dict[str, object] = {"pages": len(document)}
    except Unreadable as error:
        said = {"sentence": str(error)}
    except MemoryError:
        said = {"sentence": "The PDF needs too much memory to be shown."}
    sys.stdout.write(json.dumps(said))


def show(connection: socket.socket, ring: Ring, allowance: CpuAllowance) -> None:
    """Render what is asked for, until nobody asks any more. Returns early when the document is of no use."""
    request = connection.recv(PAGE_REQUEST.size)
    try:
        document = open_document(0)
        while request:
            allowance.renew()
            slot = ring.put(render(document, PAGE_REQUEST.unpack(request)[0]))
            if slot is None:
                raise Unreadable("The studio holds too many pages at once.")
            connection.send(pack(PictureAt(slot, WIDTH, HEIGHT, NO_TIME, math.nan)))
            request = connection.recv(PAGE_REQUEST.size)
    except Unreadable as error:
        connection.send(pack(Over(True, str(error))))


def main() -> int:
    """Do what the arguments say."""
    confine(MEMORY)
    allowance = CpuAllowance(CPU_SECONDS)
    match sys.argv[1:]:
        case ["check"]:
            check()
        case ["show", handover, ring]:
            with socket.socket(fileno=int(handover)) as connection:
                show(connection, Ring(int(ring)), allowance)
        case _:
            sys.stderr.write("usage: python -m media.sources.pages check | show HANDOVER RING\n")
            return 2
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # PDFium's own clean-up of a broken document is one more thing that could go wrong.
    os._exit(status)

"""The studio's end of the process that renders the pages of a PDF."""

import socket
import subprocess
import sys
from pathlib import Path

import av

from media.sources.handover import LARGEST, PAGE_REQUEST, NotUnderstood, Over, PictureAt, unpack
from media.sources.ring import Ring

PAGE_SECONDS = 15.0
"""A page that takes longer is given up, and the process with it."""


class NotRendered(Exception):  # noqa: N818  an answer, not a fault
    """There is no picture of this page; the message is a sentence. The renderer is of no use any more."""


class Renderer:
    """One child process for one document. Blocks; not thread-safe."""

    def __init__(self, document: Path) -> None:
        """Start the child. Raises ``OSError`` when the document is not there."""
        self.document = document
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._connection = ours
        self._ring = Ring.create()
        self._connection.settimeout(PAGE_SECONDS)
        descriptors = (theirs.fileno(), self._ring.fd)
        with theirs, document.open("rb") as file:
            self._child = subprocess.Popen(  # noqa: S603  our own interpreter and module
                [sys.executable, "-m", "media.sources.pages", "show", *map(str, descriptors)],
                stdin=file,
                pass_fds=descriptors,
            )

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._child.pid

    def render(self, page: int) -> av.VideoFrame:
        """The picture of a page, numbered from 1. Raises ``NotRendered``."""
        try:
            self._connection.send(PAGE_REQUEST.pack(page))
            message = unpack(self._connection.recv(LARGEST))
            if isinstance(message, PictureAt):
                return self._ring.take(message.slot, message.width, message.height)
        except (OSError, NotUnderstood, ValueError) as error:
            raise NotRendered(f"Page {page} took too long to draw, or broke what draws it.") from error
        raise NotRendered(message.sentence if isinstance(message, Over) else "The page was not drawn.")

    def close(self) -> None:
        """End the child."""
        self._connection.close()
        self._ring.close()
        self._child.kill()
        self._child.wait()

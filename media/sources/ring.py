"""Pictures from a child process to the studio without a copy: slots of shared memory.

The memory has no name, so that nothing is left behind by ``kill -9``, and is sealed: a child that went wrong
cannot make it smaller under the studio. A byte for each slot says whether it is taken; the child takes slots,
the studio gives them back when the last reference to the picture is gone.
"""

import fcntl
import mmap
import os
import weakref
from typing import Self

import av
import numpy as np
from numpy.typing import NDArray

from media.programme.picture import BT709, FORMAT, MATRICES, planes

WIDEST, HIGHEST = 1920, 1088
"""Pixels of a slot; a larger picture is made smaller before it is handed over."""
SLOTS = 56
"""More than an intake keeps. Memory is touched only as far as slots were ever in use at once."""
SLOT_BYTES = WIDEST * HIGHEST * 3 // 2
_HEAD = mmap.PAGESIZE


class Ring:
    """Either end. ``fd`` is what the child is given; the memory lives as long as either end or a picture."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self._memory = mmap.mmap(fd, _HEAD + SLOTS * SLOT_BYTES)

    @classmethod
    def create(cls) -> Self:
        """The studio's end. Raises ``OSError``."""
        return cls(sealed("pictures", _HEAD + SLOTS * SLOT_BYTES))

    def close(self) -> None:
        """Let go of the descriptor; pictures that are still in use stay good."""
        os.close(self.fd)

    def put(self, frame: av.VideoFrame) -> int | None:
        """The child: copy a 4:2:0 picture of even size into a free slot; ``None`` when there is none.

        Raises ``ValueError`` for a picture that a slot cannot hold.
        """
        if frame.format.name != FORMAT or frame.width * frame.height * 3 // 2 > SLOT_BYTES:
            raise ValueError(f"a {frame.format.name} picture of {frame.width} by {frame.height}")
        slot = self._memory[:SLOTS].find(0)
        if slot < 0:
            return None
        self._memory[slot] = 1
        offset = _HEAD + slot * SLOT_BYTES
        for plane in planes(frame):
            self._view(offset, plane.shape[0], plane.shape[1])[:] = plane
            offset += plane.size
        return slot

    def give_back(self, slot: int) -> None:
        """The slot may be used again."""
        self._memory[slot] = 0

    def take(self, slot: int, width: int, height: int, matrix: int = BT709) -> av.VideoFrame:
        """The studio: the picture in a slot, which is given back when the frame is no longer used.

        Raises ``ValueError`` for what cannot be a picture in a slot.
        """
        fits = 0 < width * height * 3 // 2 <= SLOT_BYTES and width % 2 == 0 and height % 2 == 0
        if not 0 <= slot < SLOTS or not fits or matrix not in MATRICES:
            raise ValueError(f"no picture of {width} by {height} in slot {slot}")
        frame = self._copy(slot, width, height) if height % 4 else self._lay(slot, width, height)
        frame.colorspace = matrix
        return frame

    def _lay(self, slot: int, width: int, height: int) -> av.VideoFrame:
        pixels = self._view(_HEAD + slot * SLOT_BYTES, height * 3 // 2, width)
        weakref.finalize(pixels, _free, self._memory, slot).atexit = False
        return av.VideoFrame.from_numpy_buffer(pixels, FORMAT)

    def _copy(self, slot: int, width: int, height: int) -> av.VideoFrame:
        """PyAV 18 lays a frame over memory only when its height is a multiple of four."""
        frame = av.VideoFrame(width, height, FORMAT)
        offset = _HEAD + slot * SLOT_BYTES
        for plane in planes(frame):
            plane[:] = self._view(offset, plane.shape[0], plane.shape[1])
            offset += plane.size
        self.give_back(slot)
        return frame

    def _view(self, offset: int, height: int, width: int) -> NDArray[np.uint8]:
        return np.frombuffer(self._memory, np.uint8, height * width, offset).reshape(height, width)


def sealed(name: str, size: int) -> int:
    """Memory of a size that nobody can change any more. Raises ``OSError``."""
    fd = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(fd, size)
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
    return fd


def _free(memory: mmap.mmap, slot: int) -> None:
    memory[slot] = 0

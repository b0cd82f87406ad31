"""Encoded pictures on their way from the studio to a decoder process: slots of shared memory.

What goes over the socket beside it is only where a picture lies. As with ``Ring``, a byte for each slot says
whether it is taken; the studio takes slots, the child gives them back.
"""

import mmap
import os
import struct
from dataclasses import dataclass
from typing import Literal, Self, TypeAlias

from media.sources.ring import sealed

SLOTS = 32
"""Pictures that may wait; what comes then is lost."""
SLOT_BYTES = 1 << 20
"""Memory is touched only as far as pictures were that long."""
_HEAD = mmap.PAGESIZE
Codec: TypeAlias = Literal["H264", "VP8"]
CODECS: tuple[Codec, ...] = ("H264", "VP8")
_UNIT = struct.Struct("<BBIIqd")
UNIT_BYTES = _UNIT.size


@dataclass(frozen=True, slots=True)
class Unit:
    """One encoded picture in a slot."""

    slot: int
    length: int
    codec: Codec
    generation: int
    """A decoder that was given another is not to remember anything."""
    stamp: int
    """In 1/90000 s."""
    due: float
    """When it was captured, monotonic seconds; not a number where it is not known."""

    def pack(self) -> bytes:
        """As a packet."""
        codec = CODECS.index(self.codec)
        return _UNIT.pack(self.slot, codec, self.length, self.generation, self.stamp, self.due)

    @classmethod
    def unpack(cls, packet: bytes) -> Self:
        """Of a packet. Raises ``struct.error``."""
        slot, codec, length, generation, stamp, due = _UNIT.unpack(packet)
        return cls(slot, length, CODECS[codec], generation, stamp, due)


class Mailbox:
    """Either end. ``fd`` is what the child is given."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self._memory = mmap.mmap(fd, _HEAD + SLOTS * SLOT_BYTES)

    @classmethod
    def create(cls) -> Self:
        """The studio's end. Raises ``OSError``."""
        return cls(sealed("encoded", _HEAD + SLOTS * SLOT_BYTES))

    def close(self) -> None:
        """Let go of it."""
        self._memory.close()
        os.close(self.fd)

    def put(self, data: bytes) -> int | None:
        """The studio: lay a picture into a free slot; ``None`` when there is none or it is too long."""
        slot = self._memory.find(b"\0", 0, SLOTS)
        if slot < 0 or len(data) > SLOT_BYTES:
            return None
        self._memory[slot] = 1
        begin = _HEAD + slot * SLOT_BYTES
        self._memory[begin : begin + len(data)] = data
        return slot

    def take(self, slot: int, length: int) -> bytes:
        """The child: what lies in a slot, which is free then."""
        begin = _HEAD + slot * SLOT_BYTES
        data = self._memory[begin : begin + length]
        self._memory[slot] = 0
        return data

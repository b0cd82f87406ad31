"""What the kernel's segmentation can send with one call.

UDP generic segmentation offload (Linux 4.18) takes a run of packets: equal sizes, the last may be shorter,
64 segments and 65,507 bytes at most.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SOL_UDP = 17
UDP_SEGMENT = 103
SEGMENTS = 64
BYTES = 65_000

Option = tuple[int, int, bytes]
Piece = bytes | memoryview
_SIZE = struct.Struct("=H")


@dataclass(frozen=True, slots=True)
class Run:
    """What one system call sends."""

    buffers: Sequence[Piece]
    """The packets one after the other, in as many pieces as it may be."""
    options: Sequence[Option]
    """Ancillary messages."""
    packets: Sequence[Piece]
    """The same, one by one: for when the kernel does not cut."""


def cuts(sizes: Sequence[int]) -> Iterator[range]:
    """Cut packets of these sizes into runs.

    A short packet ends its run: in the middle it would shift all that follow.
    """
    start = 0
    while start < len(sizes):
        size = sizes[start]
        end = start + 1
        limit = min(len(sizes), start + SEGMENTS, start + max(1, BYTES // size))
        while end < limit and sizes[end - 1] == size and sizes[end] <= size:
            end += 1
        yield range(start, end)
        start = end


def segmented(size: int, packets: int) -> tuple[Option, ...]:
    """The option that asks for segments of this size; a single packet needs none."""
    return ((SOL_UDP, UDP_SEGMENT, _SIZE.pack(size)),) if packets > 1 else ()


def runs(packets: Sequence[bytes]) -> Iterator[Run]:
    """The runs of packets that lie anywhere."""
    sizes = [len(packet) for packet in packets]
    for cut in cuts(sizes):
        part = packets[cut.start : cut.stop]
        yield Run(part, segmented(sizes[cut.start], len(cut)), part)

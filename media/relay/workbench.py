"""Where bursts are encrypted: one piece of memory for the whole process, for one viewer after the other.

A burst is laid out once for all viewers who get it in the same form. For each of them the plain bytes are
copied here, encrypted where they lie, and sent before the next viewer's turn. Behind each packet there is
room for its authentication tag, so afterwards the segments of a run lie next to each other.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from media.relay import native
from media.relay.segments import SEGMENTS, Run, cuts, segmented

BYTES = 256 * 1024
PACKETS = 4 * SEGMENTS


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """One burst in one form."""

    plain: bytes
    """The packets with gaps for their tags."""
    lengths: bytes
    """Of the plain packets, as C integers: libsrtp counts up what it adds."""
    target: memoryview
    lengths_target: memoryview
    places: native.Places | None
    """``None`` where there is no way to encrypt in place."""
    packets: Sequence[memoryview]
    """Each with its tag."""
    tag: int
    runs: Sequence[Run]

    def put(self) -> None:
        """Copy the plain burst onto the bench."""
        self.target[:] = self.plain
        self.lengths_target[:] = self.lengths


class Workbench:
    """The memory. Nothing on it outlives the next ``put``."""

    def __init__(self) -> None:
        memory, lengths = bytearray(BYTES), bytearray(PACKETS * struct.calcsize("i"))
        self._pointers = native.Pointers(memory, lengths)
        self._memory = memoryview(memory)
        self._lengths = memoryview(lengths)

    def lay(self, packets: Sequence[bytes], tag: int) -> Layout | None:
        """Lay out plain packets, each with a gap for a tag. ``None`` when there is no room for so many."""
        edges = list(accumulate((len(packet) + tag for packet in packets), initial=0))
        if len(packets) > PACKETS or edges[-1] > BYTES:
            return None
        lengths = struct.pack(f"{len(packets)}i", *map(len, packets))
        views = [self._memory[start:end] for start, end in pairwise(edges)]
        return Layout(
            plain=b"".join(packet + bytes(tag) for packet in packets),
            lengths=lengths,
            target=self._memory[: edges[-1]],
            lengths_target=self._lengths[: len(lengths)],
            places=self._pointers.places(edges[:-1]),
            packets=views,
            tag=tag,
            runs=[self._run(edges, views, cut) for cut in cuts([len(view) for view in views])],
        )

    def _run(self, edges: Sequence[int], views: Sequence[memoryview], cut: range) -> Run:
        whole = self._memory[edges[cut.start] : edges[cut.stop]]
        return Run([whole], segmented(len(views[cut.start]), len(cut)), views[cut.start : cut.stop])

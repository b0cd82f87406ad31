"""Bytes by file name: what is in memory, and what is on disk by now. No I/O."""

from media.formats.cmaf import init_segment
from media.hls.playlist import file_name, init_name
from media.hls.segmenter import SegmentStart
from media.hls.store import init_files, segment_files
from media.hls.window import RECENT_SEGMENTS, OpenSegment, Part, Rendition, Segment, Window


class Library:
    """Answers what a name stands for. A name that was never published stands for nothing."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._memory: dict[str, bytes] = {}
        self._parts: set[str] = set()
        self._held: dict[int, Segment] = {}
        self._failed: set[int] = set()
        self._disk = {
            name
            for segment in window.segments
            if not segment.gap
            for name in (*segment_files(segment), *init_files(segment))
        }

    def memory(self, name: str) -> bytes | None:
        """The bytes, when they are in memory."""
        return self._memory.get(name)

    def on_disk(self, name: str) -> bool:
        """Whether there is a file of this name."""
        return name in self._disk

    def is_next_part(self, name: str) -> bool:
        """Whether a player asks for the part that a preload hint promises."""
        return any(name == file_name(self._window.next_part_name, rendition) for rendition in Rendition)

    def add_init(self, opened: OpenSegment, start: SegmentStart) -> dict[str, bytes]:
        """Put the init segments of the segment that begins; all of them by name."""
        muxed = self._window.language is None
        made = {
            init_name(opened.format, Rendition.VIDEO): init_segment(start.sets, audio=muxed),
            init_name(opened.format, Rendition.AUDIO): init_segment(None),
        }
        if opened.small is not None and start.small_sets is not None:
            made[init_name(opened.small, Rendition.SMALL)] = init_segment(start.small_sets, audio=muxed)
        self._memory |= made
        return made

    def add_part(self, part: Part) -> None:
        """Put a part."""
        for rendition, data in part.data.items():
            self._memory[file_name(part.name, rendition)] = data
            self._parts.add(file_name(part.name, rendition))

    def add_segment(self, segment: Segment, data: dict[Rendition, bytes]) -> None:
        """Put a complete segment, and let go of parts that are too old to be listed."""
        for rendition, content in data.items():
            self._memory[file_name(segment.name, rendition)] = content
        self._held[segment.msn] = segment
        listed = {
            file_name(part.name, rendition) for part in self._window.recent_parts() for rendition in part.data
        }
        for name in self._parts - listed:
            del self._memory[name]
        self._parts &= listed
        self.let_go()

    def stored(self, segment: Segment) -> None:
        """The segment is on disk. It may have left the window while it waited for the disk."""
        if segment.msn in self._held:
            self._disk.update(segment_files(segment))
            self.let_go()

    def not_stored(self, segment: Segment) -> None:
        """The disk did not take the segment: it can be played while memory holds it."""
        if segment.msn in self._held:
            self._failed.add(segment.msn)
            self.let_go()

    def forget(self, segment: Segment) -> None:
        """The segment left the window."""
        self._disk.difference_update(segment_files(segment))
        self._drop(segment)

    def let_go(self) -> None:
        """Take out of memory what is old and on disk, or lost."""
        newest = self._window.last_msn
        for segment in [held for held in self._held.values() if held.msn <= newest - RECENT_SEGMENTS]:
            if segment.msn in self._failed:
                self._window.mark_gap(segment.msn)
                self._drop(segment)
            elif self.on_disk(segment_files(segment)[0]):
                self._drop(segment)

    def _drop(self, segment: Segment) -> None:
        self._held.pop(segment.msn, None)
        self._failed.discard(segment.msn)
        for name in segment_files(segment):
            self._memory.pop(name, None)

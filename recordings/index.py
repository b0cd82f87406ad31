"""Reads a recording directory: which files there are, and what is safely in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from media.formats.recording_index import INDEX_NAME, FileLine, FragmentLine, decode_lines

SAME_MOMENT = 0.02
"""Seconds of programme time below which two edges are the same: half a picture."""


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """One MP4 file: its header and its fragments in the order of time."""

    head: FileLine
    fragments: tuple[FragmentLine, ...]

    @property
    def name(self) -> str:
        """File name in the directory."""
        return self.head.file

    @property
    def sound(self) -> "RecordedFile | None":
        """The file with the interpreted sound, described like any other; ``None`` when there is none."""
        head = self.head
        if not head.sound_file:
            return None
        return RecordedFile(
            replace(head, file=head.sound_file, init_size=head.sound_init_size, sound_file=""),
            tuple(
                replace(one, file=head.sound_file, offset=one.sound_offset, size=one.sound_size)
                for one in self.fragments
            ),
        )


@dataclass(frozen=True, slots=True)
class RecordingIndex:
    """All files in the order of writing. ``torn_bytes``: what a crash left of a last line, not counted."""

    directory: Path
    files: tuple[RecordedFile, ...]
    torn_bytes: int = 0

    def fragments(self) -> Iterator[tuple[RecordedFile, FragmentLine]]:
        """What to play, each moment once.

        A recorder that was restarted begins with the group of pictures the bus had kept, so that the same
        pictures may be at the end of one file and the start of the next: the later file has them.
        """
        for number, file in enumerate(self.files):
            later = [other.fragments[0].seconds for other in self.files[number + 1 :] if other.fragments]
            until = min(later, default=float("inf")) - SAME_MOMENT
            for fragment in file.fragments:
                if fragment.seconds < until:
                    yield file, fragment


@dataclass
class _Growing:
    head: FileLine
    fragments: list[FragmentLine] = field(default_factory=list)


def read_index(directory: Path) -> RecordingIndex:
    """Read ``index.jsonl``. Raises ``FileNotFoundError``, and ``ValueError`` for lines in disorder."""
    data = (directory / INDEX_NAME).read_bytes()
    lines, good = decode_lines(data)
    files: dict[str, _Growing] = {}
    for line in lines:
        if isinstance(line, FileLine):
            files[line.file] = _Growing(line)
        elif line.file in files:
            files[line.file].fragments.append(line)
        else:
            raise ValueError(f"The index speaks of {line.file} before its header")
    recorded = tuple(RecordedFile(file.head, tuple(file.fragments)) for file in files.values())
    return RecordingIndex(directory, recorded, len(data) - good)

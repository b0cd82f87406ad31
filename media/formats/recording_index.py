"""``index.jsonl``, the list beside a recording of what is safely in its files.

One line of JSON for each file (its header) and one for each fragment, in the order of writing, each written
after the bytes it speaks of. A line that a crash tore is the last one and counts for nothing.
"""

import json
from dataclasses import asdict, dataclass

INDEX_NAME = "index.jsonl"
CAPTIONS_NAME = "captions.vtt"
"""Beside it, in a meeting with captions: what was said, in programme time."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """Header of one MP4 file: its init segment is the first ``init_size`` bytes."""

    file: str
    init_size: int
    session: int
    epoch_ms: int
    """Unix milliseconds at programme time zero."""
    codecs: str
    """RFC 6381, for a playlist."""
    width: int
    height: int
    language: str = ""
    """BCP 47 of the interpreted sound; empty when there is none, as in all that follows."""
    sound_file: str = ""
    """The file beside it with the interpreted sound alone."""
    sound_init_size: int = 0
    captions: str = ""
    """BCP 47 of the captions that may lie beside it."""


@dataclass(frozen=True, slots=True)
class FragmentLine:
    """One ``moof`` + ``mdat``: ``size`` bytes at ``offset`` of ``file``. Times are programme seconds."""

    file: str
    offset: int
    size: int
    seconds: float
    duration: float
    key: bool
    sound_offset: int = 0
    """The same stretch in the interpreted language, in ``sound_file`` of the header."""
    sound_size: int = 0
    interpreted: bool = False
    """An interpreter was there; else it is the floor's sound."""


Line = FileLine | FragmentLine


def encode_line(line: Line) -> bytes:
    """The line with its newline."""
    return json.dumps(asdict(line), separators=(",", ":")).encode() + b"\n"


def decode_lines(data: bytes) -> tuple[list[Line], int]:
    """All good lines from the start, and how many bytes they are: what follows was torn, or is not ours."""
    lines: list[Line] = []
    good = 0
    for text in data.splitlines(keepends=True):
        line = _decode_line(text)
        if line is None:
            break
        lines.append(line)
        good += len(text)
    return lines, good


def _decode_line(text: bytes) -> Line | None:
    if not text.endswith(b"\n"):
        return None
    try:
        values = json.loads(text)
        return FileLine(**values) if "init_size" in values else FragmentLine(**values)
    except (ValueError, TypeError):
        return None

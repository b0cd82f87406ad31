"""Pictures alone, or the floor's sound alone, out of a file that has both: copied, never encoded again.

A player that may change the sound needs them apart. They are made when they are asked for, so that a
recording is on disk once.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from media.formats.boxes import Box, box, find_one, walk
from media.formats.cmaf import AUDIO_ID, VIDEO_ID, Sample, TrackRun, fragment
from media.formats.mp4_reader import RunFacts, read_fragment
from recordings.timeline import Timeline

Half: TypeAlias = Literal["pictures", "floor"]
TRACKS: dict[Half, int] = {"pictures": VIDEO_ID, "floor": AUDIO_ID}
_NAME = re.compile(r"(pictures|floor)-(\d{1,15})-(\d{1,10})-([\w-]+\.mp4)")


@dataclass(frozen=True, slots=True)
class Part:
    """``size`` bytes at ``offset`` of ``file``, reduced to one of its tracks."""

    half: Half
    offset: int
    size: int
    file: str


def part_name(half: Half, offset: int, size: int, file: str) -> str:
    """What a playlist calls it."""
    return f"{half}-{offset}-{size}-{file}"


def find_part(timeline: Timeline, name: str) -> Part | None:
    """The part of this name, if it is one of whole fragments of the timeline, or an init segment."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    half: Half = "pictures" if match[1] == "pictures" else "floor"
    part = Part(half, int(match[2]), int(match[3]), match[4])
    for run in timeline.runs:
        if run.file.name != part.file:
            continue
        if (part.offset, part.size) == (0, run.file.head.init_size):
            return part
        ends = {one.offset + one.size for one in run.fragments}
        if part.offset in {one.offset for one in run.fragments} and part.offset + part.size in ends:
            return part
    return None


def read_part(directory: Path, part: Part) -> bytes:
    """Its bytes. Blocks on the disk. Raises ``OSError``, and ``BoxError`` for a damaged file."""
    with (directory / part.file).open("rb") as media:
        media.seek(part.offset)
        data = media.read(part.size)
    track = TRACKS[part.half]
    return _reduce_init(data, track) if part.offset == 0 else _reduce_fragments(data, track)


def _reduce_init(data: bytes, track: int) -> bytes:
    moov = find_one(data, "moov")
    kept = b"".join(_reduce_box(data, one, track) for one in walk(data, moov.start, moov.end))
    return data[: moov.offset] + box("moov", kept)


def _reduce_box(data: bytes, one: Box, track: int) -> bytes:
    """The box, unless it is about another track."""
    if one.kind == "trak":
        header = find_one(data, "tkhd", one.start, one.end)
        return data[one.offset : one.end] if _number(data, header.start + 12) == track else b""
    if one.kind == "mvex":
        return box(
            "mvex",
            *(
                data[inner.offset : inner.end]
                for inner in walk(data, one.start, one.end)
                if inner.kind != "trex" or _number(data, inner.start + 4) == track
            ),
        )
    return data[one.offset : one.end]


def _reduce_fragments(data: bytes, track: int) -> bytes:
    kept, start = [], 0
    for one in walk(data):
        if one.kind == "mdat":
            whole = data[start : one.end]
            facts = read_fragment(whole)
            runs = [_copy(whole, run) for run in facts.runs if run.track == track]
            kept.append(fragment(facts.sequence, runs))
            start = one.end
    return b"".join(kept)


def _copy(data: bytes, run: RunFacts) -> TrackRun:
    samples, at = [], run.offset
    for size, duration, key in zip(run.sizes, run.durations, run.keys, strict=True):
        samples.append(Sample(data[at : at + size], duration, key))
        at += size
    return TrackRun(run.track, run.decode_time, samples)


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")

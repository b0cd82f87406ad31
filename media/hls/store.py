"""Segments on disk, and the list of them that a restarted packager reads.

Methods block on the disk: call them from a thread.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import structlog

from media.hls.playlist import file_name, init_name
from media.hls.window import Format, Rendition, Segment

log = structlog.get_logger(__name__)

INDEX = "window.jsonl"
GROWN = "grown.json"
LINES_BEFORE_REWRITE = 500
"""Lines of segments that are gone; then the list is written anew."""


class SegmentStore:
    """A directory of segments with ``window.jsonl``: a line for each when it begins, another after its bytes.

    A segment that began and was never completed is a gap after a restart, as long as what players were told
    of it: ``grown.json`` says how long that is.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._gone = 0

    def load(self) -> tuple[Segment, ...]:
        """The unbroken run of segments up to the newest. Files that nothing speaks of are deleted."""
        self._directory.mkdir(parents=True, exist_ok=True)
        segments = self._unbroken(self._as_grown(self._read_lines()))
        try:
            self.rewrite(segments)
        except OSError as error:
            log.warning("window_list_not_rewritten", error=str(error))
        known = {name for segment in segments for name in (*segment_files(segment), *init_files(segment))}
        for path in self._directory.glob("[avist]-*"):
            if path.name not in known:
                path.unlink()
        return tuple(segments)

    def begin(self, gap: Segment, init: dict[str, bytes]) -> None:
        """Note a segment that begins, and write its init segments, given by name. Raises ``OSError``."""
        for name, content in init.items():
            path = self._directory / name
            if not path.exists():
                path.write_bytes(content)
        self._note(gap)

    def grow(self, gap: Segment) -> None:
        """Note how long the open segment is by now. Raises ``OSError``."""
        fresh = self._directory / f"{GROWN}.new"
        fresh.write_bytes(_encode(gap))
        fresh.replace(self._directory / GROWN)

    def save(self, segment: Segment, data: dict[Rendition, bytes]) -> None:
        """Write the files of a complete segment, then its line. Raises ``OSError``."""
        for rendition, content in data.items():
            (self._directory / file_name(segment.name, rendition)).write_bytes(content)
        self._note(segment)

    def remove(self, segments: Iterable[Segment], left: Iterable[Segment]) -> None:
        """Delete segments that left the window. ``left``: those still in it."""
        for segment in segments:
            self._gone += 1
            for name in segment_files(segment):
                (self._directory / name).unlink(missing_ok=True)
        if self._gone >= LINES_BEFORE_REWRITE:
            self.rewrite(left)

    def rewrite(self, segments: Iterable[Segment]) -> None:
        """Replace the list."""
        fresh = self._directory / f"{INDEX}.new"
        fresh.write_bytes(b"".join(map(_encode, segments)))
        fresh.replace(self._directory / INDEX)
        self._gone = 0

    def _note(self, segment: Segment) -> None:
        with (self._directory / INDEX).open("ab") as index:
            index.write(_encode(segment))

    def _read_lines(self) -> list[Segment]:
        path = self._directory / INDEX
        segments: dict[int, Segment] = {}
        for line in path.read_bytes().splitlines() if path.exists() else ():
            segment = _decode(line)
            if segment is None:
                break
            segments[segment.msn] = segment
        return [segments[msn] for msn in sorted(segments)]

    def _as_grown(self, segments: list[Segment]) -> list[Segment]:
        """A player that has all of it must not find a hole behind it: some would never get over that."""
        path = self._directory / GROWN
        grown = _decode(path.read_bytes()) if path.exists() else None
        if grown is None or not segments or not segments[-1].gap or segments[-1].name != grown.name:
            return segments
        return [*segments[:-1], grown]

    def _unbroken(self, segments: list[Segment]) -> list[Segment]:
        run: list[Segment] = []
        for segment in reversed(segments):
            if run and segment.msn != run[-1].msn - 1:
                break
            names = (*(() if segment.gap else segment_files(segment)), *init_files(segment))
            if not all((self._directory / name).exists() for name in names):
                break
            run.append(segment)
        return run[::-1]


def segment_files(segment: Segment) -> tuple[str, ...]:
    """Its file names, one for each rendition."""
    return tuple(file_name(segment.name, rendition) for rendition in segment.renditions)


def init_files(segment: Segment) -> tuple[str, ...]:
    """File names of the init segments that it needs."""
    small = () if segment.small is None else (init_name(segment.small, Rendition.SMALL),)
    return (
        init_name(segment.format, Rendition.VIDEO),
        init_name(segment.format, Rendition.AUDIO),
        *small,
    )


def _decode(line: bytes) -> Segment | None:
    """``None`` for what is torn."""
    try:
        values = json.loads(line)
        small = Format(**values["small"]) if values["small"] else None
        return Segment(**{**values, "format": Format(**values["format"]), "small": small})
    except (ValueError, TypeError, KeyError):
        return None


def _encode(segment: Segment) -> bytes:
    return json.dumps(asdict(segment), separators=(",", ":")).encode() + b"\n"

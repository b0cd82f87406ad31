"""Whether a recording is whole: every box, every fragment, every time, and a sum for each file."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import av
from av.codec.context import CodecContext
from av.error import FFmpegError

from media.formats.boxes import BoxError
from media.formats.mp4_reader import FragmentFacts, TrackFacts, read_fragment, read_init
from media.formats.recording_index import FragmentLine
from recordings.index import RecordedFile, RecordingIndex, read_index
from recordings.timeline import Timeline

READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: its size, the seconds in it, its SHA-256 in hexadecimal."""

    name: str
    size: int
    seconds: float
    fragments: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Report:
    """``findings`` are sentences about what is wrong, ``remarks`` about what is only worth knowing."""

    files: tuple[FileReport, ...]
    seconds: float
    findings: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


def verify(directory: Path, decode: bool = True) -> Report:
    """Check a recording directory. ``decode``: also decode every key picture, which takes longer."""
    try:
        index = read_index(directory)
    except FileNotFoundError:
        return Report((), 0.0, (f"There is no index in {directory.name}.",), ())
    except ValueError as error:
        return Report((), 0.0, (f"{error}.",), ())
    findings: list[str] = []
    reports = []
    sounds = [file.sound for file in index.files if file.sound is not None]
    for file in (*index.files, *sounds):
        with_pictures = decode and file not in sounds
        report, found = _verify_file(index.directory / file.name, file, with_pictures)
        findings += found
        if report is not None:
            reports.append(report)
    timeline = Timeline.of(index)
    if not timeline.runs:
        findings.append("Nothing was recorded.")
    return Report(tuple(reports), timeline.duration, tuple(findings), tuple(_remarks(index, timeline)))


def _remarks(index: RecordingIndex, timeline: Timeline) -> Iterator[str]:
    if index.torn_bytes:
        yield f"The last {index.torn_bytes} bytes of the index were torn by a crash and do not count."
    for earlier, later in pairwise(timeline.runs):
        missing = later.start - earlier.start - earlier.duration
        if missing > 0.0:
            after = earlier.start + earlier.duration
            yield f"{missing:.2f} seconds are missing after {after:.2f} of the programme."


def _verify_file(path: Path, file: RecordedFile, decode: bool) -> tuple[FileReport | None, list[str]]:
    if not path.exists():
        return None, [f"{file.name} is missing."]
    findings: list[str] = []
    with path.open("rb") as media:
        size = path.stat().st_size
        tracks = _read_tracks(media, file, findings)
        _check_fragments(media, file, tracks, findings)
        digest = _sum(media)
    if decode and not findings and file.fragments:
        findings += _decode_keys(path, file)
    seconds = sum(fragment.duration for fragment in file.fragments)
    return FileReport(file.name, size, seconds, len(file.fragments), digest), findings


def _read_tracks(media: BinaryIO, file: RecordedFile, findings: list[str]) -> dict[int, TrackFacts]:
    try:
        return {track.track: track for track in read_init(media.read(file.head.init_size))}
    except BoxError as error:
        findings.append(f"{file.name} does not begin as it should: {error}.")
        return {}


def _check_fragments(
    media: BinaryIO, file: RecordedFile, tracks: dict[int, TrackFacts], findings: list[str]
) -> None:
    ends: dict[int, int] = {}
    expected = file.head.init_size
    for number, line in enumerate(file.fragments, start=1):
        where = f"Fragment {number} of {file.name}"
        if line.offset != expected:
            findings.append(f"{where} is at byte {line.offset}, but the one before ends at {expected}.")
        expected = line.offset + line.size
        media.seek(line.offset)
        try:
            facts = read_fragment(media.read(line.size))
        except BoxError as error:
            findings.append(f"{where} is broken: {error}.")
            continue
        findings.extend(f"{where} {sentence}" for sentence in _check_times(facts, line, tracks, ends))


def _check_times(
    facts: FragmentFacts, line: FragmentLine, tracks: dict[int, TrackFacts], ends: dict[int, int]
) -> Iterator[str]:
    for run in facts.runs:
        track = tracks.get(run.track)
        if track is None:
            yield f"has a track {run.track} that the file's beginning does not know."
            continue
        if run.decode_time < ends.get(run.track, 0):
            yield f"goes back in time in track {run.track}."
        ends[run.track] = run.end
        if track.handler == "vide":
            if abs(run.decode_time / track.clock_rate - line.seconds) > 0.001:
                yield f"starts at {run.decode_time / track.clock_rate:.3f} s, not at {line.seconds:.3f} s."
            if run.keys[0] != line.key:
                yield "begins with another kind of picture than the index says."


def _sum(media: BinaryIO) -> str:
    media.seek(0)
    digest = hashlib.sha256()
    while block := media.read(READ_BYTES):
        digest.update(block)
    return digest.hexdigest()


def _decode_keys(path: Path, file: RecordedFile) -> list[str]:
    expected = sum(fragment.key for fragment in file.fragments)
    try:
        with av.open(str(path), "r") as container:
            stream = container.streams.video[0]
            context: CodecContext = stream.codec_context
            context.skip_frame = "NONKEY"
            seen = sum(1 for _ in container.decode(stream))
    except FFmpegError as error:
        return [f"{file.name} cannot be decoded: {error}."]
    return (
        [] if seen >= expected else [f"Of {expected} key pictures in {file.name} only {seen} can be decoded."]
    )

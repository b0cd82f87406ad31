"""The rewind window: what can be played now, and where the live edge is. No I/O."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from media.formats.cmaf import AAC_CODEC
from media.formats.fragmenter import Fragment
from media.hls.segmenter import TARGET_SECONDS, SegmentStart

RECENT_SEGMENTS = 6
"""Segments whose parts and bytes stay in memory: three target durations, doubled for slow players."""


class Rendition(Enum):
    """The playlists of one programme; the value begins its file names."""

    VIDEO = "v"
    SMALL = "s"
    """The same pictures at 640×360, for programmes that have them."""
    AUDIO = "a"
    """The floor alone."""
    INTERPRETED = "i"
    """The interpreted language, for meetings that have one."""
    CAPTIONS = "t"
    """WebVTT, for meetings that have captions."""


@dataclass(frozen=True, slots=True)
class Format:
    """What a multivariant playlist tells of the pictures and sound, and the name of the init segment."""

    init: str
    codec: str
    width: int
    height: int
    frame_rate: float

    @property
    def codecs(self) -> str:
        """For the CODECS attribute."""
        return f"{self.codec},{AAC_CODEC}"


@dataclass(frozen=True, slots=True)
class Segment:
    """A complete segment. ``date_ms`` is Unix milliseconds of its first picture."""

    msn: int
    name: str
    date_ms: float
    duration: float
    sizes: dict[str, int]
    """Bytes by rendition, of those it has files of."""
    format: Format
    discontinuity: bool
    discontinuity_sequence: int
    """Discontinuities up to and including the one before this segment, since the packager's first start."""
    gap: bool = False
    """The disk did not take it, and memory no longer has it."""
    small: Format | None = None
    """Of its small pictures; ``None`` when it has none."""

    @property
    def renditions(self) -> tuple[Rendition, ...]:
        """Those it has files of. Where interpreted sound is not among them, the floor's stands in."""
        return tuple(rendition for rendition in Rendition if rendition.value in self.sizes)

    def format_of(self, rendition: Rendition) -> Format | None:
        """What its init segment is made for; ``None`` when it has no such pictures."""
        return self.small if rendition is Rendition.SMALL else self.format


@dataclass(frozen=True, slots=True)
class Part:
    """A partial segment. ``data`` holds its bytes by rendition."""

    name: str
    duration: float
    independent: bool
    data: dict[Rendition, bytes] = field(repr=False)


@dataclass(slots=True)
class OpenSegment:
    """The segment at the live edge, still growing."""

    msn: int
    name: str
    date_ms: float
    format: Format
    discontinuity: bool
    discontinuity_sequence: int
    small: Format | None = None
    parts: list[Part] = field(default_factory=list)

    def format_of(self, rendition: Rendition) -> Format | None:
        """As of a segment."""
        return self.small if rendition is Rendition.SMALL else self.format

    def as_gap(self) -> Segment:
        """What becomes of it when the packager dies now: players that saw it grow find it again, as a gap."""
        seconds = sum(part.duration for part in self.parts) or TARGET_SECONDS
        return Segment(
            self.msn, self.name, self.date_ms, seconds, {}, self.format,
            self.discontinuity, self.discontinuity_sequence, gap=True, small=self.small,
        )  # fmt: skip


class Rates:
    """Bits a second of each rendition, over the segments that have it."""

    def __init__(self) -> None:
        self._peaks: dict[str, float] = {}
        self._bytes: Counter[str] = Counter()
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def add(self, segment: Segment) -> None:
        """Count a segment. One that was cut short does not count as more than half a second would."""
        for kind, size in segment.sizes.items():
            self._peaks[kind] = max(self._peaks.get(kind, 0.0), size * 8 / max(segment.duration, 0.5))
            self._bytes[kind] += size
            self._seconds[kind] += segment.duration

    def drop(self, segment: Segment) -> None:
        """It left the window; what it peaked at stays promised."""
        for kind, size in segment.sizes.items():
            self._bytes[kind] -= size
            self._seconds[kind] -= segment.duration

    def peak(self, rendition: Rendition) -> float:
        """Of its largest segment so far."""
        return self._peaks.get(rendition.value, 0.0)

    def average(self, rendition: Rendition) -> float:
        """Over the window; 0 without a segment."""
        seconds = self._seconds[rendition.value]
        return self._bytes[rendition.value] * 8 / seconds if seconds > 0.001 else 0.0


class Window:
    """Segments oldest first, then the growing one.

    ``run`` names this start of the packager: it is in every file name, so that a name is never used twice for
    different bytes. Part names count through, so that the next one is always known.
    """

    def __init__(
        self,
        window_seconds: float,
        run: str,
        segments: tuple[Segment, ...] = (),
        language: str | None = None,
        captions: str | None = None,
    ) -> None:
        self._window_seconds = window_seconds
        self.captions = captions
        """BCP 47 of the captions; ``None`` when there are none."""
        self.language = language
        """BCP 47 of the interpreted sound; ``None`` when there is none."""
        self._run = run
        self.segments: deque[Segment] = deque(segments)
        self.open: OpenSegment | None = None
        self.ended = False
        self.version = 0
        """Grows with every change a playlist shows."""
        self._seconds = sum(segment.duration for segment in segments)
        self._next_msn = segments[-1].msn + 1 if segments else 0
        self._discontinuities = segments[-1].discontinuity_sequence if segments else 0
        self._part_number = 0
        self._parts: dict[int, tuple[Part, ...]] = {}
        self._rates = Rates()
        for segment in segments:
            self._rates.add(segment)

    @property
    def next_part_name(self) -> str:
        """The name the next part will have, without the rendition's letter."""
        return f"{self._run}-p{self._part_number:07d}.m4s"

    @property
    def format(self) -> Format | None:
        """Of the live edge; ``None`` before the first picture."""
        if self.open is not None:
            return self.open.format
        return self.segments[-1].format if self.segments else None

    @property
    def small(self) -> Format | None:
        """Of the small pictures at the live edge; ``None`` when there are none."""
        if self.open is not None:
            return self.open.small
        return self.segments[-1].small if self.segments else None

    @property
    def ever_small(self) -> bool:
        """Whether any segment of the window has small pictures."""
        return self.small is not None or any(segment.small is not None for segment in self.segments)

    @property
    def renditions(self) -> tuple[Rendition, ...]:
        """Those a player can have at the live edge."""
        without = {
            *((Rendition.SMALL,) if self.small is None else ()),
            *((Rendition.INTERPRETED,) if self.language is None else ()),
            *((Rendition.CAPTIONS,) if self.captions is None else ()),
        }
        return tuple(rendition for rendition in Rendition if rendition not in without)

    @property
    def edge(self) -> tuple[int, int]:
        """(msn, part) of the next part to come: everything before is there."""
        if self.open is None:
            return self._next_msn, 0
        return self.open.msn, len(self.open.parts)

    @property
    def last_msn(self) -> int:
        """Of the last complete segment, -1 before the first."""
        return self._next_msn - 1 if self.open is None else self.open.msn - 1

    @property
    def end_ms(self) -> float:
        """Unix milliseconds at which the last complete segment ends; 0 without one."""
        return self.segments[-1].date_ms + self.segments[-1].duration * 1000 if self.segments else 0.0

    @property
    def last(self) -> tuple[int, int]:
        """(msn, part) of the newest part there is, for rendition reports; the part is -1 before the first."""
        msn, part = self.edge
        if part == 0 and msn - 1 in self._parts:
            return msn - 1, len(self._parts[msn - 1]) - 1
        return msn, part - 1

    def peak_bandwidth(self, *renditions: Rendition) -> int:
        """Bits a second of the largest segments so far, of these renditions together."""
        return round(sum(self._rates.peak(rendition) for rendition in renditions))

    def average_bandwidth(self, *renditions: Rendition) -> int:
        """Bits a second over the window, of these renditions together."""
        return round(sum(self._rates.average(rendition) for rendition in renditions))

    def parts(self, msn: int) -> tuple[Part, ...]:
        """The parts a playlist still lists for a segment."""
        if self.open is not None and self.open.msn == msn:
            return tuple(self.open.parts)
        return self._parts.get(msn, ())

    def recent_parts(self) -> Iterator[Part]:
        """All parts that are in memory, newest first."""
        if self.open is not None:
            yield from reversed(self.open.parts)
        for msn in sorted(self._parts, reverse=True):
            yield from reversed(self._parts[msn])

    def has(self, msn: int, part: int | None) -> bool:
        """Whether a playlist now shows this segment, or this part of it.

        A part behind the last of a complete segment is part 0 of the next one (RFC 8216bis, 6.2.5.2).
        """
        if self.ended:
            return True
        if part is None:
            return msn <= self.last_msn
        if msn in self._parts and part >= len(self._parts[msn]):
            msn, part = msn + 1, 0
        return (msn, part) < self.edge

    def begin(self, start: SegmentStart, fmt: Format, small: Format | None = None) -> OpenSegment:
        """Open the next segment. ``small``: the format of its small pictures, if it will have any."""
        self._discontinuities += start.discontinuity
        self.open = OpenSegment(
            self._next_msn,
            f"{self._run}-{start.session:08x}-{self._next_msn:06d}.m4s",
            start.epoch_ms + start.start / 90,
            fmt,
            start.discontinuity,
            self._discontinuities,
            small,
        )
        self._next_msn += 1
        return self.open

    def add(self, fragment: Fragment, captions: bytes = b"") -> Part:
        """Put the next part at the live edge. Raises ``ValueError`` when no segment is open."""
        if self.open is None:
            raise ValueError("A part needs an open segment")
        data = {Rendition.VIDEO: fragment.data, Rendition.AUDIO: fragment.sound}
        if self.language is not None:
            data[Rendition.INTERPRETED] = fragment.interpreted
        if self.open.small is not None:
            data[Rendition.SMALL] = fragment.small
        if self.captions is not None:
            data[Rendition.CAPTIONS] = captions
        part = Part(self.next_part_name, fragment.duration, fragment.key, data)
        self._part_number += 1
        self.open.parts.append(part)
        self.version += 1
        return part

    def complete(self, captions: bytes = b"") -> tuple[Segment, dict[Rendition, bytes]] | None:
        """Close the open segment; ``None`` when it has no part and vanishes. Returns it with its bytes.

        ``captions``: a file of its own, where all else is its parts joined.
        """
        grown, self.open = self.open, None
        if grown is None or not grown.parts:
            self._next_msn -= grown is not None
            return None
        data = {
            rendition: b"".join(part.data[rendition] for part in grown.parts)
            for rendition in grown.parts[0].data
        }
        if Rendition.CAPTIONS in data:
            data[Rendition.CAPTIONS] = captions
        duration = sum(part.duration for part in grown.parts)
        sizes = {rendition.value: len(content) for rendition, content in data.items()}
        segment = Segment(
            grown.msn, grown.name, grown.date_ms, duration, sizes, grown.format,
            grown.discontinuity, grown.discontinuity_sequence, small=grown.small,
        )  # fmt: skip
        self.segments.append(segment)
        self._seconds += duration
        self._rates.add(segment)
        self._parts[segment.msn] = tuple(grown.parts)
        for msn in [msn for msn in self._parts if msn <= segment.msn - RECENT_SEGMENTS]:
            del self._parts[msn]
        self.version += 1
        return segment, data

    def prune(self) -> list[Segment]:
        """Take out what is older than the window and no longer near the live edge."""
        gone = []
        while len(self.segments) > RECENT_SEGMENTS and (
            self._seconds - self.segments[0].duration >= self._window_seconds
        ):
            segment = self.segments.popleft()
            self._seconds -= segment.duration
            self._rates.drop(segment)
            gone.append(segment)
        return gone

    def mark_gap(self, msn: int) -> None:
        """The bytes of a segment are gone: players are told to step over it (EXT-X-GAP)."""
        for number, segment in enumerate(self.segments):
            if segment.msn == msn:
                self.segments[number] = replace(segment, gap=True)
                self.version += 1

    def finish(self) -> None:
        """Nothing more will come: playlists end here."""
        self.ended = True
        self.version += 1

"""The playlists of a live window as text (RFC 8216bis, draft 16 and later). No I/O."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice, takewhile

from media.formats.cmaf import AAC_CODEC
from media.formats.languages import CAPTIONS_GROUP, SOUND_GROUP, captions_group, sound_group
from media.hls.segmenter import PART_TARGET, TARGET_SECONDS
from media.hls.window import Format, Part, Rendition, Segment, Window

SKIP_SECONDS = 6.0 * TARGET_SECONDS
"""CAN-SKIP-UNTIL: a delta update leaves out what is farther from the edge (at least six targets)."""
PARTS_SECONDS = 3.0 * TARGET_SECONDS
"""Parts are listed for segments that begin within this distance from the edge."""
LEAST_BANDWIDTH = {
    Rendition.VIDEO: 2_500_000,
    Rendition.SMALL: 900_000,
    Rendition.AUDIO: 160_000,
}
"""Promised before the first segment is measured: the encoders' ceilings with sound and boxes."""
PLAYLISTS = {
    Rendition.VIDEO: "video.m3u8",
    Rendition.SMALL: "video-360.m3u8",
    Rendition.AUDIO: "audio.m3u8",
    Rendition.INTERPRETED: "interpreted.m3u8",
    Rendition.CAPTIONS: "captions.m3u8",
}


def multivariant(window: Window) -> str:
    """``main.m3u8``. Raises ``ValueError`` before the first picture."""
    fmt = window.format
    if fmt is None:
        raise ValueError("Nothing is known of the programme yet")
    return (
        "#EXTM3U\n#EXT-X-VERSION:10\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        f"{sound_group(window.language)}{captions_group(window.captions)}"
        f"{_variant(window, Rendition.VIDEO, fmt)}"
        f"{_variant(window, Rendition.SMALL, window.small) if window.small else ''}"
        f"{_variant(window, Rendition.AUDIO, None)}"
    )


def _variant(window: Window, rendition: Rendition, fmt: Format | None) -> str:
    """One choice of a player's. ``fmt``: ``None`` for sound alone."""
    together = {rendition, Rendition.AUDIO} if window.language else {rendition}
    bandwidth = max(LEAST_BANDWIDTH[rendition], round(window.peak_bandwidth(*together) * 1.1))
    average = window.average_bandwidth(*together)
    said = f",AVERAGE-BANDWIDTH={average}" if average else ""
    shown = (
        f'CODECS="{fmt.codecs}",RESOLUTION={fmt.width}x{fmt.height},FRAME-RATE={fmt.frame_rate:.3f}'
        if fmt
        else f'CODECS="{AAC_CODEC}"'
    )
    groups = f"{SOUND_GROUP if window.language else ''}{CAPTIONS_GROUP if window.captions else ''}"
    return f"#EXT-X-STREAM-INF:BANDWIDTH={bandwidth}{said},{shown}{groups}\n{PLAYLISTS[rendition]}\n"


class MediaPlaylists:
    """The media playlists of a window. What can no longer change is written once for each rendition."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._written: dict[Rendition, dict[int, tuple[Segment, str]]] = {one: {} for one in Rendition}

    def text(self, rendition: Rendition, skip: bool = False) -> str:
        """The playlist of one rendition; with ``skip`` a delta update (section 6.2.5.1)."""
        skipped = _skippable(self._window) if skip else 0
        return "\n".join((*_head(self._window), *self._body(rendition, skipped), ""))

    def _body(self, rendition: Rendition, skipped: int) -> Iterator[str]:
        window = self._window
        if skipped:
            yield f"#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}"
        yield from self._complete(rendition, skipped)
        if window.ended:
            yield "#EXT-X-ENDLIST"
            return
        if window.open is not None:
            grown = window.open
            previous = _last_format(window, rendition)
            fmt = grown.format_of(rendition)
            yield from _opening(grown.discontinuity, fmt, previous, grown.date_ms, rendition)
            yield from _parts(grown.parts, rendition)
        yield f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{file_name(window.next_part_name, rendition)}"'
        yield from _reports(window, rendition)

    def _complete(self, rendition: Rendition, skipped: int) -> Iterator[str]:
        """The complete segments from ``skipped`` on."""
        segments, written = self._window.segments, self._written[rendition]
        with_parts = _first_with_parts(self._window)
        previous = segments[skipped - 1].format_of(rendition) if skipped else None
        for number, segment in enumerate(islice(segments, skipped, None), skipped):
            kept = written.get(segment.msn)
            if number == 0 or segment.msn >= with_parts:
                parts = self._window.parts(segment.msn) if segment.msn >= with_parts else ()
                yield _segment(segment, previous, parts, rendition)
            elif kept is None or kept[0] is not segment:
                written[segment.msn] = segment, _segment(segment, previous, (), rendition)
                yield written[segment.msn][1]
            else:
                yield kept[1]
            previous = segment.format_of(rendition) or previous
        while written and segments and (oldest := next(iter(written))) <= segments[0].msn:
            del written[oldest]


def init_name(fmt: Format, rendition: Rendition) -> str:
    """Name of the init segment. All sound is encoded alike."""
    kind = Rendition.AUDIO if rendition is Rendition.INTERPRETED else rendition
    return f"{kind.value}-{fmt.init}"


def file_name(name: str, rendition: Rendition) -> str:
    """Name of a segment or part in one rendition."""
    if rendition is Rendition.CAPTIONS:
        name = f"{name.removesuffix('.m4s')}.vtt"
    return f"{rendition.value}-{name}"


def _head(window: Window) -> Iterator[str]:
    first = window.segments[0] if window.segments else None
    yield "#EXTM3U"
    yield "#EXT-X-VERSION:10"
    yield f"#EXT-X-TARGETDURATION:{TARGET_SECONDS}"
    yield (
        f"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK={3 * PART_TARGET:.3f},"
        f"HOLD-BACK={3 * TARGET_SECONDS:.1f},CAN-SKIP-UNTIL={SKIP_SECONDS:.1f}"
    )
    yield f"#EXT-X-PART-INF:PART-TARGET={PART_TARGET:.5f}"
    yield "#EXT-X-INDEPENDENT-SEGMENTS"
    yield f"#EXT-X-MEDIA-SEQUENCE:{first.msn if first else window.edge[0]}"
    if first is not None:
        yield f"#EXT-X-DISCONTINUITY-SEQUENCE:{first.discontinuity_sequence - first.discontinuity}"


def _segment(segment: Segment, previous: Format | None, parts: Sequence[Part], rendition: Rendition) -> str:
    """A complete segment with those of its parts that are still listed."""
    fmt = segment.format_of(rendition)
    untold = rendition is Rendition.CAPTIONS and rendition not in segment.renditions
    gap = segment.gap or fmt is None or untold
    return "\n".join(
        (
            *_opening(segment.discontinuity, fmt, previous, segment.date_ms, rendition),
            *_parts(parts, rendition),
            *(("#EXT-X-GAP",) if gap else ()),
            f"#EXTINF:{segment.duration:.5f},",
            file_name(segment.name, _listed(segment, rendition)),
        )
    )


def _last_format(window: Window, rendition: Rendition) -> Format | None:
    """Of the newest segment that has such pictures: the init segment a player has by now."""
    formats = (segment.format_of(rendition) for segment in reversed(window.segments))
    return next((fmt for fmt in formats if fmt is not None), None)


def _listed(segment: Segment, rendition: Rendition) -> Rendition:
    """The floor stands in where there is no interpreted sound. A gap has the name that it would have had."""
    missing = rendition is Rendition.INTERPRETED and rendition not in segment.renditions
    return Rendition.AUDIO if missing else rendition


def _opening(
    discontinuity: bool, fmt: Format | None, previous: Format | None, date_ms: float, rendition: Rendition
) -> Iterator[str]:
    if discontinuity:
        yield "#EXT-X-DISCONTINUITY"
    renewed = fmt is not None and (discontinuity or previous is None or fmt.init != previous.init)
    if fmt is not None and renewed and rendition is not Rendition.CAPTIONS:
        yield f'#EXT-X-MAP:URI="{init_name(fmt, rendition)}"'
    date = datetime.fromtimestamp(date_ms / 1000, UTC).isoformat(timespec="milliseconds")
    yield f"#EXT-X-PROGRAM-DATE-TIME:{date.replace('+00:00', 'Z')}"


def _parts(parts: Sequence[Part], rendition: Rendition) -> Iterator[str]:
    moving = rendition in (Rendition.VIDEO, Rendition.SMALL)
    for part in parts:
        free = ",INDEPENDENT=YES" if part.independent or not moving else ""
        gap = "" if rendition is not Rendition.SMALL or rendition in part.data else ",GAP=YES"
        yield f'#EXT-X-PART:DURATION={part.duration:.5f},URI="{file_name(part.name, rendition)}"{free}{gap}'


def _reports(window: Window, rendition: Rendition) -> Iterator[str]:
    """Where the other renditions are (section 4.4.5.4). All are cut at the same moments."""
    msn, part = window.last
    for other in window.renditions:
        if other is not rendition and part >= 0:
            uri = PLAYLISTS[other]
            yield f'#EXT-X-RENDITION-REPORT:URI="{uri}",LAST-MSN={msn},LAST-PART={part}'


def _from_edge(window: Window) -> Iterator[tuple[float, Segment]]:
    """Segments newest first, each with the seconds from its start to the edge."""
    distance = sum(part.duration for part in window.open.parts) if window.open else 0.0
    for segment in reversed(window.segments):
        distance += segment.duration
        yield distance, segment


def _first_with_parts(window: Window) -> int:
    if window.ended:
        return window.edge[0]
    first = window.edge[0]
    for distance, segment in _from_edge(window):
        if distance > PARTS_SECONDS + 0.001:
            break
        first = segment.msn
    return first


def _skippable(window: Window) -> int:
    near = takewhile(lambda one: one[0] - one[1].duration < SKIP_SECONDS, _from_edge(window))
    return max(0, len(window.segments) - sum(1 for _ in near))

"""HLS playlists of a finished recording, over byte ranges of its MP4 files (RFC 8216, 4.3.2.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Literal, TypeAlias

from media.formats.cmaf import AAC_CODEC
from media.formats.languages import (
    CAPTIONS_GROUP,
    SOUND_GROUP,
    captions_group,
    floor_label,
    interpreted_label,
    own_name,
    sound_group,
)
from media.formats.recording_index import FileLine, FragmentLine
from recordings.captions import captions_name
from recordings.parts import part_name
from recordings.timeline import Run, Timeline

Only: TypeAlias = Literal["pictures", "floor", "interpreted", "captions"]
FLOOR_URI, PICTURES_URI, SOUND_URI = "floor.m3u8", "pictures.m3u8", "audio.m3u8"
"""Sound alone is the floor; it has two names, since live meetings call it the second."""
SOUND_BANDWIDTH = 160_000
"""The encoder's ceiling with boxes: the index does not say how much of a fragment is sound."""
SEGMENT_SECONDS = 4.0
"""A key picture after this long begins another segment."""


@dataclass(frozen=True, slots=True)
class VodSegment:
    """Fragments that lie behind each other in one file and begin with a key picture."""

    head: FileLine
    offset: int
    size: int
    seconds: float
    """Programme time."""
    duration: float
    discontinuity: bool
    sound_offset: int = 0
    """Of the interpreted sound in its own file, where there is one."""
    sound_size: int = 0


def segments(timeline: Timeline) -> list[VodSegment]:
    """Cut the recording at key pictures into segments of four to five seconds."""
    return [
        segment for number, run in enumerate(timeline.runs) for segment in _cut(run, discontinuity=number > 0)
    ]


def multivariant_playlist(
    timeline: Timeline, media_uri: str = "video.m3u8", captions: str | None = None
) -> str:
    """``main.m3u8`` of a recording. ``captions``: BCP 47 of what it offers.

    Raises ``ValueError`` when nothing was recorded.
    """
    cut = segments(timeline)
    if not cut:
        raise ValueError("Nothing was recorded")
    head = timeline.runs[0].file.head
    codecs = ",".join(
        dict.fromkeys(codec for run in timeline.runs for codec in run.file.head.codecs.split(","))
    )
    peak = max(round(segment.size * 8 / max(segment.duration, 1.0)) for segment in cut)
    average = round(sum(segment.size for segment in cut) * 8 / timeline.duration)
    language = interpreted_language(timeline)
    groups = f"{SOUND_GROUP if language else ''}{CAPTIONS_GROUP if captions else ''}"
    return (
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        f"{sound_group(language, FLOOR_URI)}{captions_group(captions)}"
        f'#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average},CODECS="{codecs}",'
        f"RESOLUTION={head.width}x{head.height}{groups}\n"
        f"{PICTURES_URI if language else media_uri}\n"
        f'#EXT-X-STREAM-INF:BANDWIDTH={SOUND_BANDWIDTH},CODECS="{AAC_CODEC}"{groups}\n'
        f"{SOUND_URI}\n"
    )


def interpreted_language(timeline: Timeline) -> str | None:
    """BCP 47 of the interpreted sound; ``None`` when no interpreter was there in all the recording."""
    spoken = (
        run.file.head.language
        for run in timeline.runs
        if any(fragment.interpreted for fragment in run.fragments)
    )
    return next((language for language in spoken if language), None)


def choice(language: str) -> dict[str, str]:
    """A language as players offer it: its ``tag``, its ``name`` in itself, and what both choices are called.

    ``label`` is the interpreted sound's, ``floor`` the other's.
    """
    return {
        "tag": language,
        "name": own_name(language),
        "label": interpreted_label(language),
        "floor": floor_label(language),
    }


def media_playlist(timeline: Timeline, files_prefix: str = "", only: Only | None = None) -> str:
    """``video.m3u8`` of a recording, or the playlist of one track alone.

    ``files_prefix`` is put before the MP4 files' names.
    """
    cut = segments(timeline)
    target = max((ceil(segment.duration) for segment in cut), default=ceil(SEGMENT_SECONDS))
    head = (
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{target}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        "#EXT-X-MEDIA-SEQUENCE:0",
    )
    return "\n".join((*head, *_body(cut, files_prefix, only), "#EXT-X-ENDLIST", ""))


def _body(cut: list[VodSegment], prefix: str, only: Only | None) -> Iterator[str]:
    for number, segment in enumerate(cut):
        if segment.discontinuity:
            yield "#EXT-X-DISCONTINUITY"
        if segment.discontinuity or number == 0:
            yield from _map(segment.head, prefix, only)
            date = datetime.fromtimestamp(segment.head.epoch_ms / 1000 + segment.seconds, UTC)
            yield f"#EXT-X-PROGRAM-DATE-TIME:{date.isoformat(timespec='milliseconds').replace('+00:00', 'Z')}"
        yield f"#EXTINF:{segment.duration:.5f},"
        yield from _resource(segment, prefix, only)


def _map(head: FileLine, prefix: str, only: Only | None) -> Iterator[str]:
    if only == "captions":
        return
    if only == "interpreted":
        yield f'#EXT-X-MAP:URI="{prefix}{head.sound_file}",BYTERANGE="{head.sound_init_size}@0"'
    elif only is not None:
        yield f'#EXT-X-MAP:URI="{prefix}{part_name(only, 0, head.init_size, head.file)}"'
    else:
        yield f'#EXT-X-MAP:URI="{prefix}{head.file}",BYTERANGE="{head.init_size}@0"'


def _resource(segment: VodSegment, prefix: str, only: Only | None) -> Iterator[str]:
    head = segment.head
    if only == "captions":
        yield f"{prefix}{captions_name(segment.seconds, segment.duration)}"
        return
    if only == "interpreted":
        if not head.sound_file:
            yield "#EXT-X-GAP"
        yield f"#EXT-X-BYTERANGE:{segment.sound_size}@{segment.sound_offset}"
        yield f"{prefix}{head.sound_file or head.file}"
    elif only is not None:
        yield f"{prefix}{part_name(only, segment.offset, segment.size, head.file)}"
    else:
        yield f"#EXT-X-BYTERANGE:{segment.size}@{segment.offset}"
        yield f"{prefix}{head.file}"


def _cut(run: Run, discontinuity: bool) -> Iterator[VodSegment]:
    group: list[FragmentLine] = []
    for fragment in run.fragments:
        if group and fragment.key and fragment.seconds - group[0].seconds > SEGMENT_SECONDS - 0.05:
            yield _join(run, group, discontinuity)
            group, discontinuity = [], False
        group.append(fragment)
    yield _join(run, group, discontinuity)


def _join(run: Run, group: list[FragmentLine], discontinuity: bool) -> VodSegment:
    first, last = group[0], group[-1]
    size = last.offset + last.size - first.offset
    duration = sum(fragment.duration for fragment in group)
    sound = last.sound_offset + last.sound_size - first.sound_offset
    return VodSegment(
        run.file.head, first.offset, size, first.seconds, duration, discontinuity, first.sound_offset, sound
    )

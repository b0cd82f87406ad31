"""Chapters of a recording from the points of the live index: WebVTT for players, a list for pages."""

from collections.abc import Iterable
from dataclasses import dataclass

from recordings.timeline import Timeline

LONGEST_LABEL = 500


@dataclass(frozen=True, slots=True)
class Point:
    """Something begins at ``seconds`` of programme time. ``id``: of the agenda item."""

    seconds: float
    label: str
    id: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """From ``start`` to ``end``, seconds of playback."""

    start: float
    end: float
    label: str
    id: str


def chapters(points: Iterable[Point], timeline: Timeline) -> list[Chapter]:
    """One chapter for each point, up to the next. A point after the last picture is left out.

    Of two points at the same moment of playback (one of them in a gap) both stay; the earlier has no length
    and is left out of the WebVTT, which knows no empty cues.
    """
    ordered = sorted(points, key=lambda point: point.seconds)
    starts = [timeline.to_playback(point.seconds) for point in ordered]
    ends = [*starts[1:], timeline.duration] if starts else []
    return [
        Chapter(start, end, point.label, point.id)
        for start, end, point in zip(starts, ends, ordered, strict=True)
        if start < timeline.duration
    ]


def to_webvtt(found: Iterable[Chapter]) -> str:
    """A ``kind=chapters`` file: the cue's identifier is the agenda item's."""
    cues = [
        f"{_one_line(chapter.id)}\n"
        f"{_clock(chapter.start)} --> {_clock(chapter.end)}\n"
        f"{_escape(chapter.label)}\n"
        for chapter in found
        if _clock(chapter.start) < _clock(chapter.end)
    ]
    return "\n".join(("WEBVTT\n", *cues))


def to_list(found: Iterable[Chapter]) -> list[dict[str, str | float]]:
    """For JSON: ``{id, label, start, end}`` with playback seconds to the millisecond."""
    return [
        {
            "id": chapter.id,
            "label": chapter.label,
            "start": round(chapter.start, 3),
            "end": round(chapter.end, 3),
        }
        for chapter in found
    ]


def _clock(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def _one_line(text: str) -> str:
    """No line break, and no arrow, which WebVTT takes for a cue's times."""
    return " ".join(text.split()).replace("-->", "→")[:LONGEST_LABEL]


def _escape(text: str) -> str:
    plain = _one_line(text)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

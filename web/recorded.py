"""The recording of a meeting, as pages need it: read once, and again when it has changed."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from hub.domain.snapshots import IndexView
from recordings.captions import Captions, read_captions
from recordings.chapters import Chapter, Point, chapters
from recordings.index import RecordingIndex, read_index
from recordings.timeline import Timeline
from web.keys import ENGINE

KEPT = 16
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording with something in it."""

    directory: Path
    timeline: Timeline
    files: frozenset[str]
    captions: Captions | None = None

    def chapters(self, index: list[IndexView]) -> list[Chapter]:
        """One chapter for each time an item of the agenda became current."""
        points = [
            Point(point.seconds, point.label, str(point.item_id))
            for point in index
            if point.kind == "item" and point.item_id is not None
        ]
        return chapters(points, self.timeline)


class Recordings:
    """Read recordings, by directory; the ones asked for last are kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Path, tuple[Stamp, Recorded]] = OrderedDict()

    async def read(self, directory: Path) -> Recorded | None:
        """The recording in ``directory``, or None when there is none yet."""
        stamp = await asyncio.to_thread(_stamp, directory)
        kept = self._kept.get(directory)
        if kept is None or kept[0] != stamp:
            try:
                kept = stamp, await asyncio.to_thread(_read, directory)
            except FileNotFoundError:
                return None
            self._kept[directory] = kept
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(directory)
        return kept[1] if kept[1].timeline.runs else None


RECORDINGS: web.AppKey[Recordings] = web.AppKey("recordings", Recordings)


async def recorded(request: web.Request, ref: str) -> Recorded | None:
    """The recording of a meeting, or None when nothing was recorded (yet)."""
    return await request.app[RECORDINGS].read(request.app[ENGINE].recording(ref))


def _read(directory: Path) -> Recorded:
    index = read_index(directory)
    timeline = Timeline.of(index)
    return Recorded(directory, timeline, _files(index), read_captions(directory, timeline))


def _files(index: RecordingIndex) -> frozenset[str]:
    names = ((file.name, file.head.sound_file) for file in index.files)
    return frozenset(name for pair in names for name in pair if name)


def _stamp(directory: Path) -> Stamp:
    """Changes when a file of the recording does."""
    if not directory.is_dir():
        return ()
    states = ((path.name, path.stat()) for path in sorted(directory.iterdir()))
    return tuple((name, state.st_mtime_ns, state.st_size) for name, state in states)

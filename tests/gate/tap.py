"""The bus itself: what a packager that died took along was made of units that are still here."""

import asyncio
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from media.access_unit import AccessUnit, Track
from media.bus import BusAddress, subscribe
from media.formats.cmaf import init_segment
from media.formats.fragmenter import Fragment
from media.hls.captions import Captions
from media.hls.segmenter import Output, Segmenter, SegmentStart
from tests.support.waiting import sent_away

KEPT_SECONDS = 90.0
"""A packager that dies is back long before."""
AROUND_SECONDS = 4.0
"""A key picture is among so much before; sound may be as early as its picture or late."""
JOINT_SECONDS = 0.06
"""Between two parts that follow on each other, and from a part to one that was cut elsewhere."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A part that was packed once more. Unix seconds; ``data``: initialisation and bytes, by playlist."""

    session: int
    begin: float
    end: float
    key: bool
    data: Mapping[str, tuple[bytes, bytes]]


class Tap:
    """Reads one meeting's bus from its making to ``close``."""

    def __init__(self, url: str) -> None:
        self._subscription = subscribe(BusAddress(url))
        self._units: deque[tuple[float, AccessUnit]] = deque()
        self._task = asyncio.create_task(self._read(), name="tap the bus")

    async def close(self) -> None:
        """Read no more; what was read stays."""
        await sent_away(self._task)
        await self._subscription.close()

    async def _read(self) -> None:
        async for unit in self._subscription:
            now = time.monotonic()
            self._units.append((now, unit))
            while self._units[0][0] < now - KEPT_SECONDS:
                self._units.popleft()

    async def between(self, playlist: str, begin: float, end: float) -> list[bytes] | None:
        """What a playlist could have had of this time, from a key picture on.

        More than one only where the initialisation changes. ``None``: it is not all there.
        """
        about = [
            unit
            for _, unit in self._units
            if begin - AROUND_SECONDS < unit.epoch_ms / 1000 + unit.seconds < end + AROUND_SECONDS
        ]
        cuts = sorted(await asyncio.to_thread(pack, about), key=lambda cut: cut.begin)
        keys = [number for number, cut in enumerate(cuts) if cut.key and cut.begin < begin + JOINT_SECONDS]
        found = _up_to(end, cuts[keys[-1] :]) if keys else []
        if not found or not _covered(found, begin, end) or any(playlist not in cut.data for cut in found):
            return None
        if any(found[0].begin < hole < found[-1].end for hole in _holes(about)):
            return None
        parts = [cut.data[playlist] for cut in found]
        return [
            init + b"".join(data for _, data in together)
            for init, together in groupby(parts, key=lambda part: part[0])
        ]


def _up_to(end: float, cuts: Sequence[Cut]) -> list[Cut]:
    """A playlist adds up parts: behind what a busy studio left out, they are later than it says."""
    left_out = 0.0
    found: list[Cut] = []
    for cut in cuts:
        if found and found[-1].session == cut.session:
            left_out += max(0.0, cut.begin - found[-1].end)
        if cut.begin >= end + left_out:
            break
        found.append(cut)
    return found


def _covered(cuts: Sequence[Cut], begin: float, end: float) -> bool:
    reached, session = begin, 0
    for cut in cuts:
        if cut.begin > reached + JOINT_SECONDS and cut.session != session:
            return False
        reached, session = max(reached, cut.end), cut.session
    return reached >= end - JOINT_SECONDS


def _holes(units: Iterable[AccessUnit]) -> list[float]:
    """Unix seconds at which units are missing here that the studio made."""
    next_one: dict[tuple[int, Track], int] = {}
    holes = []
    for unit in units:
        stream = unit.session, unit.track
        if unit.sequence > next_one.get(stream, unit.sequence):
            holes.append(unit.epoch_ms / 1000 + unit.seconds)
        next_one[stream] = unit.sequence + 1
    return holes


def pack(units: Sequence[AccessUnit]) -> list[Cut]:
    """As a packager does."""
    packing = _Packing()
    for unit in units:
        packing.add(unit)
    return packing.finish()


class _Packing:
    """Of the units that were read, in order."""

    def __init__(self) -> None:
        self._segmenter = Segmenter(with_interpreted=True)
        self._captions = Captions()
        self._begun: SegmentStart | None = None
        self._session = 0
        self._cuts: list[Cut] = []

    def add(self, unit: AccessUnit) -> None:
        if unit.track is Track.CAPTIONS:
            self._captions.add(unit)
        else:
            self._take(self._segmenter.add(unit), unit.session)

    def finish(self) -> list[Cut]:
        """With what no key picture has ended yet."""
        self._take(self._segmenter.flush(), self._session)
        return self._cuts

    def _take(self, outputs: Sequence[Output], session: int) -> None:
        for output in outputs:
            if isinstance(output, SegmentStart):
                self._begun, self._session = output, session
            elif isinstance(output, Fragment) and self._begun is not None:
                self._cuts.append(_cut(self._session, self._begun, output, self._captions))


def _cut(session: int, begun: SegmentStart, fragment: Fragment, captions: Captions) -> Cut:
    sound = init_segment(None)
    data = {
        "video.m3u8": (init_segment(begun.sets, audio=False), fragment.data),
        "audio.m3u8": (sound, fragment.sound),
        "interpreted.m3u8": (sound, fragment.interpreted),
        "captions.m3u8": (b"", captions.part(fragment.start, fragment.end)),
    }
    if begun.small_sets is not None:
        data["video-360.m3u8"] = init_segment(begun.small_sets, audio=False), fragment.small
    began = begun.epoch_ms / 1000 + fragment.seconds
    return Cut(session, began, began + fragment.duration, fragment.key, data)

"""Collects pictures, in one size or two, and sound and cuts them into fragments, with nothing held back."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from media.access_unit import AUDIO_CLOCK, VIDEO_CLOCK, AccessUnit, Track
from media.formats.cmaf import AUDIO_ID, VIDEO_ID, Sample, TrackRun, fragment
from media.formats.h264 import split_annex_b, to_avcc

MOST_INTERPRETED = 400
"""Frames that may wait for the floor's frame of the same time: about eight seconds."""
MOST_SMALL = 150
"""Small pictures that may wait for the full one of the same time: some seconds."""
EARLY_SOUND_FRAMES = 100
"""About two seconds of sound may arrive before the picture it belongs to; older sound gives way."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """One ``moof`` + ``mdat`` with both tracks (or the pictures only, if so asked), and the sound alone.

    ``interpreted``: the interpreted sound alone, frame by frame the floor's where there was none; empty for a
    fragmenter without it. ``with_interpreter``: at least one frame of it is not the floor's. ``small``: like
    ``data`` with the small pictures; empty when one of them is missing, or for a fragmenter without them.
    ``start`` and ``end`` are programme time in units of the video clock. ``key``: begins with an IDR picture.
    """

    data: bytes
    sound: bytes
    start: int
    end: int
    key: bool
    interpreted: bytes = b""
    with_interpreter: bool = False
    small: bytes = b""

    @property
    def seconds(self) -> float:
        """Programme time at which it starts."""
        return self.start / VIDEO_CLOCK

    @property
    def duration(self) -> float:
        """Seconds from its first picture to the end of its last."""
        return (self.end - self.start) / VIDEO_CLOCK


class Fragmenter:
    """Units go in by ``add``; ``cut`` makes a fragment of the pictures so far and their sound.

    Sound that begins at or after the end of the last picture waits for the next fragment; sound that came too
    late for its own goes into the next as well, at its right time.
    """

    def __init__(
        self,
        with_sound_alone: bool = False,
        with_interpreted: bool = False,
        *,
        muxed: bool = True,
        with_small: bool = False,
    ) -> None:
        self._with_sound_alone = with_sound_alone
        self._with_interpreted = with_interpreted
        self._muxed = muxed
        self._with_small = with_small
        self._interpreted: dict[int, AccessUnit] = {}
        self._small: dict[int, AccessUnit] = {}
        self._pictures: list[AccessUnit] = []
        self._sounds: deque[AccessUnit] = deque()
        self._sequence = 0
        self._opened_at: int | None = None

    @property
    def start(self) -> int | None:
        """Where the next fragment starts, ``None`` before its first picture."""
        return self._pictures[0].pts if self._pictures else None

    @property
    def end(self) -> int | None:
        """Where the next fragment would end if it were cut now."""
        return self._pictures[-1].pts + self._pictures[-1].duration if self._pictures else None

    def add(self, unit: AccessUnit) -> None:
        """Take a unit: ``VIDEO_720``, ``AAC`` and, if asked for, ``VIDEO_360`` and ``AAC_INTERPRETED``.

        Others are ignored.
        """
        if unit.track is Track.VIDEO_720:
            if self._opened_at is None:
                self._open(unit.pts)
            self._pictures.append(unit)
        elif unit.track is Track.VIDEO_360 and self._with_small:
            self._small[unit.pts] = unit
            if len(self._small) > MOST_SMALL:
                del self._small[next(iter(self._small))]
        elif unit.track is Track.AAC and not self._too_early(unit):
            self._sounds.append(unit)
            if self._opened_at is None and len(self._sounds) > EARLY_SOUND_FRAMES:
                self._sounds.popleft()
        elif unit.track is Track.AAC_INTERPRETED and self._with_interpreted and not self._too_early(unit):
            self._interpreted[unit.pts] = unit
            if len(self._interpreted) > MOST_INTERPRETED:
                del self._interpreted[next(iter(self._interpreted))]

    def has_small(self, pts: int) -> bool:
        """Whether the small picture of this moment came."""
        return pts in self._small

    def cut(self) -> Fragment | None:
        """The pictures so far as one fragment; ``None`` when there are none."""
        start, end = self.start, self.end
        if start is None or end is None:
            return None
        self._sequence += 1
        pictures, self._pictures = self._pictures, []
        limit = end * AUDIO_CLOCK // VIDEO_CLOCK
        sounds = []
        while self._sounds and self._sounds[0].pts < limit:
            sounds.append(self._sounds.popleft())
        samples = [to_avcc(split_annex_b(unit.data)) for unit in pictures]
        video, audio = (
            _run(VIDEO_ID, pictures, samples),
            _run(AUDIO_ID, sounds, [unit.data for unit in sounds]),
        )
        interpreted, with_interpreter = self._interpret(sounds)
        beside = (audio,) if self._muxed else ()
        return Fragment(
            fragment(self._sequence, (video, *beside)),
            fragment(self._sequence, (audio,)) if self._with_sound_alone else b"",
            start,
            end,
            pictures[0].key,
            interpreted,
            with_interpreter,
            self._cut_small(pictures, end, beside),
        )

    def reset(self, *, session: bool = False) -> None:
        """Forget what was not cut; sound from before the next first picture will be dropped.

        The small picture that comes before the next full one stays, unless another ``session`` begins.
        """
        if session:
            self._small.clear()
        self._pictures.clear()
        self._sounds.clear()
        self._interpreted.clear()
        self._opened_at = None

    def _cut_small(self, pictures: Sequence[AccessUnit], end: int, beside: tuple[TrackRun, ...]) -> bytes:
        """The same moments in the small rendition."""
        units = [self._small[unit.pts] for unit in pictures if unit.pts in self._small]
        self._small = {pts: unit for pts, unit in self._small.items() if pts >= end}
        if len(units) < len(pictures):
            return b""
        run = _run(VIDEO_ID, units, [to_avcc(split_annex_b(unit.data)) for unit in units])
        return fragment(self._sequence, (run, *beside))

    def _interpret(self, floor: Sequence[AccessUnit]) -> tuple[bytes, bool]:
        """The same stretch in the interpreted language, and whether any of it was interpreted."""
        if not self._with_interpreted:
            return b"", False
        chosen = [self._interpreted.get(unit.pts, unit) for unit in floor]
        if floor:
            last = floor[-1].pts
            self._interpreted = {pts: unit for pts, unit in self._interpreted.items() if pts > last}
        run = _run(AUDIO_ID, chosen, [unit.data for unit in chosen])
        return fragment(self._sequence, (run,)), any(unit.track is not Track.AAC for unit in chosen)

    def _open(self, pts: int) -> None:
        self._opened_at = pts
        self._small = {at: unit for at, unit in self._small.items() if at >= pts}
        self._sounds = deque(unit for unit in self._sounds if not self._too_early(unit))

    def _too_early(self, unit: AccessUnit) -> bool:
        return self._opened_at is not None and unit.pts < self._opened_at * AUDIO_CLOCK // VIDEO_CLOCK


def _run(track: int, units: Sequence[AccessUnit], samples: Sequence[bytes]) -> TrackRun:
    """A unit that is followed by a hole is shown until the next one."""
    if not units:
        return TrackRun(track, 0, ())
    lasting = [later.pts - unit.pts for unit, later in pairwise(units)] + [units[-1].duration]
    rows = zip(units, samples, lasting, strict=True)
    return TrackRun(track, units[0].pts, [Sample(data, length, unit.key) for unit, data, length in rows])

"""Which units go into which part of which segment. No I/O."""

from dataclasses import dataclass

from media.access_unit import VIDEO_CLOCK, AccessUnit, Track
from media.formats.continuity import Continuity, Step
from media.formats.fragmenter import Fragment, Fragmenter
from media.formats.h264 import ParameterSets, find_parameter_sets, split_annex_b

TARGET_SECONDS = 2
"""EXT-X-TARGETDURATION: every segment rounds to this or less."""
PART_STEP = VIDEO_CLOCK // 2
"""Parts end at the first picture boundary at or after each half second of a segment."""
PART_TARGET = 0.52
"""EXT-X-PART-INF: 13 pictures of 40 ms. The 12 of every other part are 92 % of it, the 15 of 33 ms that all
have at 30 pictures a second 96 %; 85 % is asked for."""
EARLIEST_END = VIDEO_CLOCK * 3 // 2
"""A key picture ends a segment of at least this length: the next one, a second later, would be too late."""
LATEST_END = VIDEO_CLOCK * 5 // 2 - 1
MOST_WITHOUT = 3
"""Key pictures that are passed over because the small ones beside them were lost on the way."""


@dataclass(frozen=True, slots=True)
class SegmentStart:
    """A segment begins at programme time ``start`` (video clock)."""

    sets: ParameterSets
    session: int
    epoch_ms: int
    start: int
    frame_rate: float
    discontinuity: bool
    small_sets: ParameterSets | None = None
    """Of the small rendition; ``None``: the segment has none."""


@dataclass(frozen=True, slots=True)
class SegmentEnd:
    """The segment of the last parts is complete."""


Output = SegmentStart | Fragment | SegmentEnd


class Segmenter:
    """Turns units into segments of about two seconds that begin at key pictures, and their parts.

    A part is out the moment its last picture is in. A segment is known to be complete when the next key
    picture comes. Lost pictures, another session, other parameter sets or a group without end make a
    discontinuity. So does a lost picture of the small rendition: a segment has all of them, or none when the
    programme has no such rendition. ``not_before_ms``: Unix milliseconds up to which a restarted packager has
    published. ``with_interpreted``: parts have the pictures, the floor and the interpreted sound each for
    itself.
    """

    def __init__(
        self, discontinuity: bool = False, not_before_ms: float = 0.0, with_interpreted: bool = False
    ) -> None:
        self._continuity = Continuity()
        self._fragmenter = Fragmenter(
            with_sound_alone=True,
            with_interpreted=with_interpreted,
            muxed=not with_interpreted,
            with_small=True,
        )
        self._not_before_ms = not_before_ms
        self._discontinuity = discontinuity
        self._sets: ParameterSets | None = None
        self._newest_small: ParameterSets | None = None
        self._small: ParameterSets | None = None
        self._without = 0
        self._start: int | None = None
        self._boundary = 0

    def add(self, unit: AccessUnit) -> list[Output]:
        """Take the next unit of the bus; what is ready because of it."""
        if unit.track not in (Track.VIDEO_720, Track.VIDEO_360, Track.AAC, Track.AAC_INTERPRETED):
            return []
        step = self._continuity.step(unit)
        if step is Step.REPEATED:
            return []
        outputs: list[Output] = []
        if step is Step.SESSION or (step is Step.LOST and unit.track is Track.VIDEO_720):
            outputs += self.flush()
        if step is Step.SESSION:
            self._fragmenter.reset(session=True)
            self._newest_small, self._without = None, 0
        if unit.track is Track.VIDEO_720:
            return outputs + self._add_picture(unit)
        if unit.track is Track.VIDEO_360 and unit.key:
            self._newest_small = find_parameter_sets(split_annex_b(unit.data)) or self._newest_small
        self._fragmenter.add(unit)
        return outputs

    def flush(self) -> list[Output]:
        """End the segment here; what follows is discontinuous."""
        if self._start is None:
            self._fragmenter.reset()
            return []
        outputs = [*self._cut(), SegmentEnd()]
        self._fragmenter.reset()
        self._start = None
        self._discontinuity = True
        return outputs

    def _add_picture(self, unit: AccessUnit) -> list[Output]:
        outputs: list[Output] = []
        if self._start is not None and self._small is not None and not self._fragmenter.has_small(unit.pts):
            outputs += self.flush()
        if unit.key:
            outputs += self._at_key(unit)
        if self._start is None:
            return outputs
        end = unit.pts + unit.duration
        if end - self._start > LATEST_END:
            return outputs + self.flush()
        part = self._fragmenter.start
        if part is not None and end - part > PART_TARGET * VIDEO_CLOCK:
            outputs += self._cut()
        self._fragmenter.add(unit)
        if end >= self._boundary:
            outputs += self._cut()
        return outputs

    def _at_key(self, unit: AccessUnit) -> list[Output]:
        sets = find_parameter_sets(split_annex_b(unit.data))
        small = self._newest_small if self._fragmenter.has_small(unit.pts) else None
        outputs: list[Output] = []
        if self._start is not None and (sets not in (None, self._sets) or small != self._small):
            outputs += self.flush()
        if self._start is not None:
            if unit.pts - self._start < EARLIEST_END:
                return outputs
            outputs += [*self._cut(), SegmentEnd()]
        elif small is None and self._newest_small is not None and self._without < MOST_WITHOUT:
            self._without += 1
            return outputs
        self._sets, self._small = sets or self._sets, small
        if self._sets is None or unit.epoch_ms + unit.seconds * 1000 < self._not_before_ms - 1:
            return outputs
        self._start, self._boundary = unit.pts, unit.pts + PART_STEP
        rate = VIDEO_CLOCK / unit.duration
        outputs.append(
            SegmentStart(self._sets, unit.session, unit.epoch_ms, unit.pts, rate, self._discontinuity, small)
        )
        self._discontinuity = False
        self._without = 0 if small is not None else self._without
        return outputs

    def _cut(self) -> list[Output]:
        fragment = self._fragmenter.cut()
        if fragment is None:
            return []
        while self._boundary <= fragment.end:
            self._boundary += PART_STEP
        return [fragment]

"""Which units go into which fragment of which file. No I/O."""

from collections import deque
from dataclasses import dataclass

from media.access_unit import VIDEO_CLOCK, AccessUnit, Track
from media.formats.cmaf import AAC_CODEC, init_segment
from media.formats.continuity import Continuity, Step
from media.formats.fragmenter import Fragment, Fragmenter
from media.formats.h264 import ParameterSets, find_parameter_sets, read_sps, split_annex_b
from media.formats.webvtt import Cue, cue_of

THIRD = VIDEO_CLOCK // 3
"""Three fragments a second: with what the disk takes, less than a second is ever in danger."""

MOST_CUES = 100
"""That wait for a fragment."""


@dataclass(frozen=True, slots=True)
class FileHead:
    """What all fragments of one file share."""

    init: bytes
    session: int
    epoch_ms: int
    codecs: str
    width: int
    height: int
    language: str | None = None
    """BCP 47, when there is interpreted sound."""
    captions: str | None = None
    """BCP 47, when there may be captions."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A fragment and the file it belongs to: another ``head`` object means another file."""

    head: FileHead
    fragment: Fragment
    captions: tuple[Cue, ...] = ()
    """What came since the fragment before it."""


class Cutter:
    """Turns units into fragments that begin at key pictures and at thirds of a second after them.

    Another studio session or other parameter sets begin another file. Lost pictures leave a hole up to the
    next key picture; the sound in the hole is left out with them.
    """

    def __init__(self, language: str | None = None, captions: str | None = None) -> None:
        self._language = language
        self._captions = captions
        self._cues: deque[Cue] = deque(maxlen=MOST_CUES)
        self._continuity = Continuity()
        self._fragmenter = Fragmenter(with_interpreted=language is not None)
        self._head: FileHead | None = None
        self._sets: ParameterSets | None = None
        self._running = False
        self._boundary = 0

    def add(self, unit: AccessUnit) -> list[Cut]:
        """Take the next unit of the bus; the fragments that are now complete."""
        if unit.track is Track.CAPTIONS and self._captions is not None:
            self._add_cue(unit)
        if unit.track not in (Track.VIDEO_720, Track.AAC, Track.AAC_INTERPRETED):
            return []
        step = self._continuity.step(unit)
        if step is Step.REPEATED:
            return []
        done: list[Cut] = []
        if step is Step.SESSION or (step is Step.LOST and unit.track is Track.VIDEO_720):
            done += self._stop(forget_head=step is Step.SESSION)
        if unit.track is Track.VIDEO_720:
            return done + self._add_picture(unit)
        self._fragmenter.add(unit)
        return done

    def flush(self) -> list[Cut]:
        """What is in hand, as a last fragment before a pause."""
        fragment = self._fragmenter.cut()
        if fragment is None or self._head is None:
            return []
        cues = tuple(self._cues)
        self._cues.clear()
        return [Cut(self._head, fragment, cues)]

    def _add_cue(self, unit: AccessUnit) -> None:
        cue = cue_of(unit)
        if cue is not None:
            self._cues.append(cue)

    def _add_picture(self, unit: AccessUnit) -> list[Cut]:
        done: list[Cut] = []
        if unit.key:
            done += self.flush()
            self._start(unit)
        if not self._running:
            return done
        self._fragmenter.add(unit)
        end = unit.pts + unit.duration
        if end >= self._boundary:
            done += self.flush()
            while self._boundary <= end:
                self._boundary += THIRD
        return done

    def _start(self, unit: AccessUnit) -> None:
        sets = find_parameter_sets(split_annex_b(unit.data))
        if sets is not None and (sets != self._sets or self._head is None):
            facts = read_sps(sets.sps)
            codecs = f"{sets.codec},{AAC_CODEC}"
            init = init_segment(sets)
            self._sets = sets
            self._head = FileHead(
                init,
                unit.session,
                unit.epoch_ms,
                codecs,
                facts.width,
                facts.height,
                self._language,
                self._captions,
            )
        self._running = self._head is not None
        self._boundary = unit.pts + THIRD

    def _stop(self, forget_head: bool) -> list[Cut]:
        done = self.flush()
        self._fragmenter.reset()
        self._running = False
        if forget_head:
            self._head = None
        return done

"""Programme time and playback time. The programme has gaps, the playback has none."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from media.formats.recording_index import FragmentLine
from recordings.index import SAME_MOMENT, RecordedFile, RecordingIndex

ROUNDING = 1e-6
"""Sums of durations are this far from exact, at most."""


@dataclass(frozen=True, slots=True)
class Run:
    """Fragments of one file that follow each other without a gap.

    ``start`` is programme seconds, ``playback`` the seconds of the recording at which the run begins.
    """

    file: RecordedFile
    fragments: tuple[FragmentLine, ...]
    playback: float

    @property
    def start(self) -> float:
        """Programme time of its first picture."""
        return self.fragments[0].seconds

    @property
    def duration(self) -> float:
        """Seconds."""
        return sum(fragment.duration for fragment in self.fragments)


class Timeline:
    """Maps seconds of the programme to seconds of the recording and back."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = tuple(runs)
        self._starts = [run.start for run in self.runs]
        self._playbacks = [run.playback for run in self.runs]

    @classmethod
    def of(cls, index: RecordingIndex) -> "Timeline":
        """Find the gaps of a recording."""
        groups: list[tuple[RecordedFile, list[FragmentLine]]] = []
        for file, fragment in index.fragments():
            if groups and groups[-1][0] is file and _follows(groups[-1][1][-1], fragment):
                groups[-1][1].append(fragment)
            elif fragment.key:
                groups.append((file, [fragment]))
        runs: list[Run] = []
        for file, fragments in groups:
            playback = runs[-1].playback + runs[-1].duration if runs else 0.0
            runs.append(Run(file, tuple(fragments), playback))
        return cls(runs)

    @property
    def duration(self) -> float:
        """Seconds of playback."""
        return self.runs[-1].playback + self.runs[-1].duration if self.runs else 0.0

    def to_playback(self, programme: float) -> float:
        """Where a moment of the programme is played; a moment in a gap is where the playback goes on."""
        number = bisect_right(self._starts, programme + ROUNDING) - 1
        if number < 0:
            return 0.0
        run = self.runs[number]
        return run.playback + min(programme - run.start, run.duration)

    def to_programme(self, playback: float) -> float:
        """The moment of the programme played at a time. Raises ``ValueError`` when nothing was recorded."""
        if not self.runs:
            raise ValueError("Nothing was recorded")
        run = self.runs[max(0, bisect_right(self._playbacks, playback + ROUNDING) - 1)]
        return run.start + min(max(0.0, playback - run.playback), run.duration)


def _follows(earlier: FragmentLine, later: FragmentLine) -> bool:
    return abs(earlier.seconds + earlier.duration - later.seconds) < SAME_MOMENT

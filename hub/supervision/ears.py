"""How sources have been heard in the last seconds, whether or not the meeting is live."""

from collections import deque

from hub.domain.ports import Sound
from media.control.studio import LevelsMeasured, SourceLevel
from media.silence import SILENT_DBFS, SILENT_SECONDS

FULL_DBFS = -0.1
"""A peak above it is at full scale, as far as a lossy codec can tell."""
CLIPS = 3
"""Readings at full scale within ``CLIPS_SECONDS`` that make a distorted sound; one alone is a knock."""
CLIPS_SECONDS = 5.0


class Ears:
    """Remembers a few moments for each source. Time is the studio's count of mixed sound."""

    def __init__(self) -> None:
        self._now = 0.0
        self._seen: dict[str, float] = {}
        self._heard: dict[str, float] = {}
        self._clips: dict[str, deque[float]] = {}

    def put(self, levels: LevelsMeasured) -> None:
        """The next reading. A studio that begins anew is heard anew, and so is a source that was away."""
        if levels.seconds < self._now:
            self.forget()
        self._now = levels.seconds
        here = {level.source for level in levels.sources}
        for gone in self._seen.keys() - here:
            for memory in (self._seen, self._heard, self._clips):
                memory.pop(gone, None)
        for level in levels.sources:
            self._listen(level)

    def sound(self, source: str) -> Sound:
        """How a source has been heard. A new one has ten seconds to say something."""
        if source not in self._seen:
            return "none"
        if self._now - self._heard.get(source, self._seen[source]) >= SILENT_SECONDS:
            return "silent"
        clips = self._clips.get(source, ())
        recent = sum(self._now - at < CLIPS_SECONDS for at in clips)
        return "clipping" if recent >= CLIPS else "good"

    def forget(self) -> None:
        """Everything."""
        self._now = 0.0
        self._seen.clear()
        self._heard.clear()
        self._clips.clear()

    def _listen(self, level: SourceLevel) -> None:
        self._seen.setdefault(level.source, self._now)
        if level.rms > SILENT_DBFS:
            self._heard[level.source] = self._now
        if level.peak > FULL_DBFS:
            self._clips.setdefault(level.source, deque(maxlen=CLIPS)).append(self._now)

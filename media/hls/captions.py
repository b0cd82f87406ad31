"""Captions as WebVTT files of the same cadence as the pictures (RFC 8216bis, 3.1.4). No I/O.

They are fed through the bus as everything else the public get: units of ``Track.CAPTIONS``, past the gate.
"""

from dataclasses import replace

from media.access_unit import AccessUnit
from media.formats.webvtt import HLS_HEAD, Cue, cue_of

MOST_CUES = 100
"""That may be shown or waiting at one time; the oldest give way."""


class Captions:
    """Cues as they come, and the files that show them.

    A cue that is late begins with the next part: what was published does not change.
    """

    def __init__(self) -> None:
        self._cues: list[Cue] = []
        self._told = 0
        self._last = (0, -1)
        """Session and number of the newest unit: the bus gives some again after a reconnection."""

    def add(self, unit: AccessUnit) -> None:
        """Take a cue; one without words is none."""
        session, sequence = self._last
        if unit.session == session and unit.sequence <= sequence:
            return
        self._last = unit.session, unit.sequence
        cue = cue_of(unit)
        if cue is None:
            return
        start = max(cue.start, self._told)
        shown = replace(cue, start=start, end=start + cue.end - cue.start, name="")
        self._cues = [*self._cues, shown][-MOST_CUES:]

    def part(self, start: int, end: int) -> bytes:
        """The file of a part. From now on no cue begins before its end."""
        self._told = end
        return self._file(start, end)

    def segment(self, start: int, end: int) -> bytes:
        """The file of a segment whose parts are all told; older cues are forgotten."""
        file = self._file(start, end)
        self._cues = [cue for cue in self._cues if cue.end > end]
        return file

    def _file(self, start: int, end: int) -> bytes:
        shown = (str(cue) for cue in self._cues if cue.start < end and cue.end > start)
        return f"{HLS_HEAD}{''.join(shown)}".encode()

"""Captions as WebVTT files of the same cadence as the pictures (RFC 8216bis, 3.1.4). No I/O.

They are fed through the bus as everything else the public get: units of ``Track.CAPTIONS``, past the gate.
"""

from dataclasses import dataclass

from media.access_unit import VIDEO_CLOCK, AccessUnit
from media.formats.languages import own_name

HEAD = "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n"
"""Times in the file are programme time, as decode times in the pictures' files are."""
MOST_CUES = 100
"""That may be shown or waiting at one time; the oldest give way."""
LONGEST_CUE = 30 * VIDEO_CLOCK
LONGEST_TEXT = 500
GROUP = ',SUBTITLES="captions"'
"""What a variant says of them."""
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, slots=True)
class Cue:
    """A text and when it is shown, in units of the video clock."""

    start: int
    end: int
    text: str


class Captions:
    """Cues as they come, and the files that show them.

    A cue that is late begins with the next part: what was published does not change.
    """

    def __init__(self) -> None:
        self._cues: list[Cue] = []
        self._told = 0

    def add(self, unit: AccessUnit) -> None:
        """Take a cue; one without words is none."""
        text = _plain(unit.data.decode(errors="replace"))
        if not text:
            return
        scale = VIDEO_CLOCK / unit.track.clock_rate
        start = max(round(unit.pts * scale), self._told)
        length = min(max(round(unit.duration * scale), VIDEO_CLOCK), LONGEST_CUE)
        self._cues = [*self._cues, Cue(start, start + length, text)][-MOST_CUES:]

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
        shown = (cue for cue in self._cues if cue.start < end and cue.end > start)
        cues = (f"\n{_time(cue.start)} --> {_time(cue.end)}\n{cue.text}\n" for cue in shown)
        return f"{HEAD}{''.join(cues)}".encode()


def group(language: str | None) -> str:
    """The choice of captions as a line of a multivariant playlist, or nothing."""
    if language is None:
        return ""
    return (
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",AUTOSELECT=YES,DEFAULT=NO,FORCED=NO,'
        f'NAME="{own_name(language)}",LANGUAGE="{language}",'
        'CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog",URI="captions.m3u8"\n'
    )


def _plain(text: str) -> str:
    """One paragraph without markup: an empty line would end the cue, an arrow would begin another."""
    return " ".join(text.split())[:LONGEST_TEXT].strip().translate(_ENTITIES)


def _time(units: int) -> str:
    seconds, thousandths = divmod(units // 90, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"

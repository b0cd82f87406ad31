"""Captions as text: WebVTT (https://www.w3.org/TR/webvtt1/), of plain lines alone."""

import re
from dataclasses import dataclass

from media.access_unit import VIDEO_CLOCK, AccessUnit

SIGNATURE = "WEBVTT\n"
HLS_HEAD = f"{SIGNATURE}X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n"
"""Times in the file are programme time, as decode times in the pictures' files are."""
LONGEST_CUE = 30 * VIDEO_CLOCK
LONGEST_TEXT = 500
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_CUE = re.compile(r"^(?:(\S+)\n)?(\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d+):(\d\d):(\d\d)\.(\d{3})\n(.+)$")


@dataclass(frozen=True, slots=True)
class Cue:
    """A text, escaped, and when it is shown, in units of the video clock."""

    start: int
    end: int
    text: str
    name: str = ""

    def __str__(self) -> str:
        """As it stands in a file, behind an empty line."""
        named = f"{self.name}\n" if self.name else ""
        return f"\n{named}{_time(self.start)} --> {_time(self.end)}\n{self.text}\n"


def cue_of(unit: AccessUnit) -> Cue | None:
    """The cue of a unit of the bus, named after it; ``None`` for one without words."""
    text = _plain(unit.data.decode(errors="replace"))
    if not text:
        return None
    scale = VIDEO_CLOCK / unit.track.clock_rate
    start = round(unit.pts * scale)
    length = min(max(round(unit.duration * scale), VIDEO_CLOCK), LONGEST_CUE)
    return Cue(start, start + length, text, f"{unit.session:08x}-{unit.sequence}")


def read(file: str) -> list[Cue]:
    """The cues of a file as we write them, in its order; anything else in it is left out."""
    found = (_CUE.match(block.strip("\n")) for block in file.split("\n\n"))
    return [
        Cue(_units(*one.group(2, 3, 4, 5)), _units(*one.group(6, 7, 8, 9)), one[10], one[1] or "")
        for one in found
        if one
    ]


def _plain(text: str) -> str:
    """One paragraph without markup: an empty line would end the cue, an arrow would begin another."""
    return " ".join(text.split())[:LONGEST_TEXT].strip().translate(_ENTITIES)


def _time(units: int) -> str:
    seconds, thousandths = divmod(units // 90, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"


def _units(hours: str, minutes: str, seconds: str, thousandths: str) -> int:
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * VIDEO_CLOCK + int(thousandths) * 90

"""What was said in a recorded meeting, as text."""

import re
from dataclasses import dataclass
from pathlib import Path

from media.access_unit import VIDEO_CLOCK
from media.formats import webvtt
from media.formats.recording_index import CAPTIONS_NAME
from media.formats.webvtt import HLS_HEAD, SIGNATURE, Cue
from recordings.timeline import Timeline

_NAME = re.compile(r"captions-(\d{1,9})-(\d{1,9})\.vtt")


@dataclass(frozen=True, slots=True)
class Captions:
    """All cues of a recording, by programme time, and the language (BCP 47) they are in."""

    language: str
    cues: tuple[Cue, ...]

    def file(self, name: str) -> bytes | None:
        """The file that a playlist calls so, in programme time; ``None`` for any other name."""
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        start, end = (int(text) * VIDEO_CLOCK // 1000 for text in match.groups())
        shown = (str(cue) for cue in self.cues if cue.start < end and cue.end > start)
        return f"{HLS_HEAD}{''.join(shown)}".encode()

    def played(self, timeline: Timeline) -> str:
        """One file for the whole recording, in seconds of playback. What fell into a gap is left out."""
        played = []
        for cue in self.cues:
            start, end = (timeline.to_playback(units / VIDEO_CLOCK) for units in (cue.start, cue.end))
            if end > start:
                played.append(Cue(round(start * VIDEO_CLOCK), round(end * VIDEO_CLOCK), cue.text))
        return f"{SIGNATURE}{''.join(map(str, played))}"


def read_captions(directory: Path, timeline: Timeline) -> Captions | None:
    """The captions beside a recording; ``None`` when nothing was said as text. Blocks on the disk."""
    language = next((run.file.head.captions for run in timeline.runs if run.file.head.captions), "")
    try:
        file = (directory / CAPTIONS_NAME).read_text(errors="replace")
    except FileNotFoundError:
        return None
    cues = sorted(webvtt.read(file), key=lambda cue: (cue.start, cue.end))
    return Captions(language, tuple(cues)) if language and cues else None


def captions_name(seconds: float, duration: float) -> str:
    """What a playlist calls the captions of a stretch of programme time."""
    return f"captions-{round(seconds * 1000)}-{round((seconds + duration) * 1000)}.vtt"

"""``captions.vtt`` beside a recording. Every method blocks on the disk."""

from collections.abc import Sequence
from pathlib import Path

from media.formats import webvtt
from media.formats.recording_index import CAPTIONS_NAME
from media.formats.webvtt import Cue
from media.recorder.tape import Tape


class CaptionsFile:
    """Cues with programme time, each once: the bus gives some again to a recorder that was restarted.

    There is no file before the first. Opening cuts off what a crash tore.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / CAPTIONS_NAME
        self._names: set[str] = set()
        self._tape: Tape | None = None
        if self._path.exists():
            data = self._path.read_bytes()
            last = data.rfind(b"\n\n") + 1
            whole = data.endswith(b"\n") and webvtt.read(data[last:].decode(errors="replace"))
            good = len(data) if whole else last
            self._names = {cue.name for cue in webvtt.read(data[:good].decode(errors="replace"))}
            self._tape = Tape(self._path, good)
            self._tape.take_back(good)

    def append(self, cues: Sequence[Cue]) -> None:
        """Put those on disk that are not there. Raises ``OSError``, and may be repeated then."""
        new = [cue for cue in cues if cue.name not in self._names]
        if not new:
            return
        if self._tape is None:
            self._tape = Tape(self._path)
        head = "" if self._tape.end else webvtt.SIGNATURE
        self._tape.append(f"{head}{''.join(map(str, new))}".encode())
        self._names |= {cue.name for cue in new}

    def close(self) -> None:
        """Close it."""
        if self._tape is not None:
            self._tape.close()

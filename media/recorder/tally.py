"""What the recorder says of itself."""

from collections.abc import Iterable

from media.control.recorder import RecorderStatus
from media.formats.recording_index import FileLine, Line


class Tally:
    """Adds up the index lines that are on disk and remembers the last trouble."""

    def __init__(self) -> None:
        self._files: list[str] = []
        self._bytes = 0
        self._first: float | None = None
        self._last = 0.0
        self._trouble = ""

    def add(self, lines: Iterable[Line]) -> None:
        """These lines, and the bytes they speak of, are on disk."""
        for line in lines:
            if isinstance(line, FileLine):
                self._files.append(line.file)
                self._bytes += line.init_size + line.sound_init_size
                continue
            self._bytes += line.size + line.sound_size
            self._first = line.seconds if self._first is None else min(self._first, line.seconds)
            self._last = max(self._last, line.seconds + line.duration)

    def trouble(self, error: OSError | None) -> None:
        """The last attempt to write failed, or succeeded (``None``)."""
        self._trouble = "" if error is None else (error.strerror or str(error))

    def status(self, waiting_seconds: float, lost_seconds: float) -> RecorderStatus:
        """The state as the console shows it."""
        return RecorderStatus(
            files=list(self._files),
            bytes=self._bytes,
            first_seconds=self._first or 0.0,
            last_seconds=self._last,
            healthy=not self._trouble,
            sentence=self._sentence(waiting_seconds, lost_seconds),
        )

    def _sentence(self, waiting: float, lost: float) -> str:
        gone = f" {lost:.0f} seconds could not be kept." if lost >= 0.5 else ""
        if self._trouble:
            waits = f"{waiting:.0f} seconds wait in memory."
            return f"The recording cannot be written: {self._trouble}. {waits}{gone}"
        if self._first is None:
            return f"Waiting for the first picture.{gone}"
        return f"Everything up to now is safe on disk.{gone}"

"""One file of a recording. Every method blocks on the disk: call them from a thread, one at a time."""

import os
from contextlib import suppress
from pathlib import Path


class Tape:
    """A file that is only added to, and whose good end is known: nothing torn stays in the middle."""

    def __init__(self, path: Path, good: int = 0) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o640)
        self.end = good

    def append(self, data: bytes) -> int:
        """Write and ``fdatasync``; the offset it lies at. Raises ``OSError`` and takes back what it wrote."""
        view, offset = memoryview(data), self.end
        try:
            while view:
                written = os.pwrite(self._file, view, offset)
                view, offset = view[written:], offset + written
            os.fdatasync(self._file)
        except OSError:
            self.take_back(self.end)
            raise
        offset, self.end = self.end, offset
        return offset

    def take_back(self, end: int) -> None:
        """Make ``end`` the good end again. What cannot be cut off now is written over later."""
        self.end = end
        with suppress(OSError):
            os.ftruncate(self._file, end)

    def close(self) -> None:
        """Close it; what was appended is on disk already."""
        os.close(self._file)

"""A media file played in a loop, at its own pace, as a source."""

import os
import threading
from pathlib import Path

import structlog

from media.clock import Clock
from media.sources.decoding import Decoder
from media.sources.intake import Intake

log = structlog.get_logger(__name__)

MOST_CRASHES = 5


class FileSource:
    """A local file, decoded in a process of its own. What cannot be read ends the source with a sentence."""

    def __init__(self, path: Path, intake: Intake, clock: Clock) -> None:
        self._path = path
        self._intake = intake
        self._clock = clock
        self._lock = threading.Lock()
        self._stopped = False
        self._decoder: Decoder | None = None
        self._thread = threading.Thread(target=self._run, name="file-source", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        with self._lock:
            self._stopped = True
            if self._decoder is not None:
                self._decoder.kill()
        self._thread.join()
        self._intake.gone("The file was stopped.")

    def _run(self) -> None:
        try:
            fd = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            self._intake.gone(f"{self._path.name} cannot be played: {error.strerror}.")
            return
        try:
            self._play(fd)
        finally:
            os.close(fd)

    def _play(self, fd: int) -> None:
        for _ in range(MOST_CRASHES):
            with self._lock:
                if self._stopped:
                    return
                decoder = self._decoder = Decoder("film", fd, b"", 0.0)
            ending = decoder.run(self._intake)
            log.info("file_source_ended", file=self._path.name, how=ending.how, sentence=ending.sentence)
            if ending.how == "refused":
                self._intake.gone(f"{self._path.name} cannot be played. {ending.sentence}")
            if ending.how != "crashed":
                return
        self._intake.gone(f"{self._path.name} cannot be played: its decoder crashed {MOST_CRASHES} times.")

"""A media file played in a loop, at its own pace, as a source."""

import threading
from pathlib import Path

import av
import structlog

from media.clock import Clock
from media.sources.intake import Intake

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 1.0


class FileSource:
    """Reads one local file in a thread of its own. What cannot be read ends the source with a sentence."""

    def __init__(self, path: Path, intake: Intake, clock: Clock) -> None:
        self._path = path
        self._intake = intake
        self._clock = clock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="file-source", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End. Blocks for one frame at most."""
        self._stop.set()
        self._thread.join()
        self._intake.gone("The file was stopped.")

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                if not self._play():
                    self._intake.refused(f"{self._path.name} has neither picture nor sound.")
                    return
        except (OSError, ValueError, av.error.FFmpegError) as error:
            log.warning("file_source_failed", file=self._path.name, error=str(error))
            self._intake.gone(f"{self._path.name} cannot be played: {error}")

    def _play(self) -> bool:
        """Once from beginning to end; False when there was nothing in it."""
        # A path, never a URL: libavformat would open "http:" and "concat:" just as well.
        with av.open(str(self._path.resolve(strict=True))) as container:
            streams = [*container.streams.video[:1], *container.streams.audio[:1]]
            if not streams:
                return False
            self._intake.connected()
            begin = self._clock.monotonic()
            first: float | None = None
            for frame in container.decode(streams):
                if not isinstance(frame, av.VideoFrame | av.AudioFrame):
                    continue
                time = frame.time or 0.0
                first = time if first is None else first
                wait = begin + time - first - self._clock.monotonic()
                if self._stop.wait(min(max(0.0, wait), PAUSE_SECONDS)):
                    return True
                if isinstance(frame, av.VideoFrame):
                    self._intake.put_picture(frame)
                else:
                    self._intake.put_sound(frame)
            return first is not None

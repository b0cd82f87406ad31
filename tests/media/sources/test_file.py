import threading
from pathlib import Path

import av

from media.clock import SystemClock
from media.programme.picture import blank
from media.sources.file import FileSource
from media.sources.intake import Intake


def write_film(path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", 25)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for _ in range(5):
            container.mux(stream.encode(blank(160, 90, (90, 100, 220))))
        container.mux(stream.encode(None))


class Counting(Intake):
    """Tells when something arrived or ended."""

    def __init__(self) -> None:
        super().__init__("chamber", "file", "Film", SystemClock())
        self.arrived = threading.Semaphore(0)
        self.ended = threading.Event()

    def put_picture(self, frame: av.VideoFrame, at: float | None = None) -> bool:
        taken = super().put_picture(frame, at)
        self.arrived.release()
        return taken

    def gone(self, sentence: str) -> None:
        super().gone(sentence)
        self.ended.set()


def test_a_file_plays_in_a_loop(tmp_path: Path) -> None:
    write_film(tmp_path / "film.mp4")
    intake = Counting()
    source = FileSource(tmp_path / "film.mp4", intake, SystemClock())
    source.start()
    for _ in range(12):
        assert intake.arrived.acquire(timeout=5)
    assert intake.status().width == 160
    source.stop()
    assert intake.status().state == "gone"


def test_what_cannot_be_played_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.mp4").write_text("not a film")
    for name in ("notes.mp4", "missing.mp4"):
        intake = Counting()
        source = FileSource(tmp_path / name, intake, SystemClock())
        source.start()
        assert intake.ended.wait(5)
        assert "cannot be played" in intake.status().sentence
        source.stop()

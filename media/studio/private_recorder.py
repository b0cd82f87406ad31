"""The council's own recording of private sessions: sealed as it is written, in a folder of its own.

It takes the mix and the picture of the private room in the ticker's thread and does everything else in its
own; nothing of it touches the bus, the encoders of the programme, or any file of theirs.
"""

import queue
import threading
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import structlog
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from media.gate.journal import sync_directory
from media.gate.sealed import SealedWriter, read_public_key
from media.rhythm import DEFAULT, Rhythm
from media.sources.sound import Sound

log = structlog.get_logger(__name__)

RATE = 48_000
MOST_WAITING = 100
"""Ticks: some seconds that the disk may be away; after them the newest are left out."""
CHUNK_SECONDS = 1.0
SUFFIX = ".mts.sealed"


@dataclass(frozen=True, slots=True)
class Moment:
    """What one tick of a private session made. ``index``: of the tick."""

    session: int
    index: int
    sounds: list[Sound]
    picture: av.VideoFrame | None


class PrivateRecorder:
    """``put`` and ``end`` never block; ``close`` does. ``sentence`` is for the console."""

    def __init__(self, folder: Path, key: Path, rhythm: Rhythm = DEFAULT) -> None:
        self._rhythm = rhythm
        self._folder = folder
        self._key_file = key
        self._waiting: queue.Queue[Moment | None] = queue.Queue(MOST_WAITING)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="private recorder", daemon=True)
        self.sentence = ""
        self._given_up: int | None = None
        """A session of which something could not be written: its end is not pretended to be a recording."""
        self._thread.start()

    def put(self, moment: Moment) -> None:
        """Record this; when the disk is too slow it is left out."""
        try:
            self._waiting.put_nowait(moment)
        except queue.Full:
            self.sentence = "The disk is too slow: parts of the private session are not recorded."

    def end(self) -> None:
        """The session is over: its file is closed."""
        try:
            self._waiting.put_nowait(None)
        except queue.Full:
            log.warning("private_recorder_behind")

    def close(self) -> None:
        """Write what waits, then stop."""
        self._stopping.set()
        self.end()
        self._thread.join()

    def _run(self) -> None:
        tape: _Tape | None = None
        while not (self._stopping.is_set() and self._waiting.empty()):
            moment = self._waiting.get()
            try:
                tape = self._turn(tape, moment)
            except (OSError, ValueError, av.error.FFmpegError) as error:
                log.error("private_recording_failed", error=str(error))
                self.sentence = f"The private session is not recorded: {error}"
                self._given_up = moment.session if moment is not None else None
                if tape is not None:
                    tape.abandon()
                tape = None

    def _turn(self, tape: "_Tape | None", moment: Moment | None) -> "_Tape | None":
        if tape is not None and (moment is None or moment.session != tape.session):
            tape.close()
            tape = None
            self.sentence = ""
        if moment is None or moment.session == self._given_up:
            return None
        if tape is None:
            tape = _Tape(self._new_file(), read_public_key(self._key_file), moment, self._rhythm)
            self.sentence = "The private session is recorded for the council, encrypted."
        tape.add(moment)
        return tape

    def _new_file(self) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        names = (path.name for path in self._folder.glob(f"private-[0-9]*{SUFFIX}"))
        numbers = [int(name.split("-")[1].split(".")[0]) for name in names]
        sync_directory(self._folder)
        return self._folder / f"private-{max(numbers, default=0) + 1:04d}{SUFFIX}"


class _Tape:
    """One session: MPEG-TS (H.264 and AAC), which a crash may end anywhere, through a ``SealedWriter``."""

    def __init__(self, path: Path, key: X25519PublicKey, first: Moment, rhythm: Rhythm) -> None:
        self._rhythm = rhythm
        self.session = first.session
        self._begun = first.index
        self._buffer = bytearray()
        self._flushed = 0.0
        self._file = SealedWriter(path, key)
        self._container = av.open(self, "w", format="mpegts")
        self._video = _video(self._container.add_stream("libx264", rate=rhythm.pictures))
        self._audio = _audio(self._container.add_stream("aac", rate=RATE))
        self._rest: Sound = np.zeros((0, 2), np.float32)
        self._position = 0

    def write(self, data: bytes) -> int:
        """What the muxer hands over."""
        self._buffer += data
        return len(data)

    def add(self, moment: Moment) -> None:
        """Encode one tick. Raises ``OSError`` and ``av.error.FFmpegError``."""
        seconds = (moment.index - self._begun) / self._rhythm.pictures
        if moment.picture is not None:
            frame = moment.picture
            frame.pts, frame.time_base = moment.index - self._begun, Fraction(1, self._rhythm.pictures)
            self._container.mux(self._video.encode(frame))
        self._go_on_at(self._rhythm.sample(moment.index) - self._rhythm.sample(self._begun))
        self._rest = np.concatenate((self._rest, *moment.sounds))
        while len(self._rest) >= 1024:
            self._add_sound(self._rest[:1024])
            self._rest = self._rest[1024:]
        if seconds - self._flushed >= CHUNK_SECONDS:
            self._flushed = seconds
            self._seal()

    def close(self) -> None:
        """Flush the encoders and seal the end."""
        for stream in (self._video, self._audio):
            self._container.mux(stream.encode(None))
        self._container.close()
        self._seal()
        self._file.close()

    def abandon(self) -> None:
        """Leave it as it is."""
        self._file.abandon()

    def _go_on_at(self, position: int) -> None:
        """Where the ticker or the disk was away, sound goes on with its picture."""
        if position <= self._position + len(self._rest):
            return
        if len(self._rest):
            self._add_sound(np.concatenate((self._rest, np.zeros((1024 - len(self._rest), 2), np.float32))))
            self._rest = self._rest[:0]
        self._position = max(self._position, position)

    def _add_sound(self, block: Sound) -> None:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), "fltp", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._position, Fraction(1, RATE)
        self._position += len(block)
        self._container.mux(self._audio.encode(frame))

    def _seal(self) -> None:
        if self._buffer:
            data, self._buffer = bytes(self._buffer), bytearray()
            self._file.write(data)


def _video(stream: VideoStream) -> VideoStream:
    stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
    stream.bit_rate = 1_500_000
    stream.codec_context.gop_size = 50
    stream.options = {"preset": "veryfast", "tune": "zerolatency", "x264-params": "threads=1"}
    return stream


def _audio(stream: AudioStream) -> AudioStream:
    stream.codec_context.layout = "stereo"
    stream.bit_rate = 96_000
    return stream

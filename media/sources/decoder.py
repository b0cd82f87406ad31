"""``python -m media.sources.decoder FD``: decodes a stream, track or file for a studio, in its own process.

What strangers send is taken apart here, so a decoder that crashes, loops or eats memory takes down its
source, not the studio. It starts in a fraction of a second, because it imports little: keep it so. Then it
waits on the socket FD for its job, so that one can be kept ready.
"""

import dataclasses
import json
import math
import os
import socket
import sys
from typing import TYPE_CHECKING, Literal, Self

import av
from av.audio.resampler import AudioResampler
from av.error import FFmpegError
from av.video.reformatter import ColorRange, VideoReformatter

from media.clock import SystemClock
from media.programme.picture import FORMAT, colours, scale
from media.sources.film import Film
from media.sources.handover import (
    MOST_SAMPLES,
    NO_TIME,
    Begun,
    Came,
    Message,
    Over,
    PictureAt,
    SoundPiece,
    Trouble,
    pack,
)
from media.sources.limits import MEGABYTE, CpuAllowance, confine
from media.sources.mailbox import Mailbox
from media.sources.ring import HIGHEST, WIDEST, Ring
from media.sources.stream import ByteStream, StreamEnded, StreamRefused
from media.sources.track import DecodedTrack

if TYPE_CHECKING:
    from fractions import Fraction

MEMORY = 2048 * MEGABYTE
CPU_SECONDS = 10
"""Processor time that one piece of a stream may take."""
LONGEST_JOB, MOST_FDS = 4096, 3
TELL_EVERY = 25
"""Pieces dealt with between two reports of damage, and of how much came."""


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """What to decode, and the descriptors to do it with. -1: there is none.

    It travels in one packet on the handover's socket, its descriptors beside it (``SCM_RIGHTS``).
    """

    kind: Literal["stream", "track", "film"]
    ring: int
    source: int
    """The stream's socket, the track's mailbox, the open file."""
    begun: int
    """A file with what was read of the stream already."""
    idle: float
    """Seconds of silence after which a stream is over."""
    kept: int = 0
    """Bytes of a stream that are decoded and not handed over."""

    def send(self, connection: socket.socket) -> None:
        """Give it to a child that waits. Raises ``OSError``."""
        fds = [fd for fd in (self.ring, self.source, self.begun) if fd >= 0]
        text = json.dumps({"kind": self.kind, "idle": self.idle, "kept": self.kept})
        socket.send_fds(connection, [text.encode()], fds)

    @classmethod
    def receive(cls, connection: socket.socket) -> Self | None:
        """Wait for it; ``None`` when the studio left. Raises ``ValueError`` for what is no job."""
        text, fds, _, _ = socket.recv_fds(connection, LONGEST_JOB, MOST_FDS)
        if not text:
            return None
        ring, source, *begun = fds
        return cls(ring=ring, source=source, begun=begun[0] if begun else -1, **json.loads(text))


class StudioLeft(Exception):  # noqa: N818  an end, not a fault
    """The studio hung up or died."""


class Handover:
    """Gives what was decoded to the studio. One that does not keep up misses pieces; nothing waits for it."""

    def __init__(self, connection: socket.socket, ring: Ring, allowance: CpuAllowance) -> None:
        self._connection = connection
        self._ring = ring
        self._allowance = allowance
        self._reformatter = VideoReformatter()
        self._resampler: AudioResampler | None = None
        self._shape: tuple[str, str, int] | None = None
        self._dealt = 0
        self._failures = 0
        self._missed = 0
        self._told = (0, 0)

    def begun(self) -> None:
        self._send(Begun())

    def picture(self, frame: av.VideoFrame, shape: float, at: float | None, generation: int = 0) -> None:
        """Square pixels, 4:2:0 in limited range, no larger than a slot."""
        stamp = _microseconds(frame.pts, frame.time_base)
        due, key = math.nan if at is None else at, bool(frame.key_frame)
        width, height = _bounded(frame.width * shape, frame.height)
        if not _plain(frame, width, height):
            frame = scale(frame, width, height, self._reformatter)
        slot = self._ring.put(frame)
        if slot is None:
            self._missed += 1
        elif not self._send(PictureAt(slot, width, height, stamp, due, colours(frame), generation, key)):
            self._ring.give_back(slot)

    def sound(self, frame: av.AudioFrame, at: float | None) -> None:
        """Interleaved float samples of one or two channels, at their own rate."""
        channels = 1 if len(frame.layout.channels) == 1 else 2
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._resampler is None or shape != self._shape:
            self._resampler = AudioResampler(format="flt", layout="mono" if channels == 1 else "stereo")
            self._shape = shape
        for part in self._resampler.resample(frame):
            stamp = _microseconds(part.pts, part.time_base)
            due = math.nan if at is None else at
            data = bytes(part.planes[0])[: part.samples * channels * 4]
            for begin in range(0, part.samples, MOST_SAMPLES):
                piece = data[begin * channels * 4 : (begin + MOST_SAMPLES) * channels * 4]
                later = begin / part.sample_rate
                moment = stamp if stamp == NO_TIME else stamp + round(later * 1_000_000)
                self._send(SoundPiece(part.sample_rate, channels, moment, due + later, piece))

    def progress(self, failures: int, skipped: int, octets: int) -> None:
        self._allowance.renew()
        self._dealt += 1
        if octets and self._dealt % TELL_EVERY == 0:
            self._send(Came(octets))
        counts = (failures, skipped + self._missed)
        if self._dealt % TELL_EVERY == 0 and counts != self._told and self._send(Trouble(*counts)):
            self._told = counts

    def dealt(self) -> None:
        """A picture of a track was dealt with."""
        self._allowance.renew()

    def failed(self, *, damaged: bool) -> None:
        """A picture of a track could not be decoded: the studio is told at once."""
        self._failures += damaged
        self._send(Trouble(self._failures, 0))

    def over(self, refused: bool, sentence: str) -> None:
        """The last word. Waits for the studio to take it."""
        self._connection.settimeout(2.0)
        self._connection.send(pack(Over(refused, sentence)))

    def _send(self, message: Message) -> bool:
        try:
            self._connection.send(pack(message), socket.MSG_DONTWAIT)
        except BlockingIOError:
            self._missed += 1
            return False
        except OSError as error:
            raise StudioLeft from error
        return True


def main() -> int:
    """Wait for the job and do it. Exit status 0: the studio was told how it ended, or is gone itself."""
    confine(MEMORY)
    with socket.socket(fileno=int(sys.argv[1])) as connection:
        job = Job.receive(connection)
        if job is None:
            return 0
        handover = Handover(connection, Ring(job.ring), CpuAllowance(CPU_SECONDS))
        try:
            handover.over(*_work(job, connection, handover))
        except (StudioLeft, OSError):
            return 0
    return 0


def _work(job: Job, connection: socket.socket, handover: Handover) -> tuple[bool, str]:
    """Whether it was refused, and the last sentence."""
    try:
        if job.kind == "film":
            Film(job.source, handover, SystemClock()).play()
        elif job.kind == "track":
            DecodedTrack(connection, Mailbox(job.source), handover).play()
        else:
            _play_stream(job, handover)
    except StreamRefused as refusal:
        return True, str(refusal)
    except StreamEnded as ending:
        return False, str(ending)
    except MemoryError:
        return True, "The stream needs more memory than a feed may have."
    except FFmpegError as error:
        return True, f"The stream could not be decoded any further: {error.strerror}."
    return False, ""


def _play_stream(job: Job, handover: Handover) -> None:
    begun = b""
    if job.begun >= 0:
        with open(job.begun, "rb") as file:  # noqa: PTH123  a descriptor, not a path
            begun = file.read()
    with socket.socket(fileno=job.source) as source:
        ByteStream(source, begun, handover, SystemClock(), job.idle, job.kept).play()


def _plain(frame: av.VideoFrame, width: int, height: int) -> bool:
    """Whether it can be handed over as it is; the studio knows about colours."""
    size = frame.width == width and frame.height == height
    return size and frame.format.name == FORMAT and frame.color_range != ColorRange.JPEG


def _bounded(width: float, height: int) -> tuple[int, int]:
    """Even, and within a slot, in the same proportions."""
    scale = min(1.0, WIDEST / width, WIDEST / height, (WIDEST * HIGHEST / (width * height)) ** 0.5)
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


def _microseconds(pts: int | None, time_base: "Fraction | None") -> int:
    return NO_TIME if pts is None or time_base is None else int(pts * time_base * 1_000_000)


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # Decoder threads may be stuck in what broke them; there is nothing to clean up.
    os._exit(status)

"""The studio's end of a decoder process: starts it, takes what it hands over, and tells how it ended."""

import math
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import av
import numpy as np
import structlog
from av.error import FFmpegError

from media.sources.decoder import Job
from media.sources.handover import (
    LARGEST,
    NO_TIME,
    Begun,
    Message,
    NotUnderstood,
    Over,
    PictureAt,
    SoundPiece,
    Trouble,
    unpack,
)
from media.sources.intake import Intake
from media.sources.ring import Ring

log = structlog.get_logger(__name__)

LEAVE_SECONDS = 2.0
"""A child that has said its last word may take so long to go."""
MICRO = Fraction(1, 1_000_000)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a decoder ended. ``crashed``: without a last word."""

    how: Literal["refused", "ended", "crashed", "killed"]
    sentence: str


class Child:
    """A decoder process that waits for its job. Raises ``OSError`` when it cannot be started."""

    def __init__(self) -> None:
        self.connection, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603  our own interpreter and module
                [sys.executable, *_warnings(), "-m", "media.sources.decoder", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    @property
    def alive(self) -> bool:
        """Whether it can still be given a job."""
        return self.process.poll() is None

    def dismiss(self) -> None:
        """It is not needed."""
        self.connection.close()
        self.process.kill()
        self.process.wait()


class SpareDecoder:
    """At most one child that waits, for the moment in which another dies. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._closed = False

    def prepare(self) -> None:
        """See to it that one is waiting."""
        with self._lock:
            if self._closed or (self._child is not None and self._child.alive):
                return
            self._drop()
            try:
                self._child = Child()
            except OSError as error:
                log.error("spare_decoder_not_started", error=str(error))

    def take(self) -> Child:
        """The one that waits, or else a fresh one. Raises ``OSError``."""
        with self._lock:
            child, self._child = self._child, None
        if child is None:
            return Child()
        if child.alive:
            return child
        child.dismiss()
        return Child()

    def rest(self) -> None:
        """Nothing is being decoded: none need wait."""
        with self._lock:
            self._drop()

    def close(self) -> None:
        """Send it away for good."""
        with self._lock:
            self._closed = True
            self._drop()

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.dismiss()


class Decoder:
    """One child process and what it decodes, into one intake at a time."""

    def __init__(
        self,
        kind: Literal["stream", "film"],
        source: int,
        begun: bytes,
        idle: float,
        spare: SpareDecoder | None = None,
    ) -> None:
        """Set a child to work on a descriptor, which stays the caller's. Raises ``OSError``."""
        child = Child() if spare is None else spare.take()
        self._connection, self._child = child.connection, child.process
        self._killed = threading.Event()
        self._trouble = Trouble(0, 0)
        memory = -1
        try:
            self._ring = Ring.create()
            memory = _memory_file(begun) if begun else -1
            Job(kind, self._ring.fd, source, memory, idle).send(self._connection)
        except (BrokenPipeError, ConnectionResetError):
            # It died this moment: ``run`` finds that out.
            log.warning("decoder_took_no_job", pid=self._child.pid)
        except OSError:
            child.dismiss()
            raise
        finally:
            if memory >= 0:
                os.close(memory)

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._child.pid

    @property
    def trouble(self) -> Trouble:
        """What the child last said of damage."""
        return self._trouble

    def kill(self) -> None:
        """End it now, from any thread; ``run`` then returns ``killed``."""
        self._killed.set()
        if self._child.poll() is None:
            self._child.kill()

    def run(self, intake: Intake, troubled: Callable[[Trouble], None] | None = None) -> Ending:
        """Take pictures and sound until the child is gone. Blocks its thread; leaves nothing behind."""
        over: Over | None = None
        try:
            while over is None and (packet := self._connection.recv(LARGEST)):
                over = self._hear(unpack(packet), intake, troubled)
        except (NotUnderstood, ConnectionError) as error:
            log.error("decoder_not_understood", source=intake.name, error=str(error))
        finally:
            self._connection.close()
            self._ring.close()
            status = self._reap(over is not None)
        if self._killed.is_set():
            return Ending("killed", "")
        if over is None:
            log.error("decoder_crashed", source=intake.name, status=status)
            return Ending("crashed", _epitaph(status))
        return Ending("refused" if over.refused else "ended", over.sentence)

    def _hear(
        self, message: Message, intake: Intake, troubled: Callable[[Trouble], None] | None
    ) -> Over | None:
        match message:
            case PictureAt():
                self._take_picture(message, intake)
            case SoundPiece():
                self._take_sound(message, intake)
            case Begun():
                intake.connected()
            case Trouble():
                self._trouble = message
                if troubled is not None:
                    troubled(message)
            case Over():
                return message
        return None

    def _take_picture(self, message: PictureAt, intake: Intake) -> None:
        try:
            frame = self._ring.take(message.slot, message.width, message.height)
        except ValueError as error:
            raise NotUnderstood(str(error)) from error
        if message.microseconds != NO_TIME:
            frame.pts, frame.time_base = message.microseconds, MICRO
        intake.put_picture(frame, _known(message.due))

    @staticmethod
    def _take_sound(message: SoundPiece, intake: Intake) -> None:
        samples = np.frombuffer(message.samples, np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, "flt", "mono" if message.channels == 1 else "stereo")
        frame.sample_rate = message.rate
        if message.microseconds != NO_TIME:
            frame.pts, frame.time_base = message.microseconds, MICRO
        try:
            intake.put_sound(frame, _known(message.due))
        except FFmpegError as error:
            log.warning("sound_not_taken", source=intake.name, error=str(error))

    def _reap(self, said_goodbye: bool) -> int:
        if said_goodbye:
            try:
                return self._child.wait(LEAVE_SECONDS)
            except subprocess.TimeoutExpired:
                log.warning("decoder_did_not_leave", pid=self._child.pid)
        self._child.kill()
        return self._child.wait()


def _known(due: float) -> float | None:
    return due if math.isfinite(due) else None


def _epitaph(status: int) -> str:
    if -status == signal.SIGXCPU:
        return "The decoder of this feed got stuck and was ended. It is started again."
    cause = f"signal {-status}" if status < 0 else f"exit status {status}"
    return f"The decoder of this feed crashed ({cause}). It is started again."


def _memory_file(data: bytes) -> int:
    fd = os.memfd_create("begun")
    with open(fd, "wb", closefd=False) as file:
        file.write(data)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def _warnings() -> list[str]:
    return [part for option in sys.warnoptions for part in ("-W", option)]

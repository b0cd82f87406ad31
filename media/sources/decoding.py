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


class Decoder:
    """One child process and what it decodes, into one intake at a time."""

    def __init__(self, kind: Literal["stream", "film"], source: int, begun: bytes, idle: float) -> None:
        """Start the child on a descriptor, which stays the caller's. Raises ``OSError``."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._connection = ours
        self._ring = Ring.create()
        self._killed = threading.Event()
        self._trouble = Trouble(0, 0)
        memory = _memory_file(begun) if begun else -1
        job = Job(kind, theirs.fileno(), self._ring.fd, source, memory, idle)
        try:
            self._child = subprocess.Popen(  # noqa: S603  our own interpreter and module
                [sys.executable, *_warnings(), "-m", "media.sources.decoder", job.to_json()],
                stdin=subprocess.DEVNULL,
                pass_fds=[fd for fd in (job.handover, job.ring, job.source, job.begun) if fd >= 0],
            )
        finally:
            theirs.close()
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

"""The studio's end of a decoder process: starts it, takes what it hands over, and tells how it ended."""

import math
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
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
    Came,
    Message,
    NotUnderstood,
    Over,
    PictureAt,
    SoundPiece,
    Trouble,
    unpack,
)
from media.sources.intake import Intake
from media.sources.line import Arrived
from media.sources.mailbox import Unit
from media.sources.ring import Ring
from media.sources.spare import Child, SpareDecoder

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

    def __init__(
        self,
        kind: Literal["stream", "track", "film"],
        source: int,
        begun: bytes,
        idle: float,
        spare: SpareDecoder | None = None,
        kept: int = 0,
    ) -> None:
        """Set a child to work on a descriptor, which stays the caller's. Raises ``OSError``.

        ``kept``: of a stream, how many bytes are decoded and not handed over.
        """
        child = Child() if spare is None else spare.take()
        self._connection, self._child = child.connection, child.process
        self._killed = threading.Event()
        self._trouble = Trouble(0, 0)
        memory = -1
        try:
            self._ring = Ring.create()
            memory = _memory_file(begun) if begun else -1
            Job(kind, self._ring.fd, source, memory, idle, kept).send(self._connection)
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

    def send(self, unit: Unit) -> bool:
        """Tell the child of a picture in its mailbox. Never waits; whether it was told."""
        try:
            self._connection.send(unit.pack(), socket.MSG_DONTWAIT)
        except OSError:
            # It is gone, or has not read for long: ``run`` finds out which.
            return False
        return True

    def run(
        self,
        intake: Intake,
        troubled: Callable[[Trouble], None] | None = None,
        pictured: Callable[[av.VideoFrame, PictureAt], None] | None = None,
    ) -> Ending:
        """Take pictures and sound until the child is gone. Blocks its thread; leaves nothing behind.

        ``pictured``: takes the pictures in the intake's place.
        """
        over: Over | None = None
        take = pictured or partial(_put_picture, intake)
        try:
            while over is None and (packet := self._connection.recv(LARGEST)):
                over = self._hear(unpack(packet), intake, troubled, take)
        except (NotUnderstood, ConnectionError) as error:
            if not self._killed.is_set():
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
        self,
        message: Message,
        intake: Intake,
        troubled: Callable[[Trouble], None] | None,
        pictured: Callable[[av.VideoFrame, PictureAt], None],
    ) -> Over | None:
        match message:
            case PictureAt():
                if message.key:
                    intake.key_came()
                pictured(self._picture(message), message)
            case SoundPiece():
                self._take_sound(message, intake)
            case Begun():
                intake.connected()
            case Trouble():
                self._trouble = message
                if troubled is not None:
                    troubled(message)
            case Came():
                arrived = Arrived(message.octets)
                intake.counted = lambda: arrived
            case Over():
                return message
        return None

    def _picture(self, message: PictureAt) -> av.VideoFrame:
        try:
            frame = self._ring.take(message.slot, message.width, message.height, message.matrix)
        except ValueError as error:
            raise NotUnderstood(str(error)) from error
        if message.microseconds != NO_TIME:
            frame.pts, frame.time_base = message.microseconds, MICRO
        return frame

    @staticmethod
    def _take_sound(message: SoundPiece, intake: Intake) -> None:
        samples = np.frombuffer(message.samples, np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, "flt", "mono" if message.channels == 1 else "stereo")
        frame.sample_rate = message.rate
        if message.microseconds != NO_TIME:
            frame.pts, frame.time_base = message.microseconds, MICRO
        try:
            intake.put_sound(frame, known(message.due))
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


def known(due: float) -> float | None:
    """A time from a message, if it says one."""
    return due if math.isfinite(due) else None


def _put_picture(intake: Intake, frame: av.VideoFrame, message: PictureAt) -> None:
    intake.put_picture(frame, known(message.due))


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

"""Decoder processes that wait for their job, so that nobody waits for them."""

import socket
import subprocess
import sys
import threading
from collections import deque

import structlog

log = structlog.get_logger(__name__)


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
    """A child that waits, for the next source or the moment in which another dies. Thread-safe.

    Everybody who may need one says ``enter``, and ``leave`` when done: without any of them none waits.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._children: deque[Child] = deque()
        self._users = 0
        self._closed = False

    def enter(self) -> None:
        """Something is being decoded."""
        with self._lock:
            self._users += 1

    def leave(self) -> None:
        """It is not any more."""
        with self._lock:
            self._users -= 1
            if not self._users:
                self._drop()

    def prepare(self, count: int = 1) -> None:
        """See to it that so many are waiting."""
        with self._lock:
            if self._closed or not self._users:
                return
            for child in [child for child in self._children if not child.alive]:
                self._children.remove(child)
                child.dismiss()
            try:
                while len(self._children) < count:
                    self._children.append(Child())
            except OSError as error:
                log.error("spare_decoder_not_started", error=str(error))

    def take(self) -> Child:
        """The one that waits longest, or else a fresh one. Raises ``OSError``."""
        while True:
            with self._lock:
                child = self._children.popleft() if self._children else None
            if child is None:
                return Child()
            if child.alive:
                return child
            child.dismiss()

    def close(self) -> None:
        """Send it away for good."""
        with self._lock:
            self._closed = True
            self._drop()

    def _drop(self) -> None:
        while self._children:
            self._children.popleft().dismiss()


def _warnings() -> list[str]:
    return [part for option in sys.warnoptions for part in ("-W", option)]

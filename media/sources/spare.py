"""Decoder processes that wait for their job, so that nobody waits for them."""

import socket
import subprocess
import sys
import threading

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
    """At most one child that waits, for the next source or the moment in which another dies. Thread-safe.

    Everybody who may need one says ``enter``, and ``leave`` when done: without any of them none waits.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: Child | None = None
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

    def prepare(self) -> None:
        """See to it that one is waiting."""
        with self._lock:
            if self._closed or not self._users or (self._child is not None and self._child.alive):
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

    def close(self) -> None:
        """Send it away for good."""
        with self._lock:
            self._closed = True
            self._drop()

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.dismiss()


def _warnings() -> list[str]:
    return [part for option in sys.warnoptions for part in ("-W", option)]

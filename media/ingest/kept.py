"""What a studio needs that takes a stream over in the middle: its head, and what pictures refer to.

A NUT stream can be taken up at each of its sync points, behind the headers it began with.
"""

from collections import deque

from media.sources.nut import SYNC_POINT

SECONDS = 6.0
"""Encoders send a key picture every two seconds, some every ten: those are waited for."""
BYTES = 8 * 1024 * 1024


class Kept:
    """The head and the newest seconds of one stream."""

    def __init__(self) -> None:
        self._head: bytes | None = None
        self._pieces: deque[tuple[float, bytes]] = deque()
        self._size = 0
        self._open = bytearray()
        """Since the last sync point, or since the beginning."""
        self._whole = True

    def put(self, block: bytes, now: float) -> None:
        """The next bytes of the stream. ``now``: monotonic seconds."""
        since = max(1, len(self._open) - len(SYNC_POINT) + 1)
        self._open += block
        while (at := self._open.find(SYNC_POINT, since)) > 0:
            self._close(bytes(self._open[:at]), now)
            del self._open[:at]
            since = 1
        if len(self._open) > BYTES:
            # No stream of ours: nobody will be able to take it up.
            self._open.clear()
            self._whole = False
        self._forget(now)

    def begin(self) -> bytes:
        """With which another reader can go on; nothing when it cannot."""
        if not self._whole:
            return b""
        return b"".join((self._head or b"", *(piece for _, piece in self._pieces), self._open))

    def _close(self, piece: bytes, now: float) -> None:
        if self._head is None:
            self._head = piece
            return
        self._pieces.append((now, piece))
        self._size += len(piece)

    def _forget(self, now: float) -> None:
        while self._pieces and (self._size > BYTES or now - self._pieces[0][0] > SECONDS):
            _, piece = self._pieces.popleft()
            self._size -= len(piece)

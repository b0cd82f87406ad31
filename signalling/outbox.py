"""What waits for one client, and the way past it while nothing does."""

import asyncio
from typing import Any

LIMIT = 128
"""Messages that wait for one client to read."""


class Outbox(asyncio.Queue[Any]):
    """Takes ``LIMIT`` packets and drops the rest: who is so far behind is cut off within a second.

    engine.io makes one for each client, and has a task that empties it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.overflowed = False
        self.wire: asyncio.Transport | None = None
        """The connection under the client's WebSocket; none while it polls."""
        self._unsent = 0

    async def put(self, item: Any) -> None:
        """Put a packet behind the others. Never waits. ``None`` ends the task."""
        if item is not None and self.qsize() >= LIMIT:
            self.overflowed = True
            return
        self._unsent += item is not None
        self.put_nowait(item)

    def sent(self) -> None:
        """One packet has been handed to the wire."""
        self._unsent = max(0, self._unsent - 1)

    def write_now(self, frame: bytes) -> bool:
        """Send a finished frame at once; false when it would overtake something.

        A client that began by polling may have been given packets that were never counted as sent, and
        always has its turn in the queue.
        """
        wire = self.wire
        if wire is None or self._unsent or wire.is_closing() or wire.get_write_buffer_size():
            return False
        wire.write(frame)
        return True

"""The connection to a studio's feeds socket: one JSON line (``Hello``), then the NUT stream.

The studio may answer with one JSON line ``{"ok": false, "sentence": …}``. One that goes without a word has
died, and another one will listen at the same place.
"""

import asyncio
import json
from typing import Self

import structlog

from media.control.ingest import StreamKey
from media.ingest.ending import Ending

log = structlog.get_logger(__name__)

STALL_SECONDS = 2.0
"""A studio that takes nothing for so long loses the publisher."""
WRITE_HIGH = 256 * 1024
"""Bytes that may wait for the studio before the child is no longer read."""
LONGEST_ANSWER = 4096
CLOSED = Ending("The studio closed the connection.")
STALLED = Ending("The studio did not take the stream for two seconds.")


class StudioLine:
    """Made by ``open``; ``begin`` before anything else."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        writer.transport.set_write_buffer_limits(high=WRITE_HIGH)

    @classmethod
    async def open(cls, key: StreamKey) -> Self:
        """Raises ``OSError`` when nobody listens."""
        return cls(*await asyncio.open_unix_connection(key.feeds_socket, limit=LONGEST_ANSWER))

    def begin(self, key: StreamKey, protocol: str, label: str, kept: bytes = b"") -> None:
        """Say who sends. ``kept``: of a stream that has begun already."""
        hello = {"source": key.source, "protocol": protocol, "label": label, "kept": len(kept)}
        self._writer.write(json.dumps(hello).encode() + b"\n" + kept)

    def write(self, block: bytes) -> None:
        """The next bytes of the stream."""
        self._writer.write(block)

    async def drain(self) -> None:
        """Wait until it takes more. Raises ``TimeoutError`` and ``ConnectionError``."""
        async with asyncio.timeout(STALL_SECONDS):
            await self._writer.drain()

    def finish(self) -> None:
        """No more bytes will come; it may have a last word. Raises ``OSError``."""
        if self._writer.can_write_eof():
            self._writer.write_eof()

    async def last_word(self) -> Ending | None:
        """Wait for it; ``None`` when the studio goes without one."""
        try:
            line = await self._reader.readline()
            if not line:
                return None
            return Ending(str(json.loads(line)["sentence"]), known=True)
        except ConnectionError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            log.warning("studio_answer_lost", error=repr(error))
            return CLOSED

    def abort(self) -> None:
        """Hang up."""
        self._writer.transport.abort()

"""An RTMP publisher that sends what it is told, with any time stamps: no real encoder can be made so bad."""

import asyncio
import os
import struct
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from media import ffmpeg
from media.ingest import amf
from media.ingest.chunks import OUR_CHUNK_SIZE, Kind

HANDSHAKE = 1536
STREAM = 1
COMMANDS, SOUND, PICTURES = 3, 4, 6
"""Chunk streams."""
_EXTENDED = 0xFFFFFF


@dataclass(frozen=True, slots=True)
class Tag:
    """An FLV tag; ``stamp`` in milliseconds."""

    kind: int
    stamp: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Film:
    """Tags with their sequence headers first. ``length`` in milliseconds."""

    tags: list[Tag]
    length: int


def film(seconds: float, *arguments: str) -> Film:
    """Encode with ffmpeg. ``arguments``: inputs and codecs."""
    command = [ffmpeg.executable(), "-v", "error", *arguments, "-t", str(seconds), "-f", "flv", "pipe:1"]
    data = subprocess.run(command, capture_output=True, check=True).stdout
    tags, at = [], 13
    while at + 11 <= len(data):
        kind, size = data[at], int.from_bytes(data[at + 1 : at + 4], "big")
        stamp = int.from_bytes(bytes((data[at + 7],)) + data[at + 4 : at + 7], "big")
        if kind in (Kind.AUDIO, Kind.VIDEO):
            tags.append(Tag(kind, stamp, data[at + 11 : at + 11 + size]))
        at += 15 + size
    return Film(tags, round(seconds * 1000))


class Rtmp:
    """One connection that publishes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._reading = asyncio.create_task(self._read())
        self.clock = 0
        """Milliseconds: the time stamp of what is sent next."""

    @classmethod
    @asynccontextmanager
    async def publishing(cls, port: int, key: str, app: str = "live") -> AsyncIterator[Self]:
        """Connect and begin to publish; in the end hang up without a goodbye."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\x03" + bytes(8) + os.urandom(HANDSHAKE - 8))
        answer = await reader.readexactly(1 + 2 * HANDSHAKE)
        writer.write(answer[1 : 1 + HANDSHAKE])
        size = struct.pack(">I", OUR_CHUNK_SIZE)
        writer.write(_message(2, Tag(Kind.SET_CHUNK_SIZE, 0, size), 0))
        for stream, *values in (
            (0, "connect", 1.0, {"app": app}),
            (0, "createStream", 2.0, None),
            (STREAM, "publish", 3.0, None, key, "live"),
        ):
            body = amf.encode(*values)  # type: ignore[arg-type]  # AMF values of several shapes
            writer.write(_message(COMMANDS, Tag(Kind.COMMAND, 0, body), int(str(stream))))
        await writer.drain()
        line = cls(reader, writer)
        try:
            yield line
        finally:
            await line.close()

    @asynccontextmanager
    async def playing(self, shown: Film) -> AsyncIterator[None]:
        """Send it again and again in real time, stamped from ``clock`` on; that goes on with it."""
        sending = asyncio.create_task(self._play(shown))
        try:
            yield
        finally:
            sending.cancel()
            results = await asyncio.gather(sending, return_exceptions=True)
        assert isinstance(results[0], asyncio.CancelledError), results

    async def _play(self, shown: Film) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            base = self.clock
            for tag in shown.tags:
                await asyncio.sleep(max(0.0, due + tag.stamp / 1000 - loop.time()))
                await self.put(tag.kind, tag.body, base + tag.stamp)
                self.clock = base + tag.stamp
            self.clock = base + shown.length
            due += shown.length / 1000

    async def put(self, kind: int, body: bytes, stamp: int) -> None:
        """One message."""
        lane = SOUND if kind == Kind.AUDIO else PICTURES
        self._writer.write(_message(lane, Tag(kind, stamp & 0xFFFFFFFF, body), STREAM))
        await self._writer.drain()

    async def close(self) -> None:
        """Hang up."""
        self._writer.transport.abort()
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> None:
        while await self._reader.read(65536):
            pass


def _message(lane: int, tag: Tag, stream: int) -> bytes:
    """Chunks with a full header; an extended time stamp stands in each of them (section 5.3.1.3)."""
    extended = struct.pack(">I", tag.stamp) if tag.stamp >= _EXTENDED else b""
    head = struct.pack(">B", lane) + min(tag.stamp, _EXTENDED).to_bytes(3, "big")
    head += len(tag.body).to_bytes(3, "big") + bytes((tag.kind,)) + struct.pack("<I", stream) + extended
    parts: Sequence[bytes] = [
        tag.body[at : at + OUR_CHUNK_SIZE] for at in range(0, len(tag.body), OUR_CHUNK_SIZE)
    ]
    return head + (bytes((0xC0 | lane,)) + extended).join(parts or [b""])

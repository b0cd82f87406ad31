"""The RTMP chunk stream (Adobe, "Real-Time Messaging Protocol", 1.0, section 5.3), within bounds."""

import asyncio
import struct
from dataclasses import dataclass
from enum import IntEnum

FIRST_CHUNK_SIZE = 128
OUR_CHUNK_SIZE = 4096
MOST_CHUNK_STREAMS = 16
MOST_PENDING = 8 * 1024 * 1024
"""Bytes of unfinished messages of one connection."""
LARGEST_MEDIA = 4 * 1024 * 1024
LARGEST_COMMAND = 64 * 1024

_EXTENDED = 0xFFFFFF


class ChunkError(ValueError):
    """The bytes are not a chunk stream, or too much of one."""


class Kind(IntEnum):
    """Message types."""

    SET_CHUNK_SIZE = 1
    ABORT = 2
    ACKNOWLEDGEMENT = 3
    USER_CONTROL = 4
    WINDOW_SIZE = 5
    PEER_BANDWIDTH = 6
    AUDIO = 8
    VIDEO = 9
    DATA_AMF3 = 15
    COMMAND_AMF3 = 17
    DATA = 18
    COMMAND = 20
    AGGREGATE = 22


@dataclass(frozen=True, slots=True)
class RtmpMessage:
    """One whole message. ``timestamp`` in milliseconds, 32 bits."""

    kind: int
    timestamp: int
    stream: int
    body: bytes


@dataclass(slots=True)
class _Lane:
    """What one chunk stream remembers between chunks."""

    timestamp: int = 0
    delta: int = 0
    length: int = 0
    kind: int = 0
    stream: int = 0
    extended: bool = False
    body: bytearray | None = None


class ChunkReader:
    """Puts messages together. Handles set-chunk-size and abort itself; reads nothing past a bound."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._lanes: dict[int, _Lane] = {}
        self._chunk_size = FIRST_CHUNK_SIZE
        self._pending = 0
        self.received = 0
        """Bytes read so far, for acknowledgements."""
        self.media_allowed = False
        """Until set, messages are bounded like commands."""

    async def read(self) -> RtmpMessage:
        """The next message for the caller.

        Raises ``ChunkError``, and ``asyncio.IncompleteReadError`` when the connection ended.
        """
        while True:
            message = await self._chunk()
            if message is None:
                continue
            if message.kind == Kind.SET_CHUNK_SIZE:
                self._chunk_size = _number(message) & 0x7FFFFFFF
                if self._chunk_size == 0:
                    raise ChunkError("chunk size 0")
            elif message.kind == Kind.ABORT:
                self._abort(_number(message))
            else:
                return message

    async def _chunk(self) -> RtmpMessage | None:
        first = (await self._take(1))[0]
        lane = self._lane(await self._lane_number(first & 0x3F))
        await self._header(lane, first >> 6)
        body = lane.body
        if body is None:
            body = lane.body = self._begin(lane)
        part = await self._take(min(self._chunk_size, lane.length - len(body)))
        body += part
        self._pending += len(part)
        if self._pending > MOST_PENDING:
            raise ChunkError("too many unfinished messages")
        if len(body) < lane.length:
            return None
        self._pending -= len(body)
        lane.body = None
        return RtmpMessage(lane.kind, lane.timestamp, lane.stream, bytes(body))

    async def _lane_number(self, low: int) -> int:
        if low == 0:
            return 64 + (await self._take(1))[0]
        if low == 1:
            return 64 + int.from_bytes(await self._take(2), "little")
        return low

    def _lane(self, number: int) -> _Lane:
        if number not in self._lanes and len(self._lanes) >= MOST_CHUNK_STREAMS:
            raise ChunkError("too many chunk streams")
        return self._lanes.setdefault(number, _Lane())

    async def _header(self, lane: _Lane, form: int) -> None:
        if form < 3 and lane.body is not None:
            raise ChunkError("a message begins within another")
        head = await self._take((11, 7, 3, 0)[form])
        stamp = lane.delta
        if form < 3:
            stamp = int.from_bytes(head[:3], "big")
            lane.extended = stamp == _EXTENDED
        if form < 2:
            lane.length = int.from_bytes(head[3:6], "big")
            lane.kind = head[6]
        if form == 0:
            lane.stream = int.from_bytes(head[7:11], "little")
        if lane.extended:
            stamp = int.from_bytes(await self._take(4), "big")
        self._move_time(lane, form, stamp)

    @staticmethod
    def _move_time(lane: _Lane, form: int, stamp: int) -> None:
        if form == 0:
            lane.timestamp, lane.delta = stamp, 0
        elif form < 3:
            lane.delta = stamp
        if form != 0 and lane.body is None:
            lane.timestamp = (lane.timestamp + lane.delta) & 0xFFFFFFFF

    def _begin(self, lane: _Lane) -> bytearray:
        media = lane.kind in (Kind.AUDIO, Kind.VIDEO)
        if lane.length > (LARGEST_MEDIA if media and self.media_allowed else LARGEST_COMMAND):
            raise ChunkError(f"a message of {lane.length} bytes")
        return bytearray()

    def _abort(self, number: int) -> None:
        lane = self._lanes.get(number)
        if lane is not None and lane.body is not None:
            self._pending -= len(lane.body)
            lane.body = None

    async def _take(self, size: int) -> bytes:
        if size == 0:
            return b""
        self.received += size
        return await self._reader.readexactly(size)


def chunked(lane: int, message: RtmpMessage) -> bytes:
    """The message as chunks of ``OUR_CHUNK_SIZE``, with a full header. ``lane``: chunk stream 2 to 63."""
    body = message.body
    head = struct.pack(">B", lane) + message.timestamp.to_bytes(3, "big") + len(body).to_bytes(3, "big")
    head += bytes((message.kind,)) + struct.pack("<I", message.stream)
    parts = [body[at : at + OUR_CHUNK_SIZE] for at in range(0, len(body), OUR_CHUNK_SIZE)] or [b""]
    return head + bytes((0xC0 | lane,)).join(parts)


def _number(message: RtmpMessage) -> int:
    if len(message.body) < 4:
        raise ChunkError("a control message is cut short")
    return int.from_bytes(message.body[:4], "big")

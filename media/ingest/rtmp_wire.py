"""The RTMP handshake and the server's side of its command vocabulary."""

import asyncio
import os
import struct
from collections.abc import Mapping

from media.ingest import amf
from media.ingest.amf import Value
from media.ingest.chunks import OUR_CHUNK_SIZE, Kind, RtmpMessage, chunked

VERSION = 3
HANDSHAKE = 1536
WINDOW = 2_500_000
STREAM = 1
"""The one message stream a connection gets."""

_CONTROL_LANE = 2
_COMMAND_LANE = 3
_STREAM_BEGIN = 0
_PING_REQUEST = 6
_PING_RESPONSE = 7
_DYNAMIC_LIMIT = 2


class NotRtmp(ValueError):  # noqa: N818  names what was found
    """The first byte is not that of plain RTMP."""


async def shake_hands(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The simple handshake (section 5.2). Raises ``NotRtmp`` and ``asyncio.IncompleteReadError``."""
    if (await reader.readexactly(1))[0] != VERSION:
        raise NotRtmp
    theirs = await reader.readexactly(HANDSHAKE)
    # A zero version in S1 tells Flash-style clients not to expect digests.
    ours = bytes(8) + os.urandom(HANDSHAKE - 8)
    writer.write(bytes((VERSION,)) + ours + theirs)
    await writer.drain()
    await reader.readexactly(HANDSHAKE)


def control(kind: Kind, number: int) -> bytes:
    """A protocol control message that carries one 32-bit number."""
    body = struct.pack(">I", number)
    if kind is Kind.PEER_BANDWIDTH:
        body += bytes((_DYNAMIC_LIMIT,))
    return chunked(_CONTROL_LANE, RtmpMessage(kind, 0, 0, body))


def command(stream: int, *values: "Value | Mapping[str, Value]") -> bytes:
    """An AMF0 command on a message stream (0: the connection itself)."""
    return chunked(_COMMAND_LANE, RtmpMessage(Kind.COMMAND, 0, stream, amf.encode(*values)))


def welcome(transaction: Value) -> bytes:
    """The answer to ``connect``."""
    limits = control(Kind.WINDOW_SIZE, WINDOW) + control(Kind.PEER_BANDWIDTH, WINDOW)
    sizes = control(Kind.SET_CHUNK_SIZE, OUR_CHUNK_SIZE)
    server: dict[str, Value] = {"fmsVer": "FMS/3,0,1,123", "capabilities": 31.0}
    information = _information("status", "NetConnection.Connect.Success", "Connection succeeded.")
    return limits + sizes + command(0, "_result", transaction, server, information | {"objectEncoding": 0.0})


def connection_refused(transaction: Value, sentence: str) -> bytes:
    """The answer to a ``connect`` that is not taken."""
    return command(
        0, "_error", transaction, None, _information("error", "NetConnection.Connect.Rejected", sentence)
    )


def publishing() -> bytes:
    """The answer to a ``publish`` that is taken."""
    begin = struct.pack(">HI", _STREAM_BEGIN, STREAM)
    begun = chunked(_CONTROL_LANE, RtmpMessage(Kind.USER_CONTROL, 0, 0, begin))
    return begun + status("status", "NetStream.Publish.Start", "Publishing.")


def status(level: str, code: str, sentence: str) -> bytes:
    """``onStatus`` on the stream: how a publisher is told how it fares."""
    return command(STREAM, "onStatus", 0.0, None, _information(level, code, sentence))


def pong(message: RtmpMessage) -> bytes:
    """The answer to a user control message: only pings get one."""
    if len(message.body) < 6 or int.from_bytes(message.body[:2], "big") != _PING_REQUEST:
        return b""
    body = struct.pack(">H", _PING_RESPONSE) + message.body[2:6]
    return chunked(_CONTROL_LANE, RtmpMessage(Kind.USER_CONTROL, 0, 0, body))


def _information(level: str, code: str, sentence: str) -> dict[str, Value]:
    return {"level": level, "code": code, "description": sentence}

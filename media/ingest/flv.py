"""FLV tags (Adobe, "Video File Format Specification", 10.1, annex E) around RTMP messages."""

import struct

from media.ingest import amf
from media.ingest.chunks import Kind, RtmpMessage

HEADER = b"FLV\x01\x05" + struct.pack(">II", 9, 0)
"""Announces sound and picture; a demuxer bears the absence of either."""

_SET_DATA_FRAME = amf.encode("@setDataFrame")


def tag(message: RtmpMessage) -> bytes:
    """One tag with its trailing size, for an audio, video or data message; nothing for any other kind."""
    if message.kind not in (Kind.AUDIO, Kind.VIDEO, Kind.DATA):
        return b""
    body = message.body.removeprefix(_SET_DATA_FRAME) if message.kind == Kind.DATA else message.body
    stamp = message.timestamp & 0xFFFFFFFF
    head = bytes((message.kind,)) + len(body).to_bytes(3, "big")
    head += (stamp & 0xFFFFFF).to_bytes(3, "big") + bytes((stamp >> 24,)) + b"\x00\x00\x00"
    return head + body + struct.pack(">I", len(head) + len(body))

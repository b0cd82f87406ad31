"""FLV tags (Adobe, "Video File Format Specification", 10.1, annex E) around RTMP messages."""

import struct

from media.ingest import amf
from media.ingest.chunks import Kind, RtmpMessage
from media.ingest.timeline import Timeline

HEADER = b"FLV\x01\x05" + struct.pack(">II", 9, 0)
"""Announces sound and picture; a demuxer bears the absence of either."""

_SET_DATA_FRAME = amf.encode("@setDataFrame")


_AVC, _AAC = 7, 10
_ENHANCED_SOUND = 9


class CodecChanged(Exception):  # noqa: N818  an answer, not a fault
    """From here on another demuxer is needed: NUT says once what its codecs are."""


class Tags:
    """What one encoder sends, as FLV streams: a new one begins where its codecs change.

    What describes a codec is passed on with the first piece that needs it.
    """

    def __init__(self) -> None:
        self._timeline = Timeline()
        self._headers: dict[int, bytes] = {}
        self._sent: set[int] = set()

    def begin(self) -> bytes:
        """The first bytes of a stream."""
        self._sent.clear()
        return HEADER

    def put(self, message: RtmpMessage) -> bytes:
        """Tags for an audio, video or data message; nothing for any other kind, nor for a description alone.

        Raises ``CodecChanged`` for a description other than the one that was passed on: call ``begin``.
        """
        stamp = self._timeline.place(message.timestamp) if message.kind in (Kind.AUDIO, Kind.VIDEO) else 0
        if _describes(message):
            known, self._headers[message.kind] = self._headers.get(message.kind), message.body
            if message.kind in self._sent and known != message.body:
                raise CodecChanged
            return b""
        header = b""
        if message.kind in self._headers and message.kind not in self._sent:
            header = _tag(message.kind, stamp, self._headers[message.kind])
            self._sent.add(message.kind)
        match message.kind:
            case Kind.AUDIO | Kind.VIDEO:
                return header + _tag(message.kind, stamp, message.body)
            case Kind.DATA:
                return _tag(message.kind, stamp, message.body.removeprefix(_SET_DATA_FRAME))
        return b""


def _describes(message: RtmpMessage) -> bool:
    """Whether it is a codec's description: AVC and AAC (E.4.2.2, E.4.3.1), and all of Enhanced RTMP."""
    if len(message.body) < 2:
        return False
    first, second = message.body[:2]
    if message.kind == Kind.VIDEO:
        return not first & 0x0F if first & 0x80 else first & 0x0F == _AVC and not second
    if message.kind == Kind.AUDIO:
        if first >> 4 == _ENHANCED_SOUND:
            return not first & 0x0F
        return first >> 4 == _AAC and not second
    return False


def _tag(kind: int, stamp: int, body: bytes) -> bytes:
    """One tag with its trailing size."""
    head = bytes((kind,)) + len(body).to_bytes(3, "big")
    head += (stamp & 0xFFFFFF).to_bytes(3, "big") + bytes((stamp >> 24,)) + b"\x00\x00\x00"
    return head + body + struct.pack(">I", len(head) + len(body))

"""One viewer in twenty looks into every packet: what was decrypted must be what was fed, bit by bit."""

import hashlib
from collections.abc import Mapping

import av
from aiortc.rtp import RtpPacket
from pylibsrtp import Session


class Inspection:
    """Digests of what came since ``begin``, in order, and of one viewer the pictures themselves."""

    def __init__(self, *, keep: bool) -> None:
        self.session: Session | None = None
        self.kinds: Mapping[int, str] = {}
        self._keep = keep
        self.begin()

    def begin(self) -> None:
        """Forget what came so far."""
        self._digests = {"video": hashlib.sha256(), "audio": hashlib.sha256()}
        self._nals: list[bytes] = []

    def take(self, data: bytes) -> None:
        """Decrypt one packet. Raises ``pylibsrtp.Error`` when it is not authentic."""
        assert self.session is not None
        packet = RtpPacket.parse(self.session.unprotect(data))
        kind = self.kinds[packet.payload_type]
        parts = opus_frames(packet.payload) if kind == "audio" else [packet.payload]
        for part in parts:
            self._digests[kind].update(part)
        if self._keep and kind == "video":
            self._nals += nals(packet.payload)

    def digest(self, kind: str) -> str:
        """Of all payloads of that kind; sound frame by frame, however many shared a packet."""
        return self._digests[kind].hexdigest()

    def pictures(self) -> int | None:
        """How many pictures a decoder makes of it; ``None`` for those who do not keep them."""
        if not self._keep:
            return None
        decoder = av.CodecContext.create("h264", "r")
        stream = av.Packet(b"".join(self._nals))
        shown = 0
        for packet in [*decoder.parse(bytes(stream)), *decoder.parse(None)]:
            shown += sum(1 for frame in decoder.decode(packet) if frame.width == 1280)
        return shown + sum(1 for _ in decoder.decode(None))


def nals(payload: bytes) -> list[bytes]:
    """Annex B pieces of one RTP payload (RFC 6184)."""
    kind = payload[0] & 0x1F
    if kind == 24:
        found, position = [], 1
        while position < len(payload):
            size = int.from_bytes(payload[position : position + 2], "big")
            found.append(b"\x00\x00\x00\x01" + payload[position + 2 : position + 2 + size])
            position += 2 + size
        return found
    if kind == 28:
        start = b"\x00\x00\x00\x01" + bytes([payload[0] & 0xE0 | payload[1] & 0x1F])
        return [(start if payload[1] & 0x80 else b"") + payload[2:]]
    return [b"\x00\x00\x00\x01" + payload]


def opus_frames(packet: bytes) -> list[bytes]:
    """The frames of one Opus packet, each with the TOC it would have alone (RFC 6716 section 3.2)."""
    toc, code, body = bytes([packet[0] & 0xFC]), packet[0] & 3, packet[1:]
    if code == 0:
        return [toc + body]
    if code == 1:
        half = len(body) // 2
        return [toc + body[:half], toc + body[half:]]
    assert code == 3
    assert body[0] & 0xC0 == 0x80, "our own have variable lengths and no padding"
    count, position = body[0] & 0x3F, 1
    sizes = []
    for _ in range(count - 1):
        size, position = body[position], position + 1
        if size >= 252:
            size, position = size + 4 * body[position], position + 1
        sizes.append(size)
    frames = []
    for size in [*sizes, len(body) - position - sum(sizes)]:
        frames.append(toc + body[position : position + size])
        position += size
    return frames

"""RTP packets into frames: each handed on as soon as it is complete and its turn has come."""

from dataclasses import dataclass
from typing import NamedTuple

from aiortc.rtp import RtpPacket

SOUND_PATIENCE = 0.06
PICTURE_PATIENCE = 0.25
"""Seconds that what follows a lost packet waits for it; a picture's packet may be sent again in that time."""
MOST_SOUND, MOST_PICTURE = 16, 512
"""Packets that wait, at most."""
FAR = 3000
"""A sequence number that is off by more is a new beginning."""
_START = b"\x00\x00\x00\x01"
_KEY_VP8 = b"\x9d\x01\x2a"
"""From the fourth byte of a key picture (RFC 6386 section 9.1); what begins one needs nothing before it."""
MOST_PICTURE_BYTES = 1 << 20
"""Of one encoded picture; a longer one is lost."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One encoded picture, or one packet of sound. ``timestamp``: 32 bits, as on the wire."""

    payload_type: int
    timestamp: int
    data: bytes
    gap: bool = False
    """Whether a picture is missing before this one, or another stream began."""


class _Part(NamedTuple):
    payload_type: int
    timestamp: int
    marker: bool
    data: bytes


class Reorder:
    """Not thread-safe. ``now`` is monotonic, in seconds.

    A picture ends with its marker (RFC 6184 section 5.1). With a sender that sets the marker in mid-picture,
    it ends when the next one begins.
    """

    def __init__(self, *, pictures: bool) -> None:
        self._pictures = pictures
        self._patience = PICTURE_PATIENCE if pictures else SOUND_PATIENCE
        self._most = MOST_PICTURE if pictures else MOST_SOUND
        self._ssrc: int | None = None
        self._next = 0
        self._waiting: dict[int, _Part] = {}
        self._gap_since: float | None = None
        self._parts: list[bytes] = []
        self._bytes = 0
        self._gap = False
        self._payload_type = 0
        self._timestamp: int | None = None
        self._discarding = False
        self._markers = True
        self._ended: int | None = None

    def follows(self, ssrc: int, sequence_number: int) -> bool:
        """Whether this is the packet that is waited for, with nothing after it waiting for it."""
        return not self._waiting and ssrc == self._ssrc and sequence_number == self._next & 0xFFFF

    def add(self, packet: RtpPacket, data: bytes, now: float) -> tuple[list[Frame], bool]:
        """Take a packet and its depacketised ``data``: what frames are complete, whether one is lost."""
        ahead = self._place(packet)
        if ahead < 0:
            return [], False
        part = _Part(packet.payload_type, packet.timestamp, bool(packet.marker), data)
        if not ahead and not self._waiting:
            return self.follow(*part), False
        self._waiting[self._next + ahead] = part
        frames = self._advance()
        lost = False
        if not self._waiting:
            self._gap_since = None
        elif self._gap_since is None:
            self._gap_since = now
        elif now - self._gap_since > self._patience or len(self._waiting) > self._most:
            frames += self._skip()
            self._gap_since = now if self._waiting else None
            lost = True
        return frames, lost

    def follow(self, payload_type: int, timestamp: int, marker: bool, data: bytes) -> list[Frame]:
        """Take the packet for which ``follows`` is true."""
        self._next += 1
        return self._take(payload_type, timestamp, marker, data) if data else []

    def _place(self, packet: RtpPacket) -> int:
        """How far the packet is ahead of the expected one; negative when it came too late."""
        ahead = (packet.sequence_number - self._next) & 0xFFFF
        ahead = ahead - 0x10000 if ahead >= 0x8000 else ahead
        if packet.ssrc != self._ssrc or abs(ahead) > FAR:
            self._gap = self._gap or self._ssrc is not None
            self._ssrc = packet.ssrc
            self._next = packet.sequence_number
            self._waiting.clear()
            self._gap_since = self._timestamp = None
            self._parts, self._discarding = [], False
            return 0
        return ahead

    def _advance(self) -> list[Frame]:
        frames: list[Frame] = []
        while (part := self._waiting.pop(self._next, None)) is not None:
            self._next += 1
            if part.data:
                frames += self._take(*part)
        return frames

    def _skip(self) -> list[Frame]:
        """Give up what is missing."""
        self._next = min(self._waiting)
        follower = self._waiting[self._next]
        if self._pictures:
            self._parts = []
            self._gap = True
            self._timestamp = follower.timestamp
            self._discarding = not _begins(follower.data)
        return self._advance()

    def _take(self, payload_type: int, timestamp: int, marker: bool, data: bytes) -> list[Frame]:
        if not self._pictures:
            return [Frame(payload_type, timestamp, data)]
        frames: list[Frame] = []
        if timestamp != self._timestamp:
            frames += self._finish()
            self._timestamp, self._discarding = timestamp, False
        if timestamp == self._ended:
            self._markers = False
        if not self._discarding:
            self._add(payload_type, data)
        if marker and self._markers:
            frames += self._finish()
            self._ended = timestamp
        return frames

    def _add(self, payload_type: int, data: bytes) -> None:
        self._bytes = len(data) + (self._bytes if self._parts else 0)
        if self._bytes > MOST_PICTURE_BYTES:
            self._parts, self._discarding, self._gap = [], True, True
            return
        self._parts.append(data)
        self._payload_type = payload_type

    def _finish(self) -> list[Frame]:
        if not self._parts or self._timestamp is None:
            return []
        data, self._parts = b"".join(self._parts), []
        gap, self._gap = self._gap, False
        return [Frame(self._payload_type, self._timestamp, data, gap)]


def _begins(data: bytes) -> bool:
    """Whether this may be the first part of a picture that can be decoded by itself."""
    return data.startswith(_START) or (data[3:6] == _KEY_VP8 and not data[0] & 1)

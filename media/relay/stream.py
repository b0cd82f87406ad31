"""One RTP stream of a meeting, the same for all its viewers."""

import secrets
import struct
from collections import OrderedDict
from dataclasses import dataclass

from media.access_unit import AccessUnit

MID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:mid"
FIRST_SEQUENCE_BELOW = 4096
"""Sequence numbers start low: a viewer who misses the packets around the first wrap could never decrypt."""

_HEADER = struct.Struct(">BBHII")
_ONE_BYTE_PROFILE = b"\xbe\xde"


@dataclass(frozen=True, slots=True)
class Format:
    """What differs between viewers of one stream: the negotiated payload type and header extension."""

    payload_type: int
    extension: bytes = b""
    """Complete, with profile and length; empty for none."""

    @classmethod
    def negotiated(cls, payload_type: int, mid: str, mid_id: int | None) -> "Format":
        """For an offered payload type and, when offered, the id of the MID extension (RFC 8285, 9143)."""
        if mid_id is None or not 1 <= mid_id <= 14 or not 1 <= len(mid) <= 16:
            return cls(payload_type)
        element = bytes([mid_id << 4 | len(mid) - 1]) + mid.encode("ascii")
        element += bytes(-len(element) % 4)
        return cls(payload_type, _ONE_BYTE_PROFILE + (len(element) // 4).to_bytes(2, "big") + element)


class Packet:
    """One RTP packet before encryption. Rendered once for each format: a resend is byte for byte the same."""

    __slots__ = ("_rendered", "index", "marker", "payload", "ssrc", "timestamp")

    def __init__(self, ssrc: int, index: int, timestamp: int, marker: bool, payload: bytes) -> None:
        self.ssrc = ssrc
        self.index = index
        """The sequence number without its wraps."""
        self.timestamp = timestamp
        self.marker = marker
        self.payload = payload
        self._rendered: dict[Format, bytes] = {}

    @property
    def sequence(self) -> int:
        """The 16 bits on the wire."""
        return self.index & 0xFFFF

    def render(self, form: Format) -> bytes:
        """The packet for viewers of this format."""
        rendered = self._rendered.get(form)
        if rendered is None:
            header = _HEADER.pack(
                0x90 if form.extension else 0x80,
                form.payload_type | (0x80 if self.marker else 0),
                self.sequence,
                self.timestamp,
                self.ssrc,
            )
            rendered = self._rendered[form] = header + form.extension + self.payload
        return rendered


class RtpStream:
    """Numbers the packets of one track and keeps the last of them for those who ask again."""

    def __init__(self, clock_rate: int, kept: int) -> None:
        self.ssrc = secrets.randbelow(0xFFFFFFFE) + 1
        self.clock_rate = clock_rate
        self.packets = 0
        self.octets = 0
        self._kept = kept
        self._ring: OrderedDict[int, Packet] = OrderedDict()
        self._next = secrets.randbelow(FIRST_SEQUENCE_BELOW)
        self._offset = secrets.randbits(32)
        self._epoch_ms: int | None = None
        self._latest: tuple[float, int] | None = None

    def packetise(self, unit: AccessUnit, payloads: list[bytes]) -> list[Packet]:
        """Packets for the payloads of one unit, the marker on the last."""
        timestamp = self._timestamp(unit)
        self._latest = (unit.epoch_ms / 1000 + unit.seconds, timestamp)
        packets = []
        for number, payload in enumerate(payloads, 1):
            packet = Packet(self.ssrc, self._next, timestamp, number == len(payloads), payload)
            self._next += 1
            self._ring[packet.sequence] = packet
            packets.append(packet)
            self.octets += len(payload)
        self.packets += len(packets)
        while len(self._ring) > self._kept:
            self._ring.popitem(last=False)
        return packets

    def again(self, sequence: int) -> Packet | None:
        """A packet that was sent a moment ago, if it is still kept."""
        return self._ring.get(sequence)

    @property
    def latest(self) -> tuple[float, int] | None:
        """(Unix seconds of the programme, RTP timestamp) of the newest unit: one instant on both clocks."""
        return self._latest

    def _timestamp(self, unit: AccessUnit) -> int:
        """Programme time, which goes on through a studio restart; a new epoch is counted from the first."""
        if self._epoch_ms is None:
            self._epoch_ms = unit.epoch_ms
        moved = (unit.epoch_ms - self._epoch_ms) * self.clock_rate // 1000
        return (self._offset + unit.pts + moved) & 0xFFFFFFFF

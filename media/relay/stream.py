"""One RTP stream of a meeting, the same for all its viewers."""

import secrets
import struct
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from media.access_unit import AccessUnit

MID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:mid"
FIRST_SEQUENCE_BELOW = 4096
"""Sequence numbers start low: a viewer who misses the packets around the first wrap could never decrypt."""
PADDING_LIMIT = 64
"""Bytes that evening out the fragments of one picture may cost; there are never more fragments than that."""

_HEADER = struct.Struct(">BBHII")
_ONE_BYTE_PROFILE = b"\xbe\xde"
_PADDED = 0x20


@dataclass(frozen=True, slots=True)
class Format:
    """What differs between viewers of one stream: what was negotiated, and how their numbers are counted."""

    payload_type: int
    extension: bytes = b""
    """Complete, with profile and length; empty for none."""
    shift: int = 0
    """Added to every sequence number: a viewer who changed renditions goes on without a gap."""

    @classmethod
    def negotiated(cls, payload_type: int, mid: str, mid_id: int | None) -> "Format":
        """For an offered payload type and, when offered, the id of the MID extension (RFC 8285, 9143)."""
        if mid_id is None or not 1 <= mid_id <= 14 or not 1 <= len(mid) <= 16:
            return cls(payload_type)
        element = bytes([mid_id << 4 | len(mid) - 1]) + mid.encode("ascii")
        element += bytes(-len(element) % 4)
        return cls(payload_type, _ONE_BYTE_PROFILE + (len(element) // 4).to_bytes(2, "big") + element)


@dataclass(frozen=True, slots=True)
class Packet:
    """One RTP packet before encryption. In one format it is always the same bytes: so a resend is safe."""

    ssrc: int
    index: int
    """The sequence number without its wraps."""
    timestamp: int
    marker: bool
    payload: bytes
    padding: int = 0
    """Bytes behind the payload (RFC 3550 section 5.1)."""

    @property
    def sequence(self) -> int:
        """The 16 bits on the wire."""
        return self.index & 0xFFFF

    def render(self, form: Format, timestamp: int | None = None) -> bytes:
        """The packet for viewers of this format, with another time stamp than its own where one is given."""
        header = _HEADER.pack(
            (0x90 if form.extension else 0x80) | (_PADDED if self.padding else 0),
            form.payload_type | (0x80 if self.marker else 0),
            (self.index + form.shift) & 0xFFFF,
            self.timestamp if timestamp is None else timestamp,
            self.ssrc,
        )
        rendered = header + form.extension + self.payload
        if self.padding:
            rendered += bytes(self.padding - 1) + bytes([self.padding])
        return rendered


class Source:
    """A synchronisation source and its clock. Renditions of one track share it, so that players see one."""

    def __init__(self, clock_rate: int) -> None:
        self.ssrc = secrets.randbelow(0xFFFFFFFE) + 1
        self.clock_rate = clock_rate
        self._offset = secrets.randbits(32)
        self._epoch_ms: int | None = None

    def timestamp(self, unit: AccessUnit) -> int:
        """Programme time, which goes on through a studio restart; a new epoch is counted from the first."""
        if self._epoch_ms is None:
            self._epoch_ms = unit.epoch_ms
        moved = (unit.epoch_ms - self._epoch_ms) * self.clock_rate // 1000
        return (self._offset + unit.pts + moved) & 0xFFFFFFFF


class RtpStream:
    """Numbers the packets of one track and keeps the last of them for those who ask again."""

    def __init__(self, source: Source, kept: int) -> None:
        self.source = source
        self.ssrc = source.ssrc
        self.packets = 0
        self.octets = 0
        self._kept = kept
        self._ring: OrderedDict[int, Packet] = OrderedDict()
        self._next = secrets.randbelow(FIRST_SEQUENCE_BELOW)
        self._latest: tuple[float, int] | None = None

    def packetise(self, unit: AccessUnit, payloads: Sequence[bytes]) -> list[Packet]:
        """Packets for the payloads of one unit, the marker on the last."""
        timestamp = self.source.timestamp(unit)
        self._latest = (unit.epoch_ms / 1000 + unit.seconds, timestamp)
        packets = []
        for number, payload in enumerate(payloads, 1):
            last = number == len(payloads)
            padding = _evening_out(payloads) if last else 0
            packet = Packet(self.ssrc, self._next, timestamp, last, payload, padding)
            self._next += 1
            self._ring[packet.index] = packet
            packets.append(packet)
            self.octets += len(payload)
        self.packets += len(packets)
        while len(self._ring) > self._kept:
            self._ring.popitem(last=False)
        return packets

    def again(self, index: int) -> Packet | None:
        """A packet that was sent a moment ago, if it is still kept."""
        return self._ring.get(index)

    @property
    def latest(self) -> tuple[float, int] | None:
        """(Unix seconds of the programme, RTP timestamp) of the newest unit: one instant on both clocks."""
        return self._latest


def _evening_out(payloads: Sequence[bytes]) -> int:
    """Padding that makes the last fragment of a picture as long as the others.

    Then they, and the shorter sound behind them, are one run for the kernel's segmentation.
    """
    if len(payloads) < 2:
        return 0
    short = len(payloads[-2]) - len(payloads[-1])
    return short if 0 < short <= PADDING_LIMIT else 0

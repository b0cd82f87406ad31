"""RTCP (RFC 3550, 4585, 5104): sender reports and goodbyes out, viewers' wishes in."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from aiortc.rtp import (
    RTCP_PSFB,
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RTCP_RR,
    RTCP_RTPFB,
    RTCP_RTPFB_NACK,
    RTCP_SR,
    RtcpByePacket,
    RtcpSdesPacket,
    RtcpSenderInfo,
    RtcpSourceInfo,
    RtcpSrPacket,
)

from media.relay.stream import RtpStream

NTP_EPOCH = 2_208_988_800
"""Seconds from 1900 to 1970."""
_SDES_CNAME = 1
_HEADER = struct.Struct(">BBH")
_BLOCK = struct.Struct(">III12x")
_NACK = struct.Struct(">HH")
_BLOCKS_AT = {RTCP_RR: 4, RTCP_SR: 24}
"""Where receiver blocks begin: behind the sender's name, and behind what it sent."""


class RtcpError(ValueError):
    """Not a compound packet."""


@dataclass(frozen=True, slots=True)
class Received:
    """One block of a receiver report."""

    ssrc: int
    lost: int
    """Packets in all, less those that came twice or late."""
    highest: int
    """Sequence number with its wraps."""


@dataclass(slots=True)
class Wishes:
    """What a viewer asked for, and told, in one datagram."""

    lost: list[tuple[int, int]] = field(default_factory=list)
    """(Synchronisation source, sequence number) of packets that did not arrive."""
    picture: bool = False
    """A picture was lost altogether: PLI or FIR."""
    received: list[Received] = field(default_factory=list)


def read_wishes(data: bytes) -> Wishes:
    """Read a decrypted datagram. Raises ``RtcpError``."""
    wishes = Wishes()
    try:
        for kind, count, body in _packets(data):
            if kind in _BLOCKS_AT:
                wishes.received += _received(body, _BLOCKS_AT[kind], count)
            elif kind == RTCP_RTPFB and count == RTCP_RTPFB_NACK:
                wishes.lost += _lost(body)
            elif kind == RTCP_PSFB and count in (RTCP_PSFB_PLI, RTCP_PSFB_FIR):
                wishes.picture = True
    except (struct.error, IndexError) as error:
        raise RtcpError(str(error)) from error
    return wishes


def reports(streams: Sequence[RtpStream], cname: str) -> bytes:
    """One compound packet with a sender report and the name of every stream that has begun.

    The clocks of all reports are those of the programme, so players line up picture and sound exactly.
    """
    return b"".join(_report(stream, cname) for stream in streams if stream.latest is not None)


def goodbye(streams: Sequence[RtpStream], cname: str) -> bytes:
    """The last packet of a session."""
    return reports(streams, cname) + bytes(RtcpByePacket(sources=[stream.ssrc for stream in streams]))


def ntp(seconds: float) -> int:
    """Unix seconds as a 64-bit NTP timestamp."""
    whole = int(seconds)
    return (whole + NTP_EPOCH) << 32 | int((seconds - whole) * 2**32)


def _packets(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(Type, count or format, what follows the header) of each packet."""
    position = 0
    while position < len(data):
        first, kind, words = _HEADER.unpack_from(data, position)
        start = position + _HEADER.size
        position = start + 4 * words
        padding = data[position - 1] if first & 0x20 else 0
        if first >> 6 != 2 or position > len(data) or padding > 4 * words:
            raise RtcpError("Not a compound packet")
        yield kind, first & 0x1F, data[start : position - padding]


def _received(body: bytes, start: int, count: int) -> list[Received]:
    blocks = (_BLOCK.unpack_from(body, start + number * _BLOCK.size) for number in range(count))
    return [Received(ssrc, _signed(lost), highest) for ssrc, lost, highest in blocks]


def _signed(lost: int) -> int:
    """The lower 24 bits, behind the share of packets lost."""
    return ((lost & 0xFFFFFF) ^ 0x800000) - 0x800000


def _lost(body: bytes) -> list[tuple[int, int]]:
    """A sequence number with a bit for each of the sixteen after it (RFC 4585 section 6.2.1)."""
    ssrc = int.from_bytes(body[4:8], "big")
    return [
        (ssrc, (first + after) & 0xFFFF)
        for first, mask in _NACK.iter_unpack(body[8:])
        for after in range(17)
        if after == 0 or mask >> (after - 1) & 1
    ]


def _report(stream: RtpStream, cname: str) -> bytes:
    seconds, timestamp = stream.latest or (0.0, 0)
    info = RtcpSenderInfo(ntp(seconds), timestamp, stream.packets & 0xFFFFFFFF, stream.octets & 0xFFFFFFFF)
    name = RtcpSourceInfo(ssrc=stream.ssrc, items=[(_SDES_CNAME, cname.encode())])
    return bytes(RtcpSrPacket(ssrc=stream.ssrc, sender_info=info)) + bytes(RtcpSdesPacket(chunks=[name]))

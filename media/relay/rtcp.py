"""RTCP (RFC 3550, 4585, 5104): sender reports and goodbyes out, viewers' wishes in."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from aiortc.rtp import (
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RtcpByePacket,
    RtcpPacket,
    RtcpPsfbPacket,
    RtcpReceiverInfo,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtcpSdesPacket,
    RtcpSenderInfo,
    RtcpSourceInfo,
    RtcpSrPacket,
)

from media.relay.stream import RtpStream

NTP_EPOCH = 2_208_988_800
"""Seconds from 1900 to 1970."""
_SDES_CNAME = 1


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
    try:
        packets = RtcpPacket.parse(data)
    except (ValueError, struct.error, IndexError, UnicodeDecodeError) as error:
        raise RtcpError(str(error)) from error
    wishes = Wishes()
    for packet in packets:
        if isinstance(packet, RtcpRtpfbPacket) and packet.fmt == RTCP_RTPFB_NACK:
            wishes.lost += [(packet.media_ssrc, sequence & 0xFFFF) for sequence in packet.lost]
        elif isinstance(packet, RtcpPsfbPacket) and packet.fmt in (RTCP_PSFB_PLI, RTCP_PSFB_FIR):
            wishes.picture = True
        elif isinstance(packet, RtcpRrPacket | RtcpSrPacket):
            wishes.received += [_received(block) for block in packet.reports]
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


def _received(block: RtcpReceiverInfo) -> Received:
    return Received(block.ssrc, block.packets_lost, block.highest_sequence)


def _report(stream: RtpStream, cname: str) -> bytes:
    seconds, timestamp = stream.latest or (0.0, 0)
    info = RtcpSenderInfo(ntp(seconds), timestamp, stream.packets & 0xFFFFFFFF, stream.octets & 0xFFFFFFFF)
    name = RtcpSourceInfo(ssrc=stream.ssrc, items=[(_SDES_CNAME, cname.encode())])
    return bytes(RtcpSrPacket(ssrc=stream.ssrc, sender_info=info)) + bytes(RtcpSdesPacket(chunks=[name]))

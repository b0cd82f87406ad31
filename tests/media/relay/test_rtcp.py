"""Reports that another stack reads, and wishes read from it; noise is an error and nothing else."""

import random

import pytest
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
    RtcpSrPacket,
)

from media.access_unit import AccessUnit, Track
from media.relay.rtcp import Received, RtcpError, goodbye, ntp, read_wishes, reports
from media.relay.stream import RtpStream, Source


def streams() -> tuple[RtpStream, RtpStream]:
    return RtpStream(Source(90_000), kept=10), RtpStream(Source(48_000), kept=10)


def test_reports_put_both_streams_on_one_clock() -> None:
    video, audio = streams()
    picture = video.packetise(
        AccessUnit(Track.VIDEO_720, 1, 0, 1_790_000_000_000, 90_000, 3600, True, b""), [b"a"]
    )
    sound = audio.packetise(AccessUnit(Track.OPUS, 1, 0, 1_790_000_000_000, 96_000, 960, True, b""), [b"bc"])
    packets = RtcpPacket.parse(reports((video, audio), "name"))
    assert [type(packet) for packet in packets] == [RtcpSrPacket, RtcpSdesPacket] * 2
    senders = [packet for packet in packets if isinstance(packet, RtcpSrPacket)]
    assert [sender.ssrc for sender in senders] == [video.ssrc, audio.ssrc]
    assert [sender.sender_info.rtp_timestamp for sender in senders] == [
        picture[0].timestamp,
        sound[0].timestamp,
    ]
    first, second = (sender.sender_info.ntp_timestamp for sender in senders)
    assert second - first == 1 << 32
    assert first >> 32 == 1_790_000_001 + 2_208_988_800
    assert senders[1].sender_info.octet_count == 2


def test_a_stream_that_has_not_begun_is_not_reported() -> None:
    assert reports(streams(), "name") == b""


def test_goodbye_names_both_streams() -> None:
    packet = RtcpPacket.parse(goodbye(both := streams(), "name"))[-1]
    assert packet == RtcpByePacket(sources=[stream.ssrc for stream in both])


def test_ntp_has_fractions() -> None:
    assert ntp(0.5) == (2_208_988_800 << 32) + (1 << 31)


def test_reads_what_a_viewer_wants() -> None:
    data = (
        bytes(RtcpRrPacket(ssrc=1))
        + bytes(RtcpRtpfbPacket(fmt=RTCP_RTPFB_NACK, ssrc=1, media_ssrc=7, lost=[65_535, 65_536]))
        + bytes(RtcpPsfbPacket(fmt=RTCP_PSFB_PLI, ssrc=1, media_ssrc=7))
    )
    wishes = read_wishes(data)
    assert wishes.lost == [(7, 65_535), (7, 0)]
    assert wishes.picture
    assert read_wishes(bytes(RtcpPsfbPacket(fmt=RTCP_PSFB_FIR, ssrc=1, media_ssrc=0, fci=bytes(8)))).picture
    assert not read_wishes(bytes(RtcpRrPacket(ssrc=1))).picture


def test_reads_what_a_viewer_received() -> None:
    blocks = [RtcpReceiverInfo(7, 64, 5, 3 << 16 | 65_530, 1, 2, 3), RtcpReceiverInfo(9, 255, -2, 4, 5, 6, 7)]
    expected = [Received(7, 5, 3 << 16 | 65_530), Received(9, -2, 4)]
    sender = RtcpSrPacket(ssrc=1, sender_info=RtcpSenderInfo(0, 0, 0, 0), reports=blocks)
    for packet in (RtcpRrPacket(ssrc=1, reports=blocks), sender):
        assert read_wishes(bytes(packet)).received == expected


def test_reads_what_another_stack_reads() -> None:
    """Any compound packet of feedback: padded, with packets of no interest between."""
    chance = random.Random(5)
    for _ in range(300):
        lost = sorted(chance.sample(range(65_536), chance.randrange(1, 20)))
        source = chance.getrandbits(32)
        data = bytes(RtcpRrPacket(ssrc=1)) + b"\x80\xcf\x00\x00"
        data += bytes(RtcpRtpfbPacket(fmt=RTCP_RTPFB_NACK, ssrc=1, media_ssrc=source, lost=lost))
        data += b"\xa1\xce\x00\x03" + bytes(11) + b"\x04"
        packets = RtcpPacket.parse(data)
        assert isinstance(packets[1], RtcpRtpfbPacket)
        wishes = read_wishes(data)
        assert wishes.lost == [(packets[1].media_ssrc, sequence & 0xFFFF) for sequence in packets[1].lost]
        assert wishes.picture


def test_noise_is_refused() -> None:
    noise = random.Random(9)
    for _ in range(3000):
        data = bytes([0x80 | noise.randrange(64), noise.randrange(200, 208)]) + noise.randbytes(
            noise.randrange(60)
        )
        try:
            read_wishes(data)
        except RtcpError:
            continue
    with pytest.raises(RtcpError):
        read_wishes(b"\x80")

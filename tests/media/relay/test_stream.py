"""One numbering for all viewers; the only difference is the negotiated format."""

from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpParameters
from aiortc.rtp import HeaderExtensionsMap, RtpPacket

from media.access_unit import AccessUnit, Track
from media.relay.stream import FIRST_SEQUENCE_BELOW, MID_EXTENSION, Format, RtpStream, Source


def unit(number: int, *, session: int = 1, epoch_ms: int = 1_790_000_000_000) -> AccessUnit:
    return AccessUnit(Track.VIDEO_720, session, number, epoch_ms, number * 3600, 3600, False, b"")


def test_numbers_go_up_by_one_and_only_the_last_packet_is_marked() -> None:
    stream = RtpStream(Source(90_000), kept=10)
    first = stream.packetise(unit(0), [b"a", b"b", b"c"])
    second = stream.packetise(unit(1), [b"d"])
    assert [packet.index - first[0].index for packet in (*first, *second)] == [0, 1, 2, 3]
    assert [packet.marker for packet in (*first, *second)] == [False, False, True, True]
    assert 0 <= first[0].index < FIRST_SEQUENCE_BELOW
    assert len({packet.timestamp for packet in first}) == 1
    assert (second[0].timestamp - first[0].timestamp) % 2**32 == 3600
    assert (stream.packets, stream.octets) == (4, 4)


def test_time_goes_on_through_a_studio_restart() -> None:
    stream = RtpStream(Source(90_000), kept=10)
    before = stream.packetise(unit(100), [b"a"])[0]
    after = stream.packetise(unit(350, session=2), [b"b"])[0]
    moved = stream.packetise(unit(0, session=3, epoch_ms=1_790_000_020_000), [b"c"])[0]
    assert (after.timestamp - before.timestamp) % 2**32 == 10 * 90_000
    assert (moved.timestamp - before.timestamp) % 2**32 == 16 * 90_000
    assert (after.index, moved.index) == (before.index + 1, before.index + 2)
    assert stream.latest == (1_790_000_020.0, moved.timestamp)


def test_the_rendered_packet_is_rtp_with_the_mid_for_those_who_offered_it() -> None:
    parameters = RTCRtpParameters(headerExtensions=[RTCRtpHeaderExtensionParameters(9, MID_EXTENSION)])
    extensions = HeaderExtensionsMap()
    extensions.configure(parameters)
    packet = RtpStream(Source(90_000), kept=10).packetise(unit(3), [b"payload"])[0]
    rendered = packet.render(Format.negotiated(108, "video0", 9))
    parsed = RtpPacket.parse(rendered, extensions)
    assert (parsed.payload_type, parsed.sequence_number) == (108, packet.sequence)
    assert (parsed.timestamp, parsed.ssrc, parsed.marker) == (packet.timestamp, packet.ssrc, 1)
    assert (parsed.extensions.mid, parsed.payload) == ("video0", b"payload")
    bare = RtpPacket.parse(packet.render(Format.negotiated(96, "video0", None)), extensions)
    assert (bare.payload_type, bare.extensions.mid, bare.payload) == (96, None, b"payload")


def test_the_last_fragment_is_padded_to_the_length_of_the_others() -> None:
    packets = RtpStream(Source(90_000), kept=10).packetise(unit(0), [b"x" * 100, b"x" * 100, b"y" * 97])
    rendered = [packet.render(Format(96)) for packet in packets]
    assert [len(data) for data in rendered] == [112, 112, 112]
    assert [RtpPacket.parse(data).payload for data in rendered] == [b"x" * 100, b"x" * 100, b"y" * 97]
    far = RtpStream(Source(90_000), kept=10).packetise(unit(0), [b"x" * 100, b"y" * 10])
    assert [len(packet.render(Format(96))) for packet in far] == [112, 22]


def test_a_mid_that_no_one_byte_extension_can_carry_is_left_out() -> None:
    assert Format.negotiated(96, "x" * 17, 4) == Format(96)
    assert Format.negotiated(96, "0", 15) == Format(96)


def test_the_last_packets_can_be_had_again() -> None:
    stream = RtpStream(Source(90_000), kept=3)
    packets = stream.packetise(unit(0), [b"a", b"b", b"c", b"d"])
    assert stream.again(packets[0].index) is None
    assert [stream.again(packet.index) for packet in packets[1:]] == packets[1:]

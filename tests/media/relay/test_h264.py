"""Access units become payloads that a depacketiser turns back into the same NAL units."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.access_unit import Track
from media.relay.h264 import PAYLOAD_LIMIT, payloads, split
from tests.media.relay.feed import RED, Encoder
from tests.support.fuzz import fuzz

SPS, PPS = b"\x67\x42\xe0\x1f\x01", b"\x68\xce\x01"


def annex_b(*nals: bytes) -> bytes:
    return b"".join(b"\x00\x00\x00\x01" + nal for nal in nals)


def unpack(packets: list[bytes]) -> list[bytes]:
    """A depacketiser by RFC 6184 sections 5.6 to 5.8."""
    nals: list[bytes] = []
    for packet in packets:
        kind = packet[0] & 0x1F
        if kind == 24:
            position = 1
            while position < len(packet):
                size = int.from_bytes(packet[position : position + 2], "big")
                nals.append(packet[position + 2 : position + 2 + size])
                position += 2 + size
        elif kind == 28:
            if packet[1] & 0x80:
                nals.append(bytes([packet[0] & 0xE0 | packet[1] & 0x1F]))
            nals[-1] += packet[2:]
        else:
            nals.append(packet)
    return nals


def test_splits_both_start_codes_and_drops_padding() -> None:
    assert split(b"\x00\x00\x00\x01abc\x00\x00\x00\x00\x01de\x00\x00\x01f") == [b"abc", b"de", b"f"]
    assert split(b"no start code") == []


@pytest.mark.parametrize("size", [1, 2, 1159, 1160, 1161, 2317, 2318, 30_000, 100_001])
def test_fragments_are_equal_but_for_a_shorter_last(size: int) -> None:
    nal = b"\x65" + bytes(1 + number % 255 for number in range(size - 1))
    packets = payloads(annex_b(nal))
    assert unpack(packets) == [nal]
    sizes = [len(packet) for packet in packets]
    assert max(sizes) <= PAYLOAD_LIMIT
    assert len(set(sizes[:-1])) <= 1
    assert sizes[-1] <= sizes[0]
    if len(packets) > 1:
        starts = [bool(packet[1] & 0x80) for packet in packets]
        ends = [bool(packet[1] & 0x40) for packet in packets]
        assert starts == [True] + [False] * (len(packets) - 1)
        assert ends == [False] * (len(packets) - 1) + [True]


def test_parameter_sets_share_a_packet_and_delimiters_are_left_out() -> None:
    slice_nal = b"\x65" + bytes(range(1, 200))
    packets = payloads(annex_b(b"\x09\x10", SPS, PPS, b"\x06\x05\x01\x01\x80", b"\x0c\xff\x80", slice_nal))
    assert [packet[0] & 0x1F for packet in packets] == [24, 5]
    assert unpack(packets) == [SPS, PPS, slice_nal]


def test_large_parameter_sets_travel_alone() -> None:
    large = b"\x67" + b"\x01" * 1158
    assert unpack(payloads(annex_b(large, PPS))) == [large, PPS]


def test_nothing_but_delimiters_is_nothing() -> None:
    assert payloads(annex_b(b"\x09\x10")) == []


def test_real_pictures_lose_nothing_but_delimiters() -> None:
    units = [unit for _, unit in Encoder(RED, session=1).second() if unit.track is Track.VIDEO_720]
    assert units[0].key
    for unit in units:
        packets = payloads(unit.data)
        kept = [nal for nal in split(unit.data) if nal[0] & 0x1F not in (6, 9)]
        assert unpack(packets) == kept
        fragments = [len(packet) for packet in packets if packet[0] & 0x1F == 28]
        assert all(before == after for before, after in pairwise(fragments[:-1]))


@fuzz
@given(st.lists(st.tuples(st.integers(1, 23), st.integers(0, 3), st.integers(0, 4000)), max_size=12))
def test_any_units_are_put_together_again(found: list[tuple[int, int, int]]) -> None:
    nals = [bytes([importance << 5 | kind]) + b"\x01" * size + b"\x80" for kind, importance, size in found]
    packets = payloads(annex_b(*nals))
    sent = [nal for nal in nals if nal[0] & 0x1F not in (6, 9, 12)]
    parameters = [nal for nal in sent if nal[0] & 0x1F in (7, 8)]
    assert unpack(packets) == parameters + [nal for nal in sent if nal not in parameters]
    assert all(0 < len(packet) <= PAYLOAD_LIMIT for packet in packets)


@fuzz
@given(st.binary(max_size=200))
def test_any_bytes_lose_nothing_but_zeros_and_what_is_before_the_first_unit(data: bytes) -> None:
    nals = split(data)
    assert all(0 < len(packet) <= PAYLOAD_LIMIT for packet in payloads(data))
    assert all(nal and nal[-1] and b"\x00\x00\x01" not in nal for nal in nals)
    begins = data.find(b"\x00\x00\x01")
    assert b"".join(nals).replace(b"\x00", b"") == (
        b"" if begins < 0 else data[begins:].replace(b"\x00\x00\x01", b"").replace(b"\x00", b"")
    )

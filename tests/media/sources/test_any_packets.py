"""Whatever comes as RTP from browsers and encoders of strangers is taken in order, bounded, or left out.

Keys are known to whoever sends: what is inside a packet that was encrypted well may still be anything.
"""

import struct
from itertools import pairwise
from math import isfinite

from aiortc.codecs import depayload
from aiortc.codecs.h264 import h264_depayload
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtp import RtcpSenderInfo, RtcpSrPacket, RtpPacket, unpack_header_extensions
from hypothesis import given
from hypothesis import strategies as st

from media.sources.capture_clock import CaptureClock
from media.sources.reception import MOST_FRAMES, Reception, Unwrapped
from media.sources.reorder import (
    MOST_PICTURE,
    MOST_PICTURE_BYTES,
    MOST_SOUND,
    PICTURE_PATIENCE,
    Frame,
    Reorder,
)
from media.sources.shortcut import MOST_LANES, Lane, _h264
from tests.media.sources.test_shortcut import CODEC, SSRC, TYPE, Line
from tests.media.studio.fakes import FakeClock
from tests.support.fuzz import fuzz

START = b"\x00\x00\x00\x01"
CODECS = [
    CODEC,
    RTCRtpCodecParameters("video/VP8", 90_000, payloadType=TYPE),
    RTCRtpCodecParameters("audio/opus", 48_000, 2, payloadType=TYPE),
]
SEND_TIME = 3
"""The number of the header extension in a ``Line``."""
payloads = st.one_of(
    st.binary(max_size=60),
    # The kinds of H.264 that are taken apart, and fragments first of all.
    st.builds(
        lambda kind, rest: bytes([0x60 | kind]) + rest, st.sampled_from([24, 28]), st.binary(max_size=40)
    ),
)
extensions = st.one_of(
    st.binary(max_size=60),
    st.lists(
        st.tuples(st.integers(0, 15), st.integers(1, 16), st.binary(min_size=16, max_size=16)), max_size=6
    ).map(
        lambda found: b"".join(
            bytes([number << 4 | size - 1]) + value[:size] for number, size, value in found
        )
    ),
)


class Stream(Line):
    """Of any codec."""

    def __init__(self, codec: RTCRtpCodecParameters) -> None:
        super().__init__()
        self._codec = codec
        self.begin(0)

    def learn(self, ssrc: int, payload_type: int) -> Lane | None:
        if (ssrc, payload_type) != (SSRC, TYPE):
            return None
        known = self.reception, self.statistics, self.nacks, self.estimator, SEND_TIME, self.damaged
        return Lane(ssrc, payload_type, self._codec, *known, self.hand_over)


def extended(profile: int, body: bytes) -> bytes:
    """A header extension, in whole words."""
    body += bytes(-len(body) % 4)
    return struct.pack("!HH", profile, len(body) // 4) + body


@fuzz
@given(st.lists(st.binary(max_size=100), max_size=10))
def test_any_datagrams_from_the_network(found: list[bytes]) -> None:
    stream = Stream(CODEC)
    for data in found:
        stream.shortcut.take(data)
        stream.shortcut.take(struct.pack("!BBHLL", 0x90, TYPE, 0, 0, SSRC) + data)
    assert stream.frames == []
    assert stream.shortcut.taken == 0
    assert len(stream.shortcut._lanes) <= MOST_LANES


@fuzz
@given(
    st.sampled_from(CODECS),
    st.lists(
        st.tuples(
            payloads, st.one_of(st.none(), extensions), st.sampled_from([0xBEDE, 0x1000, 0]), st.booleans()
        ),
        max_size=8,
    ),
)
def test_anything_inside_packets_in_order(
    codec: RTCRtpCodecParameters, packets: list[tuple[bytes, bytes | None, int, bool]]
) -> None:
    stream = Stream(codec)
    given_in = 0
    for number, (payload, extension, profile, marker) in enumerate(packets):
        first, head = (0x80, b"") if extension is None else (0x90, extended(profile, extension))
        stream.begin(number)
        stream.shortcut.take(stream.packet(number, head + payload, first, marker=int(marker)))
        given_in += len(payload) + len(START) * (1 + len(payload))
    assert stream.shortcut.taken <= len(packets)
    assert sum(len(data) for _, data in stream.frames) <= given_in, "nothing is made up"
    stream.begin(len(packets))
    assert stream.send(len(packets), b"\x10\x65x" if codec.name == "VP8" else b"\x65x")
    assert stream.frames[-1][1].endswith(b"\x65x"), "what is good after it is taken"


@fuzz
@given(extensions)
def test_when_it_was_sent_is_what_aiortc_reads(body: bytes) -> None:
    stream = Stream(CODEC)
    lane = stream.learn(SSRC, TYPE)
    assert lane is not None
    head = extended(0xBEDE, body)
    sent = lane._sent(struct.pack("!BBHLL", 0x90, TYPE, 0, 0, SSRC) + head + b"payload", 12 + len(head))
    try:
        read = unpack_header_extensions(0xBEDE, head[4:])
    except ValueError:
        return
    times = [int.from_bytes(value) for number, value in read if (number, len(value)) == (SEND_TIME, 3)]
    assert sent == (times[0] if times else None)


@fuzz
@given(payloads)
def test_a_payload_becomes_what_aiortc_makes_of_it(payload: bytes) -> None:
    results = []
    for take_apart in (_h264, h264_depayload, lambda data: depayload(CODEC, data)):
        try:
            results.append(take_apart(payload))
        except ValueError as error:
            results.append(str(error).encode())
    assert results[0] == results[1] == results[2]


anything = st.tuples(
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.booleans(),
    st.sampled_from([1, 1, 1, 2]),
    st.one_of(st.binary(max_size=20), st.binary(max_size=20).map(START.__add__)),
    st.floats(0, 0.4),
)
near = st.tuples(
    st.integers(0, 40),
    st.integers(0, 6),
    st.booleans(),
    st.just(1),
    st.one_of(st.binary(max_size=20), st.binary(max_size=20).map(START.__add__)),
    st.floats(0, 0.1),
)


@fuzz
@given(st.booleans(), st.one_of(st.lists(anything, max_size=40), st.lists(near, max_size=60)))
def test_any_packets_are_handed_on_once_and_in_bounded_space(
    pictures: bool, packets: list[tuple[int, int, bool, int, bytes, float]]
) -> None:
    reorder, now = Reorder(pictures=pictures), 0.0
    came: list[bytes] = []
    for number, stamp, marker, ssrc, data, later in packets:
        now += later
        came.append(data)
        frames, _ = reorder.add(RtpPacket(97, int(marker), number, stamp, ssrc), data, now)
        for frame in frames:
            assert frame.data, "an empty one is none"
            assert len(frame.data) <= MOST_PICTURE_BYTES
        assert len(reorder._waiting) <= (MOST_PICTURE if pictures else MOST_SOUND)
        assert sum(map(len, reorder._parts)) <= sum(map(len, came))


@fuzz
@given(st.data(), st.lists(st.integers(1, 4), min_size=2, max_size=10), st.integers(0, 0xFFFF))
def test_every_whole_picture_comes_once_in_order_and_no_other(
    data: st.DataObject, sizes: list[int], first: int
) -> None:
    """Packets overtake each other, come twice and are lost, but for the very first."""
    parts = [(picture, part, part == size - 1) for picture, size in enumerate(sizes) for part in range(size)]
    numbers = range(len(parts))
    lost = data.draw(st.sets(st.sampled_from(numbers[1:]), max_size=3))
    detours = data.draw(st.lists(st.integers(0, 6), min_size=len(parts), max_size=len(parts)))
    order = sorted(numbers[1:], key=lambda number: number + detours[number])
    twice = data.draw(st.sets(st.sampled_from(numbers), max_size=3))
    reorder, now = Reorder(pictures=True), 0.0
    frames: list[Frame] = []

    def send(number: int, picture: int, part: int, *, last: bool) -> None:
        packet = RtpPacket(97, int(last), (first + number) & 0xFFFF, 3600 * picture, 1)
        frames.extend(reorder.add(packet, (b"" if part else START) + bytes([picture, part]), now)[0])

    for number in (0, *(one for one in order if one not in lost)):
        for _ in range(1 + (number in twice)):
            now += 0.001
            picture, part, last = parts[number]
            send(number, picture, part, last=last)
    later = range(len(sizes), len(sizes) + len(lost) + 2)
    for ahead, picture in enumerate(later):
        now += PICTURE_PATIENCE + 0.001
        send(len(parts) + ahead, picture, 0, last=True)
    whole = dict.fromkeys((*range(len(sizes)), *later), b"")
    for picture, part, _ in (*parts, *((picture, 0, True) for picture in later)):
        whole[picture] += (b"" if part else START) + bytes([picture, part])
    for number in lost:
        whole.pop(parts[number][0], None)
    assert [(frame.timestamp // 3600, frame.data) for frame in frames] == list(whole.items())
    for before, after in pairwise(frames):
        assert after.gap == (after.timestamp - before.timestamp != 3600)


@fuzz
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(-(2**31) + 1, 2**31 - 1), max_size=20))
def test_time_that_wraps_goes_on(first: int, steps: list[int]) -> None:
    time, count = Unwrapped(), first
    assert time.map(first) == first
    for step in steps:
        assert time.near((count + step) & 0xFFFFFFFF) == count + step
        count += step
        assert time.map(count & 0xFFFFFFFF) == count


@fuzz
@given(
    st.sampled_from(["audio", "video"]),
    st.lists(st.tuples(st.booleans(), st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1)), max_size=20),
)
def test_any_reports_leave_a_time_or_none(kind: str, found: list[tuple[bool, int, int]]) -> None:
    clock = FakeClock()
    reception = Reception(kind, CaptureClock(one_clock=False), clock)
    for number, (reports, stamp, ntp) in enumerate(found):
        clock.advance(0.02)
        if reports:
            reception.reported(RtcpSrPacket(1, RtcpSenderInfo(ntp, stamp, number, number)))
        else:
            reception.take(RtpPacket(97, 1, number, stamp, 1), START)
        for frame in reception.frames:
            captured = reception.captured(frame.frame.timestamp)
            assert captured is None or isfinite(captured)
        assert len(reception.frames) <= MOST_FRAMES

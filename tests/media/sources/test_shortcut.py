import struct
import threading

import numpy as np
from aiortc.codecs.h264 import h264_depayload
from aiortc.rate import RemoteBitrateEstimator
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtcrtpreceiver import NackGenerator, StreamStatistics
from pylibsrtp import Policy, Session

from media.sources.capture_clock import CaptureClock
from media.sources.reception import Reception, SparingEstimator
from media.sources.shortcut import MOST_UNTOLD, Lane, Shortcut, _h264
from tests.media.studio.fakes import FakeClock

SSRC, TYPE = 0x1234_5678, 99
CODEC = RTCRtpCodecParameters("video/H264", 90_000, payloadType=TYPE)
KEY = bytes(range(30))


class Line:
    """An encrypted stream into a ``Shortcut``; the long way does what aiortc does with its numbers."""

    def __init__(self) -> None:
        policy = Policy(key=KEY, ssrc_type=Policy.SSRC_ANY_OUTBOUND)
        policy.allow_repeat_tx = True
        self.sender = Session(policy)
        self.receiver = Session(Policy(key=KEY, ssrc_type=Policy.SSRC_ANY_INBOUND))
        self.reception = Reception("video", CaptureClock(one_clock=False), FakeClock())
        self.statistics = StreamStatistics(90_000)
        self.nacks = NackGenerator()
        self.estimator = SparingEstimator(RemoteBitrateEstimator(), FakeClock())
        self.damaged = threading.Event()
        self.frames: list[tuple[int, bytes]] = []
        self.learnt: list[tuple[int, int]] = []
        self.shortcut = Shortcut(self.learn, lambda: self.receiver)

    def learn(self, ssrc: int, payload_type: int) -> Lane | None:
        self.learnt.append((ssrc, payload_type))
        if (ssrc, payload_type) != (SSRC, TYPE):
            return None
        known = self.reception, self.statistics, self.nacks, self.estimator, 3, self.damaged
        return Lane(ssrc, payload_type, CODEC, *known, self.hand_over)

    def hand_over(self) -> None:
        while self.reception.frames:
            _, frame, _ = self.reception.frames.popleft()
            self.frames.append((frame.timestamp, frame.data))

    def begin(self, number: int) -> None:
        """What the first packet leaves behind on the long way."""
        self.nacks.max_seq = (number - 1) & 0xFFFF
        self.reception._reorder._ssrc, self.reception._reorder._next = SSRC, number

    def packet(self, number: int, payload: bytes, first: int = 0x80, **other: int) -> bytes:
        marker = other.get("marker", 1) << 7
        head = struct.pack(
            "!BBHLL",
            first,
            marker | other.get("type", TYPE),
            number & 0xFFFF,
            other.get("stamp", 3600 * number),
            SSRC,
        )
        return self.sender.protect(head + other.get("extended", 0) * b"\xbe\xde\x00\x01\x32abc" + payload)

    def send(self, number: int, payload: bytes = b"\x65x") -> bool:
        return self.shortcut.take(self.packet(number, payload))


def test_packets_in_order_become_pictures_at_once() -> None:
    line = Line()
    line.begin(65_534)
    assert line.shortcut.take(line.packet(65_534, b"\x65ab"))
    assert line.shortcut.take(line.packet(65_535, b"\x7c\x85cd", marker=0, stamp=7))
    assert line.shortcut.take(line.packet(65_536, b"\x7c\x45ef", stamp=7))
    assert line.shortcut.take(line.packet(65_537, b"\x61gh", first=0x90, extended=1))
    pictures = [b"\x65ab", b"\x65cdef", b"\x61gh"]
    assert [data for _, data in line.frames] == [b"\0\0\0\1" + picture for picture in pictures]
    assert line.statistics.packets_received == line.shortcut.taken == 4
    assert line.nacks.max_seq == 1
    assert line.learnt == [(SSRC, TYPE)]


def test_what_needs_more_goes_the_long_way() -> None:
    line = Line()
    line.begin(10)
    assert line.send(10)
    for number, data in enumerate(
        (
            b"",
            b"\x80",
            b"\x16\xfe\xfd" + bytes(40),
            b"\x00\x01\x00\x00\x21\x12\xa4\x42" + bytes(12),
            line.packet(11, b"\x65x", first=0xA0),
            line.packet(12, b"\x65x"),
            line.packet(11, b"\x65x", type=100),
            line.packet(10, b"\x65x"),
        )
    ):
        assert not line.shortcut.take(data), number
    line.damaged.set()
    assert not line.send(11), "a whole picture is to be asked for"
    line.damaged.clear()
    line.nacks.missing.add(9)
    assert not line.send(11), "a packet is to be asked for again"
    line.nacks.missing.clear()
    assert line.send(11)
    assert [data for _, data in line.frames] == [b"\0\0\0\1\x65x"] * 2


def test_an_estimate_is_told_by_the_packet_that_ends_a_picture() -> None:
    """It goes the long way; one in the middle would take the rest of the picture with it."""
    line = Line()
    line.begin(10)
    line.estimator.due = True
    assert line.shortcut.take(line.packet(10, b"\x7c\x85cd", marker=0, stamp=7))
    assert not line.shortcut.take(line.packet(11, b"\x7c\x45ef", stamp=7))
    for number in range(11, 11 + MOST_UNTOLD):
        assert line.shortcut.take(line.packet(number, b"\x61x", marker=0, stamp=8)), number
    assert not line.shortcut.take(line.packet(11 + MOST_UNTOLD, b"\x61x", marker=0, stamp=8))
    line.estimator.due = False
    assert line.shortcut.take(line.packet(12 + MOST_UNTOLD - 1, b"\x61x", marker=0, stamp=8))


def test_every_kind_of_payload_becomes_what_aiortc_makes_of_it() -> None:
    rng = np.random.default_rng(3)
    for kind in (1, 5, 7, 24, 28, 28, 28, 29):
        for length in (0, 1, 2, 3, 4, 40):
            payload = bytes([0x60 | kind]) + rng.bytes(length)
            results = []
            for depayload in (_h264, h264_depayload):
                try:
                    results.append(depayload(payload))
                except ValueError as error:
                    results.append(str(error).encode())
            assert results[0] == results[1], payload


def test_forged_and_repeated_packets_are_dropped() -> None:
    line = Line()
    line.begin(5)
    rng = np.random.default_rng(1)
    true = line.packet(5, b"\x65" + bytes(200))
    for _ in range(300):
        forged = bytearray(true)
        forged[rng.integers(12, len(forged))] ^= 1 << rng.integers(8)
        assert line.shortcut.take(bytes(forged))
        assert line.shortcut.take(true[: rng.integers(28, len(true))])
    assert line.frames == []
    assert line.shortcut.taken == 0
    assert line.shortcut.take(true)
    assert len(line.frames) == 1


def test_nothing_is_taken_before_there_is_a_key() -> None:
    line = Line()
    line.begin(5)
    early = Shortcut(line.learn, lambda: None)
    assert not early.take(line.packet(5, b"\x65x"))


def test_streams_of_an_unknown_number_are_not_remembered() -> None:
    line = Line()
    for ssrc in range(100):
        data = b"\x80" + bytes([TYPE]) + bytes(6) + ssrc.to_bytes(4) + bytes(40)
        assert not line.shortcut.take(data)
    assert line.shortcut._lanes == {}

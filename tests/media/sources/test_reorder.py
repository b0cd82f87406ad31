import pytest
from aiortc.rtp import RtpPacket

from media.sources.reorder import MOST_PICTURE_BYTES, PICTURE_PATIENCE, SOUND_PATIENCE, Frame, Reorder

START = b"\x00\x00\x00\x01"


class Line:
    """Packets into a ``Reorder``, 1 ms apart."""

    def __init__(self, *, pictures: bool, first: int = 65_530) -> None:
        self.reorder = Reorder(pictures=pictures)
        self.first = first
        self.now = 10.0
        self.lost = 0

    def send(
        self, number: int, timestamp: int, data: bytes = START + b"x", *, last: bool = True, ssrc: int = 1
    ) -> list[Frame]:
        self.now += 0.001
        packet = RtpPacket(97, int(last), (self.first + number) & 0xFFFF, timestamp, ssrc)
        frames, lost = self.reorder.add(packet, data, self.now)
        self.lost += lost
        return frames


def stamps(frames: list[Frame]) -> list[int]:
    return [frame.timestamp for frame in frames]


def test_a_picture_is_complete_with_its_marker() -> None:
    line = Line(pictures=True)
    assert line.send(0, 1, START + b"a", last=False) == []
    assert line.send(1, 1, b"b") == [Frame(97, 1, START + b"ab")]
    assert line.send(2, 2, START + b"c") == [Frame(97, 2, START + b"c")]


def test_sound_goes_on_at_once() -> None:
    line = Line(pictures=False)
    assert [stamps(line.send(number, number, b"o")) for number in range(10)] == [[n] for n in range(10)]


def test_what_overtook_waits_and_what_comes_twice_is_dropped() -> None:
    line = Line(pictures=False)
    assert stamps(line.send(0, 0)) == [0]
    assert line.send(2, 2) == []
    assert line.send(0, 0) == []
    assert stamps(line.send(1, 1)) == [1, 2]
    assert line.send(1, 1) == []
    assert not line.lost


def test_lost_sound_is_waited_for_only_so_long() -> None:
    line = Line(pictures=False)
    line.send(0, 0)
    assert line.send(2, 2) == []
    line.now += SOUND_PATIENCE
    assert stamps(line.send(3, 3)) == [2, 3]
    assert stamps(line.send(4, 4)) == [4]


def test_a_picture_that_is_never_complete_is_left_out_and_reported_once() -> None:
    line = Line(pictures=True)
    line.send(0, 1, START + b"a", last=False)
    assert line.send(2, 1, b"c") == []
    assert line.send(3, 2, START + b"d", last=False) == []
    assert line.send(4, 2, b"e") == []
    line.now += PICTURE_PATIENCE
    assert stamps(line.send(5, 3)) == [2, 3]
    assert line.lost == 1
    assert stamps(line.send(6, 4)) == [4]
    assert line.lost == 1


def test_a_packet_sent_again_in_time_completes_the_picture() -> None:
    line = Line(pictures=True)
    line.send(0, 1, START + b"a", last=False)
    assert line.send(2, 1, b"c") == []
    line.now += PICTURE_PATIENCE / 2
    assert line.send(1, 1, b"b", last=False) == [Frame(97, 1, START + b"abc")]
    assert not line.lost


def test_a_marker_in_mid_picture_is_seen_through() -> None:
    line = Line(pictures=True)
    line.send(0, 1, START + b"a")
    line.send(1, 1, START + b"b")
    assert line.send(2, 2, START + b"c") == [Frame(97, 1, START + b"b")]
    assert line.send(3, 2, START + b"d") == []
    assert line.send(4, 3, START + b"e") == [Frame(97, 2, START + b"c" + START + b"d")]


def test_padding_is_no_picture() -> None:
    line = Line(pictures=True)
    line.send(0, 1)
    assert line.send(1, 1, b"", last=False) == []
    assert stamps(line.send(2, 2)) == [2]


@pytest.mark.parametrize("number", [20_000, -20_000])
def test_a_new_beginning(number: int) -> None:
    line = Line(pictures=True)
    line.send(0, 1)
    assert stamps(line.send(number, 2)) == [2]
    assert stamps(line.send(5, 3, ssrc=2)) == [3]


def test_what_waits_is_bounded() -> None:
    line = Line(pictures=False)
    line.send(0, 0)
    waiting = [stamps(line.send(number, number)) for number in range(2, 40)]
    assert max(len(frames) for frames in waiting) <= 17


def test_the_next_picture_after_a_gap_says_so() -> None:
    line = Line(pictures=True)
    assert [frame.gap for frame in line.send(0, 1)] == [False]
    assert line.send(2, 3) == []
    line.now += PICTURE_PATIENCE
    assert [frame.gap for frame in line.send(3, 4)] == [True, False]
    assert [frame.gap for frame in line.send(4, 5, ssrc=2)] == [True]
    assert [frame.gap for frame in line.send(5, 6, ssrc=2)] == [False]


@pytest.mark.parametrize(
    ("first", "shown"), [(b"\x10\x02\x00\x9d\x01\x2a", [3, 4]), (b"\x11\x02\x00dif", [4])]
)
def test_a_key_picture_of_vp8_begins_after_a_gap(first: bytes, shown: list[int]) -> None:
    """Of other pictures nobody can tell whether the first part is there."""
    line = Line(pictures=True)
    line.send(0, 1, b"\x11abcdef")
    assert line.send(2, 3, first) == []
    line.now += PICTURE_PATIENCE
    assert stamps(line.send(3, 4, b"\x11abcdef")) == shown


def test_a_picture_without_end_is_given_up() -> None:
    line = Line(pictures=True)
    part = START + b"x" * 1196
    for number in range(MOST_PICTURE_BYTES // 1200 + 500):
        assert line.send(number, 1, part, last=False) == []
    kept = sum(map(len, line.reorder._parts))
    assert kept == 0
    assert line.send(number + 1, 1, part) == []
    assert [(frame.timestamp, frame.gap) for frame in line.send(number + 2, 2)] == [(2, True)]

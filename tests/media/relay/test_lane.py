"""A viewer's numbers go on without a gap through every change of stream, and lead back to what was sent."""

import pytest

from media.access_unit import AccessUnit, Track
from media.relay.lane import FAR_BEHIND, LONG_GAP, NEAR_WRAP, SPANS, Lane
from media.relay.stream import Format, Packet, RtpStream, Source


class Renditions:
    """Two streams of one source, and a viewer."""

    def __init__(self) -> None:
        source = Source(90_000)
        self.large, self.small = RtpStream(source, 100), RtpStream(source, 100)
        self.lane = Lane(self.large, Format(96))

    def make(self, stream: RtpStream, count: int = 1, tick: int = 0) -> list[Packet]:
        unit = AccessUnit(Track.VIDEO_720, 1, 0, 0, tick * 3600, 3600, True, b"")
        return stream.packetise(unit, [b"x"] * count)

    def send(self, stream: RtpStream, count: int = 1, tick: int = 0) -> list[Packet]:
        packets = self.make(stream, count, tick)
        if self.lane.stream is not stream or self.lane.last is None:
            self.lane.change(stream)
            self.lane.begin(packets[0])
        self.lane.note(packets[-1])
        return packets


def test_without_a_change_the_numbers_are_those_of_the_stream() -> None:
    both = Renditions()
    packets = both.send(both.large, 3)
    assert both.lane.form.shift == 0
    assert both.lane.last == packets[-1].index
    assert both.lane.find(packets[1].sequence) == (packets[1], Format(96))


def test_numbers_go_on_by_one_through_changes_and_lead_back() -> None:
    both = Renditions()
    both.make(both.small, 50)
    expected: dict[int, Packet] = {}
    first: int | None = None
    for stream, count in ((both.large, 4), (both.small, 3), (both.large, 2), (both.small, 1)):
        both.make(both.large, 7)  # what others get meanwhile
        for packet in both.send(stream, count):
            number = packet.index + both.lane.form.shift
            first = number if first is None else first
            assert number == first + len(expected)
            expected[number] = packet
    for number, packet in expected.items():
        found = both.lane.find(number & 0xFFFF)
        assert found is not None
        assert found[0] is packet
        assert (found[0].index + found[1].shift) == number
    assert first is not None
    assert both.lane.find((first - 1) & 0xFFFF) is None
    assert both.lane.find((first + len(expected)) & 0xFFFF) is None


def test_a_viewer_is_as_far_behind_as_the_packet_they_have() -> None:
    both = Renditions()
    assert both.lane.behind(0) is None
    packets = [both.send(both.large, 1, tick=tick)[0] for tick in range(200)]
    assert both.lane.behind(packets[-1].sequence) == 0
    assert both.lane.behind(packets[-26].sequence) == pytest.approx(1.0)
    assert both.lane.behind(packets[0].sequence) == FAR_BEHIND
    small = both.send(both.small, 1, tick=200)[0]
    assert both.lane.behind((small.index + both.lane.form.shift) & 0xFFFF) == 0
    assert both.lane.behind(packets[-1].sequence) == pytest.approx(0.04)


def test_changes_long_ago_are_forgotten() -> None:
    both = Renditions()
    first = both.send(both.large)[0]
    for number in range(SPANS):
        both.send((both.small, both.large)[number % 2])
    assert both.lane.find(first.sequence) is None


def test_after_a_long_time_without_pictures_the_numbers_go_on_by_one() -> None:
    both = Renditions()
    first = both.send(both.large)[0]
    both.make(both.large, LONG_GAP)
    again = both.make(both.large)[0]
    assert both.lane.begin(again)
    both.lane.note(again)
    assert both.lane.last == first.index + 1
    assert both.lane.find((first.index + 1) & 0xFFFF) == (again, both.lane.form)
    both.make(both.large, LONG_GAP - 1)
    assert not both.lane.begin(both.make(both.large)[0])


@pytest.mark.parametrize(("sequence", "allowed"), [(NEAR_WRAP - 1, True), (NEAR_WRAP, False)])
def test_nobody_begins_just_before_the_numbers_wrap(sequence: int, allowed: bool) -> None:
    both = Renditions()
    packet = Packet(both.large.ssrc, 0x10000 + sequence, 0, True, b"x")
    assert both.lane.may_begin([packet]) == allowed
    both.send(both.large)
    assert both.lane.may_begin([packet])


def test_nobody_begins_with_packets_among_which_the_numbers_wrap() -> None:
    both = Renditions()
    before, after = (Packet(both.large.ssrc, index, 0, True, b"x") for index in (0xFF00, 0x10001))
    assert both.lane.may_begin([before])
    assert not both.lane.may_begin([before, after])

"""What goes out together, in which order, and for whom it is laid out anew."""

import pytest

from media.access_unit import AccessUnit, Track
from media.relay.burst import RIDE_PACKETS, Burst, Picture, Shape
from media.relay.soundtrack import Soundtrack
from media.relay.stream import Format, RtpStream, Source
from media.relay.workbench import PACKETS, Workbench

VIDEO, AUDIO = RtpStream(Source(90_000), 10), RtpStream(Source(48_000), 10)


def burst(pictures: int, size: int = 1000) -> Burst:
    unit = AccessUnit(Track.VIDEO_720, 1, 0, 0, 0, 3600, True, b"")
    picture = Picture(True, VIDEO.packetise(unit, [bytes(size)] * pictures))
    return Burst(Workbench(), picture, AUDIO.packetise(unit, [bytes(100)]))


def shape(payload_type: int = 96, tag: int = 16, shift: int = 0) -> Shape:
    return Shape({VIDEO.ssrc: Format(payload_type, shift=shift), AUDIO.ssrc: Format(111)}, tag)


@pytest.mark.parametrize(("pictures", "place"), [(1, -1), (RIDE_PACKETS, -1), (RIDE_PACKETS + 1, 0)])
def test_sound_rides_behind_a_small_picture_and_goes_ahead_of_a_large_one(pictures: int, place: int) -> None:
    made = burst(pictures)
    assert made.packets[place].ssrc == AUDIO.ssrc
    assert [packet.ssrc for packet in made.packets].count(VIDEO.ssrc) == pictures


def test_a_picture_and_its_sound_are_one_call() -> None:
    layout = burst(9).layout(shape())
    assert layout is not None
    assert [len(run.packets) for run in layout.runs] == [10]


def test_it_is_laid_out_once_for_all_of_a_shape() -> None:
    made = burst(3)
    assert made.layout(shape()) is made.layout(shape())
    others = [shape(97), shape(tag=10), shape(shift=5)]
    assert len({id(made.layout(one)) for one in [shape(), *others]}) == 4


def test_one_too_large_for_the_workbench_is_not_laid_out() -> None:
    assert burst(PACKETS).layout(shape()) is None


class TestSoundtrack:
    def frame(self, number: int, data: bytes = b"\xfcab") -> AccessUnit:
        return AccessUnit(Track.OPUS, 1, number, 0, number * 960, 960, True, data)

    def test_the_frames_of_a_tick_share_a_packet(self) -> None:
        soundtrack = Soundtrack()
        assert not soundtrack.add(self.frame(0))
        assert not soundtrack.add(self.frame(1))
        first = soundtrack.take()
        assert soundtrack.add(self.frame(2)) is False
        second = soundtrack.take()
        assert [packet.payload for packet in (*first, *second)] == [b"\xfdabab", b"\xfcab"]
        assert (second[0].timestamp - first[0].timestamp) % 2**32 == 1920
        assert second[0].index == first[0].index + 1

    def test_without_pictures_a_third_frame_is_the_last_to_wait(self) -> None:
        soundtrack = Soundtrack()
        assert [soundtrack.add(self.frame(number)) for number in range(3)] == [False, False, True]
        assert len(soundtrack.take()) == 1
        assert soundtrack.take() == []

    def test_frames_with_a_gap_between_them_do_not_share(self) -> None:
        soundtrack = Soundtrack()
        for number in (0, 5):
            soundtrack.add(self.frame(number))
        first, second = soundtrack.take()
        assert (second.timestamp - first.timestamp) % 2**32 == 5 * 960

    def test_what_nobody_hears_is_forgotten(self) -> None:
        soundtrack = Soundtrack()
        soundtrack.add(self.frame(0))
        soundtrack.forget()
        assert soundtrack.take() == []

"""What is written is read again, however the stream is cut; anything else is refused."""

import pytest

from media.access_unit import AccessUnit, Track
from media.bus.wire import UNIT_LIMIT, FrameDecoder, WireError, decode, encode
from tests.media.bus.units import picture, sound

EXTREME = AccessUnit(
    track=Track.AAC,
    session=2**32 - 1,
    sequence=2**32 - 1,
    epoch_ms=2**63,
    pts=-(2**63),
    duration=2**32 - 1,
    key=False,
    data=b"",
)


@pytest.mark.parametrize("unit", [picture(0, key=True), picture(3), sound(9), EXTREME])
def test_round_trip(unit: AccessUnit) -> None:
    assert decode(encode(unit)) == unit


@pytest.mark.parametrize("step", [1, 3, 7, 64, 10_000])
def test_stream_cut_anywhere(step: int) -> None:
    units = [picture(0, key=True, size=300), sound(0), picture(1), EXTREME]
    stream = b"".join(encode(unit) for unit in units)
    decoder = FrameDecoder()
    read = [unit for at in range(0, len(stream), step) for unit in decoder.feed(stream[at : at + step])]
    assert read == units


def test_track_of_a_later_version_is_passed_over() -> None:
    later = (
        encode(picture(0)).replace(b"\x09video-720", b"\x09video-720").replace(b"video-720", b"video-180", 1)
    )
    assert decode(later) is None
    assert FrameDecoder().feed(later + encode(sound(1))) == [sound(1)]


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\x00\x00",
        b"\x00\x00\x00\x05abc",
        b"\x00\x00\x00\x00",
        b"\x00\x00\x00\x03\x01\x00\x09",
        encode(sound(0))[:-1],
        encode(sound(0)).replace(b"\x01\x01\x04", b"\x02\x01\x04"),
        encode(sound(0)).replace(b"\x01\x01\x04", b"\x01\x01\xff"),
    ],
)
def test_refuses_what_is_not_a_unit(frame: bytes) -> None:
    with pytest.raises(WireError):
        decode(frame)


def test_refuses_an_absurd_length_before_waiting_for_it() -> None:
    with pytest.raises(WireError, match="above the limit"):
        FrameDecoder().feed((UNIT_LIMIT + 1).to_bytes(4, "big"))


def test_refuses_to_write_an_absurd_unit() -> None:
    with pytest.raises(WireError, match="above the limit"):
        encode(picture(0, size=UNIT_LIMIT))

"""Joined frames decode to the same sound, by libopus."""

import av
import numpy as np
import pytest

from media.access_unit import Track
from media.relay.opus import join
from tests.media.relay.feed import RED, Encoder

FRAMES = [unit.data for _, unit in Encoder(RED, session=1).second() if unit.track is Track.OPUS]


def decode(packets: list[bytes]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    decoder = av.CodecContext.create("libopus", "r")
    decoder.sample_rate, decoder.layout = 48_000, "stereo"
    frames = [frame for packet in packets for frame in decoder.decode(av.Packet(packet))]
    assert all(isinstance(frame, av.AudioFrame) for frame in frames)
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1)


@pytest.mark.parametrize("together", [2, 3])
def test_joined_frames_are_the_same_sound(together: int) -> None:
    frames = FRAMES[: 12 * together]
    packets = [
        packet
        for start in range(0, len(frames), together)
        for packet in join(frames[start : start + together])
    ]
    assert len(packets) < 0.6 * len(frames)  # the encoder may change its ways in the middle of a pair
    assert np.array_equal(decode(packets), decode(frames))


def test_frames_of_one_length_carry_none() -> None:
    assert join([b"\xfcab", b"\xfccd"]) == [b"\xfdabcd"]


def test_long_frames_have_two_bytes_of_length() -> None:
    joined = join([b"\xfc" + bytes(300), b"\xfc" + bytes(251)])
    assert joined == [b"\xff\x82\xfc\x0c" + bytes(551)]
    assert 4 * 0x0C + 0xFC == 300


@pytest.mark.parametrize(
    "frames",
    [
        [b"\xfcab"],
        [b"\xfcab", b"\x78cd"],  # another mode
        [b"\xfcab", b"\xfdcdef"],  # two frames already
        [b"\xfcab", b"\xfc"],  # an empty frame
        [b"\xfcab"] * 4,
        [],
    ],
)
def test_what_cannot_share_a_packet_is_left_alone(frames: list[bytes]) -> None:
    assert join(frames) == frames

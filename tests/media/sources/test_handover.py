import gc

import av
import numpy as np
import pytest

from media.programme.picture import blank, planes
from media.sources.handover import (
    Begun,
    Message,
    NotUnderstood,
    Over,
    PictureAt,
    SoundPiece,
    Trouble,
    pack,
    unpack,
)
from media.sources.ring import HIGHEST, SLOTS, WIDEST, Ring


@pytest.fixture
def ring() -> Ring:
    return Ring.create()


def test_a_picture_goes_through_the_ring_unchanged(ring: Ring) -> None:
    child = Ring(ring.fd)
    for width, height in ((1280, 720), (854, 480), (WIDEST, HIGHEST), (2, 2)):
        sent = blank(width, height, (90, 100, 220))
        planes(sent)[0][0, -1] = 200
        slot = child.put(sent)
        assert slot is not None
        taken = ring.take(slot, width, height)
        assert [np.array_equal(a, b) for a, b in zip(planes(sent), planes(taken), strict=True)] == [True] * 3


def test_a_slot_comes_back_when_its_picture_is_no_longer_used(ring: Ring) -> None:
    child = Ring(ring.fd)
    picture = blank(64, 48)
    kept = []
    for _ in range(SLOTS):
        slot = child.put(picture)
        assert slot is not None
        kept.append(ring.take(slot, 64, 48))
    assert child.put(picture) is None
    del kept[3]
    gc.collect()
    assert child.put(picture) == 3


def test_a_picture_outlives_both_ends(ring: Ring) -> None:
    slot = ring.put(blank(64, 48, (77, 1, 2)))
    assert slot is not None
    taken = ring.take(slot, 64, 48)
    ring.close()
    del ring
    gc.collect()
    assert planes(taken)[0].max() == planes(taken)[0].min() == 77


@pytest.mark.parametrize(
    "claim", [(-1, 64, 48), (SLOTS, 64, 48), (0, 0, 48), (0, 63, 48), (0, 4096, 4096), (0, 65534, 2000)]
)
def test_what_cannot_be_a_picture_is_not_looked_at(ring: Ring, claim: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no picture"):
        ring.take(*claim)


def test_what_a_slot_cannot_hold_is_not_put(ring: Ring) -> None:
    for picture in (blank(4096, 2160), av.VideoFrame(64, 48, "yuv422p")):
        with pytest.raises(ValueError, match="picture"):
            ring.put(picture)


@pytest.mark.parametrize(
    "message",
    [
        Begun(),
        PictureAt(3, 1280, 720, -7_200_000_000, 4.25),
        PictureAt(3, 1280, 720, 0, 4.25, generation=7, key=True),
        SoundPiece(44_100, 1, 5, 0.5, b"\0" * 4096),
        Trouble(12, 3),
        Over(True, "Mae’r llun wedi’i ddifrodi."),
        Over(False, ""),
    ],
)
def test_messages_arrive_as_they_were_sent(message: Message) -> None:
    assert unpack(pack(message)) == message


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"?",
        b"P",
        b"P" * 100,
        b"S",
        pack(SoundPiece(48_000, 2, 0, 0.0, b"1234")),
        pack(SoundPiece(48_000, 3, 0, 0.0, b"\0" * 12)),
        pack(SoundPiece(1, 1, 0, 0.0, b"\0" * 4)),
        pack(SoundPiece(48_000, 1, 0, 0.0, b"")),
        b"OR\xff\xfe",
        b"O",
    ],
)
def test_nonsense_is_not_understood(packet: bytes) -> None:
    with pytest.raises(NotUnderstood):
        unpack(packet)

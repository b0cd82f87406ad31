"""What RTMP messages become as FLV, and where another stream has to begin."""

import pytest

from media.ingest import flv
from media.ingest.chunks import Kind, RtmpMessage
from media.ingest.flv import CodecChanged, Tags

AVC, OTHER_AVC = b"\x17\x00\0\0\0avc", b"\x17\x00\0\0\0other"
AAC, OTHER_AAC = b"\xaf\x00\x11\x90", b"\xaf\x00\x12\x10"
PICTURE, SOUND = b"\x27\x01\0\0\0picture", b"\xaf\x01sound"


def message(body: bytes, stamp: int = 0) -> RtmpMessage:
    kind = Kind.AUDIO if body[:1] == b"\xaf" else Kind.VIDEO
    return RtmpMessage(kind, stamp, 1, body)


def bodies(data: bytes) -> list[bytes]:
    found = []
    while data:
        size = int.from_bytes(data[1:4], "big")
        found.append(data[11 : 11 + size])
        assert int.from_bytes(data[11 + size : 15 + size], "big") == 11 + size
        data = data[15 + size :]
    return found


def test_a_description_goes_with_the_first_piece_that_needs_it() -> None:
    tags = Tags()
    assert tags.begin() == flv.HEADER
    assert tags.put(message(AVC)) == b""
    assert tags.put(message(AAC)) == b""
    assert bodies(tags.put(message(SOUND, 20))) == [AAC, SOUND]
    assert bodies(tags.put(message(PICTURE, 40))) == [AVC, PICTURE]
    assert bodies(tags.put(message(PICTURE, 80))) == [PICTURE]


def test_the_same_description_again_is_nothing() -> None:
    tags = Tags()
    for body in (AVC, PICTURE):
        tags.put(message(body))
    assert tags.put(message(AVC)) == b""
    assert bodies(tags.put(message(PICTURE))) == [PICTURE]


def test_another_description_begins_another_stream_with_what_is_known_of_the_other_track() -> None:
    tags = Tags()
    for body in (AVC, AAC, PICTURE, SOUND):
        tags.put(message(body))
    with pytest.raises(CodecChanged):
        tags.put(message(OTHER_AVC))
    assert tags.begin() == flv.HEADER
    assert bodies(tags.put(message(SOUND))) == [AAC, SOUND]
    assert bodies(tags.put(message(PICTURE))) == [OTHER_AVC, PICTURE]


def test_both_tracks_that_change_begin_one_stream() -> None:
    tags = Tags()
    for body in (AVC, AAC, PICTURE, SOUND):
        tags.put(message(body))
    with pytest.raises(CodecChanged):
        tags.put(message(OTHER_AAC))
    tags.begin()
    assert tags.put(message(OTHER_AVC)) == b""
    assert bodies(tags.put(message(PICTURE))) == [OTHER_AVC, PICTURE]
    assert bodies(tags.put(message(SOUND))) == [OTHER_AAC, SOUND]


def test_a_description_of_enhanced_rtmp_is_one() -> None:
    tags = Tags()
    tags.put(message(b"\x90hvc1one"))
    assert bodies(tags.put(message(b"\xa1hvc1picture"))) == [b"\x90hvc1one", b"\xa1hvc1picture"]
    with pytest.raises(CodecChanged):
        tags.put(message(b"\x90hvc1two"))


@pytest.mark.parametrize("body", [b"", b"\x17", b"\x12"])
def test_what_is_cut_short_is_passed_on(body: bytes) -> None:
    assert bodies(Tags().put(RtmpMessage(Kind.VIDEO, 0, 1, body))) == [body]


def test_what_is_no_media_is_left_out() -> None:
    assert Tags().put(RtmpMessage(Kind.COMMAND, 0, 1, b"x")) == b""

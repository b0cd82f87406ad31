"""NAL units, boxes and fragments, against libx264, libavformat and damage."""

from dataclasses import replace

import pytest

from media.access_unit import Track
from media.formats.boxes import BoxError, box, walk
from media.formats.cmaf import AUDIO_ID, VIDEO_ID, init_segment
from media.formats.continuity import Continuity, Step
from media.formats.fragmenter import Fragment, Fragmenter
from media.formats.h264 import (
    ParameterSets,
    find_parameter_sets,
    nal_type,
    read_sps,
    split_annex_b,
    to_avcc,
)
from media.formats.mp4_reader import read_fragment, read_init
from media.formats.recording_index import FileLine, FragmentLine, Line, decode_lines, encode_line
from tests.support.encoded import loudness, pictures, programme


def sets_of(size: tuple[int, int] = (320, 180)) -> ParameterSets:
    key = next(unit for unit in programme(1.0, size=size) if unit.track is Track.VIDEO_720)
    found = find_parameter_sets(split_annex_b(key.data))
    assert found is not None
    return found


def fragments(seconds: float, cut_after: int) -> list[Fragment]:
    fragmenter, found = Fragmenter(with_sound_alone=True), []
    for unit in programme(seconds):
        fragmenter.add(unit)
        start, end = fragmenter.start, fragmenter.end
        if start is not None and end is not None and end - start >= cut_after:
            found.append(fragmenter.cut())
    found.append(fragmenter.cut())
    return [fragment for fragment in found if fragment is not None]


def test_start_codes_of_both_lengths() -> None:
    assert split_annex_b(b"\0\0\0\1\x67ab\0\0\1\x68c\0\0\0\0\1\x65d\0\0") == [b"\x67ab", b"\x68c", b"\x65d"]
    assert split_annex_b(b"") == []


def test_parameter_sets_stay_out_of_samples() -> None:
    assert to_avcc([b"\x09\xf0", b"\x67a", b"\x68b", b"\x65cd"]) == b"\0\0\0\3\x65cd"
    assert find_parameter_sets([b"\x65"]) is None
    assert nal_type(b"\x65") == 5


@pytest.mark.parametrize("size", [(320, 180), (640, 360), (1280, 720), (202, 114)])
def test_the_size_is_what_was_encoded(size: tuple[int, int]) -> None:
    facts = read_sps(sets_of(size).sps)
    assert (facts.width, facts.height, facts.chroma_format) == (*size, 1)


def test_an_sps_that_ends_early_is_refused() -> None:
    sps = sets_of().sps
    for length in range(1, 8):
        with pytest.raises(ValueError, match="too early"):
            read_sps(sps[:length])


def test_libavformat_reads_every_picture_and_the_sound() -> None:
    cut = fragments(3.0, 30_000)
    data = init_segment(sets_of()) + b"".join(fragment.data for fragment in cut)
    assert [round(seconds * 25) for seconds, _ in pictures(data)] == list(range(75))
    level, pitch = loudness(data)
    assert level == pytest.approx(0.283, abs=0.01)
    assert pitch == pytest.approx(440, abs=2)
    alone = init_segment(None) + b"".join(fragment.sound for fragment in cut)
    assert loudness(alone)[0] == pytest.approx(level)
    assert loudness(alone)[1] == pytest.approx(pitch)


def test_what_is_written_is_read_back() -> None:
    init = init_segment(sets_of())
    assert [(track.track, track.clock_rate, track.handler) for track in read_init(init)] == [
        (VIDEO_ID, 90_000, "vide"), (AUDIO_ID, 48_000, "soun"),
    ]  # fmt: skip
    cut = fragments(2.0, 45_000)
    ends: dict[int, int] = {}
    for number, fragment in enumerate(cut, start=1):
        facts = read_fragment(fragment.data)
        assert facts.sequence == number
        video, audio = facts.runs
        assert video.decode_time == fragment.start == ends.get(VIDEO_ID, 0)
        assert audio.decode_time == ends.get(AUDIO_ID, 0)
        assert video.keys[0] == fragment.key
        ends = {VIDEO_ID: video.end, AUDIO_ID: audio.end}
        assert abs(audio.end / 48_000 - video.end / 90_000) < 0.05


def test_a_hole_inside_a_fragment_keeps_the_picture_standing() -> None:
    video = [unit for unit in programme(1.0) if unit.track is Track.VIDEO_720]
    fragmenter = Fragmenter()
    for unit in (video[0], video[1], video[4]):
        fragmenter.add(unit)
    cut = fragmenter.cut()
    assert cut is not None
    assert read_fragment(cut.data).runs[0].durations == (3600, 10800, 3600)


@pytest.mark.parametrize("length", [0, 7, 60, 200, -1])
def test_torn_fragments_are_refused(length: int) -> None:
    data = fragments(1.0, 45_000)[0].data
    with pytest.raises(BoxError):
        read_fragment(data[:length])
    with pytest.raises(BoxError):
        read_fragment(data + b"\0")


def test_boxes() -> None:
    data = box("free", b"ab") + box("skip")
    assert [(found.kind, found.end - found.start) for found in walk(data)] == [("free", 2), ("skip", 0)]
    with pytest.raises(BoxError, match="byte 10"):
        list(walk(data[:-3]))


def test_continuity() -> None:
    units = [unit for unit in programme(2.0) if unit.track is Track.VIDEO_720]
    watch = Continuity()
    assert watch.step(units[5]) is Step.SESSION
    assert watch.step(units[6]) is Step.NEXT
    assert watch.step(units[5]) is Step.REPEATED
    assert watch.step(units[9]) is Step.LOST
    assert watch.step(replace(units[10], pts=units[10].pts + 90_000)) is Step.LOST
    assert watch.step(replace(units[0], session=7)) is Step.SESSION


def test_index_lines_and_a_torn_tail() -> None:
    lines: list[Line] = [
        FileLine("a.mp4", 700, 1, 2, "avc1,mp4a", 320, 180),
        FragmentLine("a.mp4", 700, 5, 0.0, 0.36, True),
    ]
    data = b"".join(map(encode_line, lines))
    assert decode_lines(data) == (lines, len(data))
    assert decode_lines(data[:-1]) == (lines[:1], len(encode_line(lines[0])))
    assert decode_lines(data + b'{"file":"a.mp4"}\n') == (lines, len(data))

"""Segments and parts, from real units."""

from dataclasses import replace

import pytest

from media.access_unit import AccessUnit, Track
from media.formats.cmaf import init_segment
from media.formats.fragmenter import Fragment
from media.hls.segmenter import Output, SegmentEnd, Segmenter, SegmentStart
from tests.support.encoded import SIZES, colour_at, looks_like, pictures, programme, size, two_sizes


def run(units: list[AccessUnit], segmenter: Segmenter | None = None) -> list[Output]:
    segmenter = segmenter or Segmenter()
    return [output for unit in units for output in segmenter.add(unit)]


def shape(outputs: list[Output]) -> str:
    """``[`` start, ``D`` start after a discontinuity, ``k`` independent part, ``p`` part, ``]`` end."""
    signs = []
    for output in outputs:
        if isinstance(output, SegmentStart):
            signs.append("D" if output.discontinuity else "[")
        elif isinstance(output, Fragment):
            signs.append("k" if output.key else "p")
        else:
            signs.append("]")
    return "".join(signs)


def test_two_second_segments_of_four_parts() -> None:
    outputs = run(programme(5.0))
    assert shape(outputs) == "[kpkp][kpkp][kp"
    durations = [round(output.duration, 3) for output in outputs if isinstance(output, Fragment)]
    assert durations[:4] == [0.52, 0.48, 0.52, 0.48]


def test_a_part_is_out_with_its_last_picture() -> None:
    segmenter = Segmenter()
    video = [unit for unit in programme(1.0) if unit.track is Track.VIDEO_720]
    ready = [bool(set(shape(segmenter.add(unit))) & {"k", "p"}) for unit in video]
    assert [number for number, is_ready in enumerate(ready) if is_ready] == [12, 24]


def test_each_part_shows_its_time() -> None:
    outputs = run(programme(5.0))
    start = next(output for output in outputs if isinstance(output, SegmentStart))
    parts = [output for output in outputs if isinstance(output, Fragment)]
    data = init_segment(start.sets) + b"".join(part.data for part in parts)
    seen = list(pictures(data))
    assert len(seen) == 125
    for seconds, colour in seen:
        assert looks_like(colour, colour_at(seconds)), seconds


@pytest.mark.parametrize("first", [7, 30, 49])
def test_lost_pictures_make_a_discontinuity_at_the_next_key(first: int) -> None:
    units = [
        unit
        for unit in programme(6.0)
        if unit.track is not Track.VIDEO_720 or not first <= unit.sequence < first + 3
    ]
    outputs = run(units)
    assert shape(outputs).count("D") == 1
    again = next(output for output in outputs if isinstance(output, SegmentStart) and output.discontinuity)
    assert again.start % 90_000 == 0
    assert again.start > first * 3600


def test_another_session_is_a_discontinuity() -> None:
    outputs = run([*programme(3.0), *programme(3.0, start=7.0, session=0xB2)])
    assert shape(outputs) == "[kpkp][kp]D" + "kpkp][kp"


def test_other_parameter_sets_are_a_discontinuity() -> None:
    bigger = programme(2.0, start=2.0, size=(640, 360))
    units = [*programme(2.0), *(replace(unit, sequence=unit.sequence + 1000) for unit in bigger)]
    assert shape(run(units)) == "[kpkp]Dkpkp"


def test_a_replayed_group_is_left_out() -> None:
    units = programme(3.0)
    assert shape(run([*units[:160], *units[60:]])) == shape(run(units))


def test_an_early_key_picture_keeps_the_segment_within_its_target() -> None:
    """A forced key picture moves the grid: the segment ends at the last key that leaves it under 2.5 s."""
    first, second = programme(0.6), programme(4.0, start=0.6)
    pictures_so_far = sum(unit.track is Track.VIDEO_720 for unit in first)
    sounds_so_far = sum(unit.track is Track.AAC for unit in first)
    shifted = [
        replace(
            unit,
            sequence=unit.sequence + (pictures_so_far if unit.track is Track.VIDEO_720 else sounds_so_far),
        )
        for unit in second
    ]
    outputs = run([*first, *shifted])
    starts = [output.start / 90_000 for output in outputs if isinstance(output, SegmentStart)]
    assert starts == [0.0, 1.6, 3.6]


def test_a_group_that_does_not_end_is_cut_off() -> None:
    endless = [
        replace(unit, key=unit.key and unit.pts == 0) if unit.track is Track.VIDEO_720 else unit
        for unit in programme(4.0)
    ]
    outputs = run(endless)
    assert shape(outputs).endswith("]")
    total = sum(output.duration for output in outputs if isinstance(output, Fragment))
    assert total < 2.5


def test_a_restarted_packager_begins_where_it_left_off() -> None:
    units = programme(6.0)
    left_off = units[0].epoch_ms + 2000.0
    outputs = run(units, Segmenter(discontinuity=True, not_before_ms=left_off))
    start = outputs[0]
    assert isinstance(start, SegmentStart)
    assert (start.start, start.discontinuity) == (180_000, True)
    assert isinstance(outputs[5], SegmentEnd)


def starts(outputs: list[Output]) -> list[SegmentStart]:
    return [output for output in outputs if isinstance(output, SegmentStart)]


def test_both_sizes_are_cut_at_the_same_pictures() -> None:
    outputs = run(two_sizes(5.0))
    assert shape(outputs) == shape(run(programme(5.0)))
    first = starts(outputs)[0]
    assert first.small_sets is not None
    assert first.small_sets != first.sets
    parts = [output for output in outputs if isinstance(output, Fragment)]
    full = init_segment(first.sets) + b"".join(part.data for part in parts)
    small = init_segment(first.small_sets) + b"".join(part.small for part in parts)
    assert (size(full), size(small)) == SIZES
    assert [at for at, _ in pictures(small)] == [at for at, _ in pictures(full)]
    assert all(looks_like(colour, colour_at(at)) for at, colour in pictures(small))


@pytest.mark.parametrize("first", [7, 25, 30, 50])
def test_lost_small_pictures_are_a_discontinuity_for_both_sizes(first: int) -> None:
    units = [
        unit
        for unit in two_sizes(7.0)
        if unit.track is not Track.VIDEO_360 or not first <= unit.sequence < first + 3
    ]
    outputs = run(units)
    assert shape(outputs).count("D") == 1
    assert all(start.small_sets for start in starts(outputs))
    assert all(output.small for output in outputs if isinstance(output, Fragment))
    again = starts(outputs)[-1]
    assert again.start > first * 3600


def test_what_a_slow_reader_lost_of_both_sizes_is_one_discontinuity() -> None:
    """A backlog that overflows is emptied between a small picture and its full one."""
    units = two_sizes(7.0)
    at = next(
        number for number, unit in enumerate(units) if unit.track is Track.VIDEO_720 and unit.pts == 270_000
    )
    rest = [unit for unit in units[at:] if unit.track is not Track.VIDEO_360 or unit.pts >= 360_000]
    outputs = run([*units[: at - 60], *rest])
    assert shape(outputs).count("D") == 1
    assert [start.start for start in starts(outputs) if start.discontinuity] == [360_000]
    assert all(output.small for output in outputs if isinstance(output, Fragment))


def test_a_small_rendition_that_ended_does_not_end_the_other() -> None:
    units = [unit for unit in two_sizes(12.0) if unit.track is not Track.VIDEO_360 or unit.seconds < 3]
    outputs = run(units)
    assert starts(outputs)[-1].small_sets is None
    assert starts(outputs)[-1].start / 90_000 > 9
    parts = [output for output in outputs if isinstance(output, Fragment)]
    assert parts[-1].seconds > 11
    assert not parts[-1].small


def test_a_small_rendition_that_begins_is_a_discontinuity() -> None:
    outputs = run(
        [unit for unit in two_sizes(6.0) if unit.track is not Track.VIDEO_360 or unit.seconds > 2.9]
    )
    assert [bool(start.small_sets) for start in starts(outputs)][:3] == [False, False, True]
    assert [start.discontinuity for start in starts(outputs)][:3] == [False, False, True]


def test_at_30_pictures_a_second_all_parts_are_alike() -> None:
    outputs = run(programme(5.0, rate=30))
    assert shape(outputs) == "[kpkp][kpkp][kp"
    assert {round(output.duration, 4) for output in outputs if isinstance(output, Fragment)} == {0.5}
    assert starts(outputs)[0].frame_rate == 30.0

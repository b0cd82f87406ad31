"""Fragments of a recording, from real units."""

from dataclasses import replace

from media.access_unit import AccessUnit, Track
from media.recorder.cutter import Cut, Cutter
from tests.support.encoded import colour_at, looks_like, pictures, programme, size, two_sizes


def run(units: list[AccessUnit]) -> list[Cut]:
    cutter = Cutter()
    return [cut for unit in units for cut in cutter.add(unit)] + cutter.flush()


def test_fragments_are_short_begin_at_keys_and_leave_nothing_out() -> None:
    cuts = run(programme(4.2))
    assert max(cut.fragment.duration for cut in cuts) <= 0.5
    assert [cut.fragment.seconds for cut in cuts if cut.fragment.key] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert sum(cut.fragment.end - cut.fragment.start for cut in cuts) == 4.2 * 90_000
    data = cuts[0].head.init + b"".join(cut.fragment.data for cut in cuts)
    seen = list(pictures(data))
    assert len(seen) == 105
    assert all(looks_like(colour, colour_at(seconds)) for seconds, colour in seen)


def test_another_session_has_another_head() -> None:
    cuts = run([*programme(2.0), *programme(2.0, start=5.0, session=0xB2)])
    heads = list(dict.fromkeys(cut.head.session for cut in cuts))
    assert heads == [0xA1, 0xB2]
    assert next(cut.fragment.seconds for cut in cuts if cut.head.session == 0xB2) == 5.0


def test_other_parameter_sets_have_another_head() -> None:
    bigger = (
        replace(unit, sequence=unit.sequence + 1000) for unit in programme(1.0, start=1.0, size=(640, 360))
    )
    cuts = run([*programme(1.0), *bigger])
    assert {(cut.head.width, cut.head.height) for cut in cuts} == {(320, 180), (640, 360)}


def test_after_a_loss_it_goes_on_at_the_next_key_in_the_same_file() -> None:
    units = [u for u in programme(4.0) if u.track is not Track.VIDEO_720 or not 30 <= u.sequence < 33]
    cuts = run(units)
    assert len({id(cut.head) for cut in cuts}) == 1
    ends = [round(cut.fragment.seconds + cut.fragment.duration, 2) for cut in cuts]
    starts = [cut.fragment.seconds for cut in cuts]
    hole = next(number for number, end in enumerate(ends) if end not in starts)
    assert (ends[hole], starts[hole + 1]) == (1.2, 2.0)


def test_the_small_rendition_is_not_recorded() -> None:
    cuts, alone = run(two_sizes(3.0)), run(programme(3.0))
    assert [cut.fragment.data for cut in cuts] == [cut.fragment.data for cut in alone]
    assert {cut.fragment.small for cut in cuts} == {b""}
    assert size(cuts[0].head.init + cuts[0].fragment.data) == (320, 180)


def test_30_pictures_a_second_are_thirds_of_a_second_of_ten() -> None:
    cuts = run(programme(3.0, rate=30))
    assert {cut.fragment.end - cut.fragment.start for cut in cuts} == {30_000}
    data = cuts[0].head.init + b"".join(cut.fragment.data for cut in cuts)
    assert [round(seconds * 30) for seconds, _ in pictures(data)] == list(range(90))


def test_what_was_said_goes_with_the_fragment_that_is_in_hand() -> None:
    units = programme(2.0)
    said = AccessUnit(Track.CAPTIONS, 0xA1, 0, units[0].epoch_ms, 48_000, 96_000, True, b"Good evening.")
    number = next(number for number, unit in enumerate(units) if unit.seconds >= 1.0)
    cutter = Cutter(captions="en")
    cuts = [cut for unit in [*units[:number], said, *units[number:]] for cut in cutter.add(unit)]
    cuts += cutter.flush()
    assert [(cue.start, cue.text) for cut in cuts for cue in cut.captions] == [(90_000, "Good evening.")]
    assert {cut.head.captions for cut in cuts} == {"en"}


def test_a_meeting_without_captions_records_none() -> None:
    units = programme(1.0)
    said = AccessUnit(Track.CAPTIONS, 0xA1, 0, units[0].epoch_ms, 0, 96_000, True, b"Good evening.")
    assert not any(cut.captions for cut in run([units[0], said, *units[1:]]))

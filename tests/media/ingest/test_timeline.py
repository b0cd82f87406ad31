"""Time stamps of an encoder whose clock jumps."""

import pytest

from media.ingest.timeline import AHEAD, BEHIND, GAP, Timeline

HOURS = 3_600_000
WRAP = 1 << 32


def placed(*stamps: int) -> list[int]:
    timeline = Timeline()
    return [timeline.place(stamp) for stamp in stamps]


def test_good_stamps_are_passed_on_as_they_are() -> None:
    stamps = [6 * HOURS, 6 * HOURS + 23, 6 * HOURS + 10, 6 * HOURS + 40]
    assert placed(*stamps) == stamps


def test_pauses_and_tracks_that_interleave_widely_are_no_jumps() -> None:
    stamps = [0, AHEAD, AHEAD - BEHIND, AHEAD + 40]
    assert placed(*stamps) == stamps


@pytest.mark.parametrize("to", [0, 3 * HOURS, 11 * HOURS])
def test_after_a_jump_the_stamps_go_on(to: int) -> None:
    before = 6 * HOURS
    assert placed(before, to, to + 20, to + 60) == [
        before,
        before + GAP,
        before + GAP + 20,
        before + GAP + 60,
    ]


def test_a_track_that_jumps_later_than_the_other_stays_with_it() -> None:
    """Pictures jump first; two pieces of sound from before come after them."""
    assert placed(1000, 1010, 9 * HOURS, 1030, 9 * HOURS + 40, 1050, 9 * HOURS + 45) == [
        *(1000, 1010, 1010 + GAP, 1030, 1010 + GAP + 40, 1050, 1010 + GAP + 45)
    ]


def test_jump_after_jump_never_goes_back() -> None:
    stamps = [hours * HOURS for hours in (5, 1, 7, 2, 2, 9)]
    seen = placed(*stamps)
    assert seen == sorted(seen)
    assert seen[-1] - seen[0] == 4 * GAP


def test_a_wrap_is_no_jump() -> None:
    assert placed(WRAP - 20, 20, 60) == [WRAP - 20, 20, 60]

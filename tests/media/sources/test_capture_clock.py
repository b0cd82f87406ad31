import random

import pytest

from media.sources.capture_clock import CaptureClock


def clock(*, one_clock: bool = False, **tracks: tuple[float, float]) -> CaptureClock:
    """A clock that saw 100 arrivals of each track: (its first stamp, how long each was on its way)."""
    made = CaptureClock(one_clock=one_clock)
    for number in range(100):
        for name, (first, transit) in tracks.items():
            stamp = number * 0.04
            made.came(name, first + stamp, 1000.0 + stamp + transit)
    return made


def test_the_most_punctual_is_captured_when_it_comes() -> None:
    made = CaptureClock(one_clock=False)
    source = random.Random(1)
    for number in range(200):
        made.came("video", 7.0 + number * 0.04, 1000.0 + number * 0.04 + source.random() * 0.1)
    assert made.captured("video", 15.0) == pytest.approx(1008.0, abs=0.002)


def test_without_reports_every_track_goes_by_its_own_arrivals() -> None:
    made = clock(video=(7.0, 0.1), audio=(90.0, 0.02))
    assert made.captured("video", 8.0) == pytest.approx(1001.1)
    assert made.captured("audio", 91.0) == pytest.approx(1001.02)


def test_reports_say_what_belongs_together() -> None:
    made = clock(video=(7.0, 0.1), audio=(90.0, 0.02))
    made.report("video", 10.96, 3e9 + 3.96)
    made.report("audio", 93.96, 3e9 + 3.96)
    made.came("video", 11.0, 1004.1)
    made.came("audio", 94.0, 1004.02)
    assert made.captured("video", 11.0) == made.captured("audio", 94.0) == pytest.approx(1004.02)


def test_the_stamps_of_a_container_are_of_one_clock() -> None:
    made = clock(one_clock=True, video=(50.0, 0.2), audio=(50.0, 0.05))
    assert made.captured("video", 51.0) == made.captured("audio", 51.0) == pytest.approx(1001.05)


def test_a_report_that_was_late_in_being_made_is_not_believed() -> None:
    made = clock(video=(0.0, 0.0))
    for number in range(9):
        made.report("video", float(number), 3e9 + number + (0.4 if number == 7 else 0.0))
    made.came("video", 9.0, 1009.0)
    assert made.captured("video", 9.0) == pytest.approx(1009.0)


def test_reports_that_make_no_sense_are_left_out() -> None:
    """An encoder whose two tracks are a minute apart by its own reports."""
    made = clock(video=(7.0, 0.1), audio=(90.0, 0.02))
    made.report("video", 10.96, 3e9)
    made.report("audio", 93.96, 3e9 + 60)
    made.came("video", 11.0, 1004.1)
    made.came("audio", 94.0, 1004.02)
    assert made.captured("video", 11.0) == pytest.approx(1004.1)
    assert made.captured("audio", 94.0) == pytest.approx(1004.02)


@pytest.mark.parametrize("jump", [-3600.0, 3600.0])
def test_stamps_that_jump_begin_anew(jump: float) -> None:
    made = clock(one_clock=True, video=(50.0, 0.1), audio=(50.0, 0.05))
    made.came("video", 54.0 + jump, 1004.1)
    assert made.captured("video", 54.0 + jump) == pytest.approx(1004.1)
    made.came("audio", 54.0 + jump, 1004.05)
    assert made.captured("video", 54.0 + jump) == pytest.approx(1004.05)


@pytest.mark.parametrize("drift", [-1e-4, 1e-4])
def test_a_drifting_clock_is_followed(drift: float) -> None:
    made = CaptureClock(one_clock=True)
    for number in range(30_000):
        at = number * 0.04
        made.came("video", at * (1 + drift), at)
    assert made.captured("video", at * (1 + drift)) == pytest.approx(at, abs=0.003)


def test_nothing_is_known_before_anything_came() -> None:
    with pytest.raises(ValueError, match="nothing of audio"):
        CaptureClock(one_clock=False).captured("audio", 1.0)


def test_after_a_backlog_only_what_comes_from_then_on_says_how_punctual_it_is() -> None:
    made = clock(video=(7.0, 3.0))
    assert made.captured("video", 11.0) == pytest.approx(1007.0), "three seconds late, for all that is known"
    made.forget_arrivals()
    made.came("video", 11.04, 1004.04)
    assert made.captured("video", 9.0) == pytest.approx(1002.0), "sent again, and known to be old"

"""Which rendition a viewer gets, as the reports of imagined lines come in."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.relay.fit import (
    TRANSITIONS,
    Fit,
    Floor,
    IllegalTransition,
    Level,
    Limits,
    Report,
    Step,
    Verdict,
    judge,
    step,
)

LIMITS = Limits()
CLEAN = Report(lost=0.0, behind=0.05)


class Line:
    """A viewer who reports once a second."""

    def __init__(self, ceiling: Level = Level.FULL) -> None:
        self.now = 100.0
        self.fit = Fit(self.now, ceiling)

    def reports(self, report: Report, seconds: int) -> list[Level]:
        """The level after each."""
        levels = []
        for _ in range(seconds):
            self.now += 1.0
            levels.append(self.fit.report(report, self.now))
        return levels

    def until(self, level: Level, report: Report, most: int) -> int:
        """Seconds until that level is reached."""
        for second in range(1, most + 1):
            if self.reports(report, 1) == [level]:
                return second
        raise AssertionError(f"never {level.name}")


def narrow(rates: dict[Level, float], room: float) -> Callable[[Level], Report]:
    """A line that loses what it has no room for."""
    return lambda level: Report(max(0.0, 1 - room / rates[level]), 0.05)


def test_a_clean_line_stays_where_it_is() -> None:
    assert set(Line().reports(CLEAN, 600)) == {Level.FULL}


@pytest.mark.parametrize("lost", [0.02, 0.05, 0.09])
def test_loss_that_resends_repair_is_no_reason_to_go_down(lost: float) -> None:
    assert set(Line().reports(Report(lost, 0.05), 120)) == {Level.FULL}


@pytest.mark.parametrize(
    ("reports", "seconds"),
    [
        ([Report(0.6, 0.1)], 1),  # half of it does not arrive
        ([Report(0.15, 0.1)], 2),
        ([Report(0.0, 0.7)], 1),  # a queue has grown
        ([Report(0.0, 0.35), Report(0.0, 0.5)], 2),
    ],
)
def test_what_does_not_fit_is_left_within_two_reports(reports: list[Report], seconds: int) -> None:
    line = Line()
    line.reports(CLEAN, 10)
    for number in range(seconds):
        line.reports(reports[min(number, len(reports) - 1)], 1)
    assert line.fit.level is Level.SMALL


def test_a_queue_that_had_grown_before_the_first_report_is_seen() -> None:
    line = Line()
    levels = [line.reports(Report(0.0, behind), 1)[0] for behind in (1.0, 1.6, 2.2)]
    assert levels == [Level.SMALL] * 3


def test_a_distant_line_is_not_a_queue() -> None:
    assert set(Line().reports(Report(0.0, 0.3), 120)) == {Level.FULL}


def test_a_queue_that_is_being_emptied_costs_nothing_more() -> None:
    line = Line()
    line.reports(CLEAN, 10)
    line.until(Level.SMALL, Report(0.4, 1.5), 2)
    for behind in (3.0, 2.5, 2.0, 1.5, 1.0, 0.5, 0.05):
        assert line.reports(Report(0.0, behind), 1) == [Level.SMALL]


def test_a_line_that_recovered_goes_up_again_and_one_that_did_not_waits_longer_each_time() -> None:
    line = Line()
    rates = {Level.FULL: 2.06, Level.SMALL: 0.7, Level.SOUND: 0.064}
    narrowed = narrow(rates, room=0.8)
    visits, was = [], line.fit.level
    for _ in range(400):
        level = line.reports(narrowed(line.fit.level), 1)[0]
        if level is Level.FULL and was is Level.SMALL:
            visits.append(line.now)
        was = level
    gaps = [after - before for before, after in pairwise(visits)]
    assert len(visits) <= 6
    assert gaps == sorted(gaps)
    wide = narrow(rates, room=5.0)
    for _ in range(200):
        line.reports(wide(line.fit.level), 1)
    assert line.fit.level is Level.FULL


def test_the_last_pictures_are_not_given_up_for_some_loss() -> None:
    line = Line(Level.SMALL)
    assert set(line.reports(Report(0.2, 0.1), 30)) == {Level.SMALL}
    line.reports(Report(0.5, 0.1), 1)
    assert line.reports(Report(0.2, 0.1), 1) == [Level.SMALL]


def test_a_line_too_narrow_for_pictures_keeps_the_sound() -> None:
    line = Line()
    line.until(Level.SOUND, Report(0.5, 0.1), 10)
    assert set(line.reports(Report(0.9, 3.0), 30)) == {Level.SOUND}
    assert line.until(Level.SMALL, CLEAN, 60) >= LIMITS.blind_wait
    assert line.until(Level.FULL, CLEAN, 60) >= LIMITS.first_wait


def test_who_has_no_picture_has_the_small_one_again_sooner() -> None:
    line = Line()
    line.until(Level.SOUND, Report(0.5, 0.1), 10)
    assert line.until(Level.SMALL, CLEAN, 60) < LIMITS.first_wait


def test_a_line_too_narrow_for_any_picture_is_tried_less_and_less() -> None:
    line = Line()
    rates = {Level.FULL: 2.06, Level.SMALL: 0.7, Level.SOUND: 0.064}
    narrowed = narrow(rates, room=0.2)
    tries, was = [], Level.SOUND
    for _ in range(900):
        level = line.reports(narrowed(line.fit.level), 1)[0]
        if level is Level.SMALL and was is Level.SOUND:
            tries.append(line.now)
        was = level
    gaps = [after - before for before, after in pairwise(tries)]
    assert len(tries) <= 10
    assert gaps == sorted(gaps)
    assert gaps[-1] >= LIMITS.longest_wait


@pytest.mark.parametrize("ceiling", [Level.SOUND, Level.SMALL])
def test_nobody_gets_more_than_they_want(ceiling: Level) -> None:
    assert set(Line(ceiling).reports(CLEAN, 300)) == {ceiling}


@pytest.mark.parametrize("wish", list(Level))
def test_a_wish_is_tried_at_once(wish: Level) -> None:
    line = Line(Level.SMALL)
    line.fit.choose(wish, line.now)
    assert line.fit.level is wish
    assert set(line.reports(CLEAN, 300)) == {wish}


@given(
    st.lists(
        st.tuples(
            st.floats(0, 1), st.floats(0, 20), st.floats(0.01, 30), st.sampled_from([*Level, None, None])
        ),
        max_size=80,
    )
)
def test_whatever_is_reported_each_step_is_one_of_the_table(
    story: list[tuple[float, float, float, Level | None]],
) -> None:
    now, fit = 0.0, Fit(0.0)
    for lost, behind, later, wish in story:
        now += later
        if wish is not None:
            fit.choose(wish, now)
        before = fit.level
        after = fit.report(Report(lost, behind), now)
        assert after == before or after in (TRANSITIONS.get((before, taken)) for taken in Step)
        assert after <= fit.ceiling


@pytest.mark.parametrize(
    ("report", "growing", "verdict"),
    [
        (CLEAN, True, Verdict.GOOD),
        (Report(0.04, 0.05), False, Verdict.FAIR),
        (Report(0.0, 0.2), True, Verdict.FAIR),
        (Report(0.1, 0.05), False, Verdict.BAD),
        (Report(0.0, 0.35), True, Verdict.BAD),
        (Report(0.0, 0.35), False, Verdict.FAIR),
        (Report(0.25, 0.05), False, Verdict.AWFUL),
        (Report(0.0, 0.6), True, Verdict.AWFUL),
    ],
)
def test_the_table_of_verdicts(report: Report, growing: bool, verdict: Verdict) -> None:
    assert judge(report, 0.05, LIMITS, growing=growing) is verdict


def test_a_step_that_is_not_there_is_named() -> None:
    with pytest.raises(IllegalTransition, match="FULL up"):
        step(Level.FULL, Step.UP)
    with pytest.raises(IllegalTransition, match="SOUND down"):
        step(Level.SOUND, Step.DOWN)


def test_a_viewer_further_behind_than_usual_has_a_queue() -> None:
    near, far = Line(), Line()
    near.reports(CLEAN, 10)
    far.reports(Report(0.0, 0.3), 10)
    assert [near.fit.queued(behind) for behind in (0.2, 0.4)] == [False, True]
    assert [far.fit.queued(behind) for behind in (0.4, 0.6)] == [False, True]


def test_the_floor_follows_the_smallest_of_late() -> None:
    floor = Floor(60.0)
    assert floor.value == float("inf")
    for second in range(10):
        floor.take(0.1 + second, float(second))
    assert floor.value == 0.1
    for second in range(10, 120):
        floor.take(0.5, float(second))
    assert floor.value == 0.5

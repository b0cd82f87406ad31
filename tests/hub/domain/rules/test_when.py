"""Deadlines, held against a count of days one by one."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.local_time import LONDON
from hub.domain.rules import DayCount, DaysBefore, HoursBefore
from hub.domain.working_days import DAY, bank_holidays, easter, is_working_day

PUBLISHED = """
2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26
2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26
2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28
2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28 2028-12-25 2028-12-26
2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 2022-12-26 2022-12-27
2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26
2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25 2020-08-31 2020-12-25 2020-12-28
"""
"""The government's list for England and Wales."""

starts = st.datetimes(datetime(2021, 1, 1), datetime(2040, 12, 31)).map(  # noqa: DTZ001  Hypothesis wants them naive
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=LONDON)
)
times = st.times().map(lambda value: value.replace(second=0, microsecond=0))
counts = st.integers(0, 30)


@pytest.mark.parametrize("year", [2020, 2022, 2023, 2024, 2025, 2026, 2027, 2028])
def test_bank_holidays_are_those_of_the_published_list(year: int) -> None:
    published = {date.fromisoformat(day) for day in PUBLISHED.split()}
    assert bank_holidays(year) == {day for day in published if day.year == year}


@given(st.integers(1900, 2199))
def test_there_are_eight_working_days_off_in_every_year(year: int) -> None:
    days = bank_holidays(year)
    assert len(days) == 8 + (year in (2022, 2023)) + (year == 2022)
    assert all(day.weekday() < 5 for day in days)
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)
    assert easter(year).weekday() == 6


@given(starts, counts, times)
def test_working_days_are_those_between(start: datetime, count: int, at: time) -> None:
    closes = DaysBefore(days=count, count=DayCount.WORKING, at=at).moment(start)
    assert _working(closes.date(), start.date()) == count
    assert count == 0 or is_working_day(closes.date())


@given(starts, counts, times)
def test_clear_days_count_neither_end(start: datetime, count: int, at: time) -> None:
    closes = DaysBefore(days=count, count=DayCount.CLEAR, at=at).moment(start)
    assert _working(closes.date() + DAY, start.date()) == count, "whole days between"
    assert is_working_day(closes.date())


@given(starts, counts, times)
def test_the_clock_on_the_wall_shows_the_time_of_the_rules(start: datetime, count: int, at: time) -> None:
    closes = DaysBefore(days=count, count=DayCount.CALENDAR, at=at).moment(start)
    left_out = closes.date().month == 3 and closes.date().weekday() == 6 and at.hour == 1
    assert left_out or (closes.hour, closes.minute) == (at.hour, at.minute)
    assert (start.date() - closes.date()).days == count


@given(starts, st.integers(0, 200))
def test_hours_are_hours_of_a_running_clock(start: datetime, hours: int) -> None:
    closes = HoursBefore(hours=hours).moment(start)
    assert start.astimezone(UTC) - closes.astimezone(UTC) == timedelta(hours=hours)


@given(starts, counts, st.integers(1, 30), times)
def test_more_days_are_never_later(start: datetime, count: int, more: int, at: time) -> None:
    for kind in DayCount:
        near = DaysBefore(days=count, count=kind, at=at).moment(start)
        assert DaysBefore(days=count + more, count=kind, at=at).moment(start) < near


@pytest.mark.parametrize(
    ("meets", "rule", "closes"),
    [
        # The clocks go forward on 29 March 2026, back on 25 October.
        ((2026, 3, 30), DaysBefore(days=2, at=time(17)), "2026-03-26T17:00+00:00"),
        ((2026, 4, 1), DaysBefore(days=2, at=time(17)), "2026-03-30T16:00+00:00"),
        ((2026, 10, 26), DaysBefore(days=1, at=time(12)), "2026-10-23T11:00+00:00"),
        (
            (2026, 3, 30),
            DaysBefore(days=1, count=DayCount.CALENDAR, at=time(1, 30)),
            "2026-03-29T01:30+00:00",
        ),
        ((2026, 3, 29), HoursBefore(hours=24), "2026-03-28T17:30+00:00"),
        # Good Friday and Easter Monday.
        ((2026, 4, 7), DaysBefore(days=2, at=time(17)), "2026-04-01T16:00+00:00"),
        ((2026, 4, 7), DaysBefore(days=2, count=DayCount.CLEAR, at=time(8, 30)), "2026-03-31T07:30+00:00"),
        # Boxing Day 2026 is a Saturday, so the Monday after is off.
        ((2026, 12, 29), DaysBefore(days=2, at=time(17)), "2026-12-23T17:00+00:00"),
    ],
)
def test_around_holidays_and_changes_of_the_clock(
    meets: tuple[int, int, int], rule: DaysBefore | HoursBefore, closes: str
) -> None:
    start = datetime(*meets, 18, 30, tzinfo=LONDON)
    assert rule.moment(start).astimezone(UTC) == datetime.fromisoformat(closes)


def test_days_on_which_the_council_is_closed() -> None:
    rule = DaysBefore(days=2, at=time(17))
    start = datetime(2027, 1, 5, 18, 30, tzinfo=LONDON)
    assert rule.moment(start).date() == date(2026, 12, 31)
    closed = {date(2026, 12, day) for day in (29, 30, 31)}
    assert rule.moment(start, closed).date() == date(2026, 12, 24)


def _working(first: date, end: date) -> int:
    """Working days from ``first`` until the day before ``end``, without looking at any rule."""
    days = (end - first).days
    return sum(is_working_day(first + number * DAY) for number in range(days))

"""Working days and bank holidays of England and Wales, for every year.

Banking and Financial Dealings Act 1971, schedule 1, with the days that are usually substituted for those on a
weekend, and what was proclaimed otherwise. The tests hold them against the government's published list.
"""

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache

MONDAY, FRIDAY = 0, 4
DAY = timedelta(days=1)

_PROCLAIMED = frozenset(
    {date(2020, 5, 8), date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)}
)
_MOVED_AWAY = frozenset({date(2020, 5, 4), date(2022, 5, 30)})


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    late = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * late) // 451
    month, day = divmod(h + late - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """The days on which the banks are closed; for one on a weekend, the working day in its stead."""
    sunday = easter(year)
    taken = {sunday - 2 * DAY, sunday + DAY}
    taken |= {_monday(date(year, 5, 1)), _monday(date(year, 5, 25)), _monday(date(year, 8, 25))}
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        taken.add(_substitute(fixed, taken))
    proclaimed = {day for day in _PROCLAIMED if day.year == year}
    return frozenset((taken - _MOVED_AWAY) | proclaimed)


def is_working_day(day: date, closed: Collection[date] = ()) -> bool:
    """Monday to Friday, no bank holiday, and none of the days on which the council is ``closed``."""
    return day.weekday() <= FRIDAY and day not in bank_holidays(day.year) and day not in closed


def working_days_before(day: date, count: int, closed: Collection[date] = ()) -> date:
    """The working day that lies ``count`` working days before ``day``; ``day`` itself for 0."""
    while count > 0:
        day -= DAY
        count -= is_working_day(day, closed)
    return day


def _monday(day: date) -> date:
    """The first Monday on or after ``day``."""
    return day + (MONDAY - day.weekday()) % 7 * DAY


def _substitute(day: date, taken: Collection[date]) -> date:
    while day.weekday() > FRIDAY or day in taken:
        day += DAY
    return day

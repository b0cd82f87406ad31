"""Registration deadlines: so many working days before a meeting, at a time of day.

Bank holidays of England and Wales, from the government's published list.
"""

from datetime import date, datetime, time, timedelta

from hub.domain.local_time import LONDON

BANK_HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in [
        "2025-01-01",
        "2025-04-18",
        "2025-04-21",
        "2025-05-05",
        "2025-05-26",
        "2025-08-25",
        "2025-12-25",
        "2025-12-26",
        "2026-01-01",
        "2026-04-03",
        "2026-04-06",
        "2026-05-04",
        "2026-05-25",
        "2026-08-31",
        "2026-12-25",
        "2026-12-28",
        "2027-01-01",
        "2027-03-26",
        "2027-03-29",
        "2027-05-03",
        "2027-05-31",
        "2027-08-30",
        "2027-12-27",
        "2027-12-28",
        "2028-01-03",
        "2028-04-14",
        "2028-04-17",
        "2028-05-01",
        "2028-05-29",
        "2028-08-28",
        "2028-12-25",
        "2028-12-26",
    ]
)
FRIDAY = 4
YORK_TIME = time(17)
YORK_DAYS = 2


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no bank holiday."""
    return day.weekday() <= FRIDAY and day not in BANK_HOLIDAYS


def working_days_before(day: date, count: int) -> date:
    """The working day that lies ``count`` working days before ``day``."""
    while count > 0:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day


def registration_deadline(starts_at: datetime) -> datetime:
    """York's rule: 5 pm two working days before (a Monday's meeting closes on the Thursday before)."""
    day = working_days_before(starts_at.astimezone(LONDON).date(), YORK_DAYS)
    return datetime.combine(day, YORK_TIME, LONDON)

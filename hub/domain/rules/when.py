"""Moments before a meeting: so many days, at a time of day in the council's own time, or so many hours."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from hub.domain.local_time import LONDON
from hub.domain.rules.rule import Rule
from hub.domain.working_days import DAY, working_days_before


class DayCount(StrEnum):
    """How days are counted back from the day of the meeting."""

    WORKING = "working"
    """Working days; the last that is counted is that of the deadline."""
    CLEAR = "clear"
    """Whole working days between: neither the day of the meeting nor that of the deadline counts."""
    CALENDAR = "calendar"
    """All days alike."""


def _local(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("is a time of day at the council, without a time zone")
    return value


class DaysBefore(Rule):
    """``at`` on the day that lies ``days`` before the meeting's day."""

    days: int = Field(ge=0, le=366)
    count: DayCount = DayCount.WORKING
    at: Annotated[time, AfterValidator(_local)]

    def moment(self, starts_at: datetime, closed: Collection[date] = ()) -> datetime:
        """In council time. A time of day that the change to summer time leaves out is an hour later."""
        meets = starts_at.astimezone(LONDON).date()
        if self.count is DayCount.CALENDAR:
            day = meets - self.days * DAY
        else:
            day = working_days_before(meets, self.days + (self.count is DayCount.CLEAR), closed)
        local = datetime.combine(day, self.at, LONDON)
        return local.astimezone(UTC).astimezone(LONDON)


class HoursBefore(Rule):
    """So many hours before the meeting, as a clock runs."""

    hours: int = Field(ge=0, le=24 * 366)

    def moment(self, starts_at: datetime, closed: Collection[date] = ()) -> datetime:
        """In council time."""
        return (starts_at.astimezone(UTC) - timedelta(hours=self.hours)).astimezone(LONDON)


When = DaysBefore | HoursBefore

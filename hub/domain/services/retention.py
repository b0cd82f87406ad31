"""How long a recording is kept: to the end of a day, which its page says.

The council's schedule counts days from the one on which the meeting ended (``Desk.recordings_kept``).
Officers name a later day for one meeting, for as long as a complaint or an inquiry needs it.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import col, func, or_

from hub.domain.local_time import LONDON
from hub.domain.models import Meeting
from hub.domain.states.meeting import MeetingState

KEPT = frozenset({MeetingState.PUBLISHED, MeetingState.WITHHELD})
"""States in which there is a recording that may expire. A withheld one is no exception."""


def kept_until(meeting: Meeting, kept: timedelta | None) -> date | None:
    """The last day of a meeting's recording. None: there is none, or it is kept for good."""
    if kept is None or meeting.state not in KEPT:
        return None
    scheduled = (meeting.ended_at or meeting.starts_at).astimezone(LONDON).date() + kept
    return max(scheduled, meeting.recording_kept_until or scheduled)


def is_due(kept: timedelta, now: datetime) -> ColumnElement[bool]:
    """The same for the database: meetings whose last day is over."""
    today = now.astimezone(LONDON).date()
    scheduled_today = datetime.combine(today - kept, time(), LONDON).astimezone(now.tzinfo)
    later = col(Meeting.recording_kept_until)
    return (
        col(Meeting.state).in_(KEPT)
        & (func.coalesce(Meeting.ended_at, Meeting.starts_at) < scheduled_today)
        & or_(later.is_(None), later < today)
    )

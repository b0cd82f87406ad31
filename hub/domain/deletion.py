"""Until when what people left of themselves at a meeting is kept, as files for officers say it."""

from datetime import datetime, timedelta

from hub.domain.local_time import LONDON
from hub.domain.models import Meeting
from hub.domain.states.meeting import OVER, MeetingState

KEPT = "kept"
"""It is not deleted: everybody has read it, or it is the log of what officers did."""
NOT_SET = "not set"
"""The meeting is not over."""


def due(meeting: Meeting, kept: timedelta) -> datetime | None:
    """When it is deleted (``services.traces``), as the meeting is now; None while nobody can say.

    A meeting that was never held is over when it would have been, unless it is held after all.
    """
    if meeting.swept_at is not None:
        return meeting.swept_at
    if meeting.state in OVER:
        return (meeting.ended_at or meeting.starts_at) + kept
    return meeting.starts_at + kept if meeting.state is MeetingState.SCHEDULED else None


def deleted_on(meeting: Meeting, kept: timedelta) -> str:
    """The day of it, by the clocks of the council, or ``NOT_SET``."""
    when = due(meeting, kept)
    return NOT_SET if when is None else f"{when.astimezone(LONDON):%Y-%m-%d}"

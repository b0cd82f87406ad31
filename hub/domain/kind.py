"""The two kinds of meetings: they run on one engine, with different defaults."""

from enum import StrEnum


class MeetingKind(StrEnum):
    MEETING = "meeting"
    """Of a committee: an agenda, members, and rules for taking part."""
    WEBINAR = "webinar"
    """Anybody registers until it is over; presenters, polls, raised hands, feedback at the end."""

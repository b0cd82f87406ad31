"""What may be seen of meetings, built whole from the database: frozen models, never rows."""

from hub.domain.views.hub import (
    meeting_id,
    questions_by_device,
    running_meetings,
    speakers_on_air,
    stream_keys,
)
from hub.domain.views.pages import (
    AttendeeView,
    DocumentView,
    ItemPage,
    MeetingCard,
    MeetingLists,
    MeetingPage,
    chapters,
    list_all_meetings,
    list_meetings,
    meeting_page,
)
from hub.domain.views.public import public_snapshot
from hub.domain.views.speaker import own_questions, speaker_snapshot
from hub.domain.views.staff import staff_snapshot

__all__ = [
    "AttendeeView",
    "DocumentView",
    "ItemPage",
    "MeetingCard",
    "MeetingLists",
    "MeetingPage",
    "chapters",
    "list_all_meetings",
    "list_meetings",
    "meeting_id",
    "meeting_page",
    "own_questions",
    "public_snapshot",
    "questions_by_device",
    "running_meetings",
    "speaker_snapshot",
    "speakers_on_air",
    "staff_snapshot",
    "stream_keys",
]

"""What may be seen of meetings, built whole from the database: frozen models, never rows."""

from hub.domain.views.address import AddressPage, AddressTopic, address_page
from hub.domain.views.asking import own_questions, questions_by_device, removals, removed_because
from hub.domain.views.checklist import checklist
from hub.domain.views.discussion import discussion, own_posts
from hub.domain.views.discussion_record import (
    DiscussionsRecord,
    PostRecord,
    TopicRecord,
    discussions_record,
)
from hub.domain.views.exports import DecisionRecord, QuestionRecord, QuestionsRecord, questions_record
from hub.domain.views.feedback import FeedbackRecord, FeedbackRecords, feedback_records, has_told
from hub.domain.views.following import CommitteeView, committees, followed_by_stop_key
from hub.domain.views.hub import (
    Running,
    imports_after,
    meeting_id,
    newest_entry,
    running_meetings,
    speakers_on_air,
    stream_keys,
)
from hub.domain.views.members import expected_names
from hub.domain.views.notes import NoteRecord, notes_record
from hub.domain.views.pages import (
    AttendeeView,
    DocumentView,
    ItemPage,
    MeetingCard,
    MeetingLists,
    MeetingPage,
    MeetingsFound,
    chapters,
    find_meetings,
    list_meetings,
    meeting_page,
)
from hub.domain.views.polls import OptionRecord, PollRecord, PollsRecord, own_votes, polls_record
from hub.domain.views.public import public_snapshot
from hub.domain.views.raised_hands import own_hands
from hub.domain.views.speaker import speaker_snapshot, spoke_at
from hub.domain.views.staff import staff_snapshot
from hub.domain.views.subscriptions import (
    CalendarMeeting,
    PlannedMeeting,
    PublishedRecording,
    calendar,
    committee_name,
    planned,
    recordings,
)

__all__ = [
    "AddressPage",
    "AddressTopic",
    "AttendeeView",
    "CalendarMeeting",
    "CommitteeView",
    "DecisionRecord",
    "DiscussionsRecord",
    "DocumentView",
    "FeedbackRecord",
    "FeedbackRecords",
    "ItemPage",
    "MeetingCard",
    "MeetingLists",
    "MeetingPage",
    "MeetingsFound",
    "NoteRecord",
    "OptionRecord",
    "PlannedMeeting",
    "PollRecord",
    "PollsRecord",
    "PostRecord",
    "PublishedRecording",
    "QuestionRecord",
    "QuestionsRecord",
    "Running",
    "TopicRecord",
    "address_page",
    "calendar",
    "chapters",
    "checklist",
    "committee_name",
    "committees",
    "discussion",
    "discussions_record",
    "expected_names",
    "feedback_records",
    "find_meetings",
    "followed_by_stop_key",
    "has_told",
    "imports_after",
    "list_meetings",
    "meeting_id",
    "meeting_page",
    "newest_entry",
    "notes_record",
    "own_hands",
    "own_posts",
    "own_questions",
    "own_votes",
    "planned",
    "polls_record",
    "public_snapshot",
    "questions_by_device",
    "questions_record",
    "recordings",
    "removals",
    "removed_because",
    "running_meetings",
    "speaker_snapshot",
    "speakers_on_air",
    "spoke_at",
    "staff_snapshot",
    "stream_keys",
]

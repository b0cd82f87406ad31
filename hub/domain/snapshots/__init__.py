"""What may be seen of a meeting, and by whom: the wire format of ``state.json`` and the sockets.

A snapshot is built whole from the database; ``version`` tells which of two is newer. Times are Unix
milliseconds with the server's own time beside them, never ticks: clients draw the countdown.
"""

from hub.domain.snapshots.base import Snapshot
from hub.domain.snapshots.discussion import OwnPost, PostHandView, PostView, StaffPost, StaffTopic, TopicView
from hub.domain.snapshots.following import FollowView
from hub.domain.snapshots.own import ChatView, OwnHand, OwnQuestion, SpeakerSnapshot
from hub.domain.snapshots.public import (
    IndexView,
    ItemView,
    Notice,
    PollFigures,
    PollView,
    PublicSnapshot,
    QuestionView,
    ResultView,
    SpeakerOnAir,
    Timer,
)
from hub.domain.snapshots.staff import (
    AuditView,
    Checklist,
    CheckView,
    ClerkView,
    DutyView,
    FeedbackView,
    HandView,
    HearingView,
    MailView,
    NoteView,
    PointOfOrderView,
    RaisedHandView,
    RemovalView,
    SpeakerRow,
    StaffPoll,
    StaffQuestion,
    StaffSnapshot,
    UndoView,
)

__all__ = [
    "AuditView",
    "ChatView",
    "CheckView",
    "Checklist",
    "ClerkView",
    "DutyView",
    "FeedbackView",
    "FollowView",
    "HandView",
    "HearingView",
    "IndexView",
    "ItemView",
    "MailView",
    "NoteView",
    "Notice",
    "OwnHand",
    "OwnPost",
    "OwnQuestion",
    "PointOfOrderView",
    "PollFigures",
    "PollView",
    "PostHandView",
    "PostView",
    "PublicSnapshot",
    "QuestionView",
    "RaisedHandView",
    "RemovalView",
    "ResultView",
    "Snapshot",
    "SpeakerOnAir",
    "SpeakerRow",
    "SpeakerSnapshot",
    "StaffPoll",
    "StaffPost",
    "StaffQuestion",
    "StaffSnapshot",
    "StaffTopic",
    "Timer",
    "TopicView",
    "UndoView",
]

"""The tables. Rows never leave a unit of work: pages and sockets get ``hub.domain.snapshots``."""

from hub.domain.models.addresses import Address, AddressMail, AddressMailKind, Confirmation
from hub.domain.models.agenda import AgendaItem, Attendee, Committee, Document, Meeting
from hub.domain.models.audience import HearingReport, Question, Removal, Vote, WordList
from hub.domain.models.columns import Moment, Name, Row, key
from hub.domain.models.discussion import Post, Topic
from hub.domain.models.following import Follow, FollowKind
from hub.domain.models.people import ChatLine, Mail, MailKind, Registration
from hub.domain.models.records import AuditEntry, IndexPoint, Note, Receipt, StateChange, VoteResult
from hub.domain.models.staff import SignInLink, StaffSession, StaffUser, StreamKey
from hub.domain.models.webinar import Feedback, Poll, PollVote, RaisedHand

__all__ = [
    "Address",
    "AddressMail",
    "AddressMailKind",
    "AgendaItem",
    "Attendee",
    "AuditEntry",
    "ChatLine",
    "Committee",
    "Confirmation",
    "Document",
    "Feedback",
    "Follow",
    "FollowKind",
    "HearingReport",
    "IndexPoint",
    "Mail",
    "MailKind",
    "Meeting",
    "Moment",
    "Name",
    "Note",
    "Poll",
    "PollVote",
    "Post",
    "Question",
    "RaisedHand",
    "Receipt",
    "Registration",
    "Removal",
    "Row",
    "SignInLink",
    "StaffSession",
    "StaffUser",
    "StateChange",
    "StreamKey",
    "Topic",
    "Vote",
    "VoteResult",
    "WordList",
    "key",
]

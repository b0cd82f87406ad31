"""What is written down of a meeting while it runs."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from hub.domain.models.columns import Name, json_column, moment_column
from hub.domain.outcome import Outcome
from hub.domain.states.meeting import MeetingState


class IndexPoint(SQLModel, table=True):
    """A moment in the programme that the index names."""

    __tablename__ = "index_point"
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    seconds: float
    """Programme time."""
    kind: str
    """``item``, ``speaker``, ``question``, ``vote``, ``order``, ``point_of_order`` or ``gate``."""
    label: str
    item_id: int | None = None
    question_id: int | None = None
    registration_id: int | None = None
    """Whose moment it is, of a speaker."""
    source: str = "officer"
    created_by: str = ""
    created_at: datetime | None = moment_column()


class Note(SQLModel, table=True):
    """What an officer noted for the minutes. Not a moment of the index, which is public."""

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id")
    seconds: float | None = None
    """Programme time; None when it was written outside the meeting."""
    text: str
    by: str
    at: datetime = moment_column(null=False)


class VoteResult(SQLModel, table=True):
    """What the members decided on an item, as the clerk entered it."""

    __tablename__ = "vote_result"
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    item_id: int = Field(foreign_key="agenda_item.id")
    motion: str
    outcome: Outcome = Field(sa_column=Column(Name(Outcome), nullable=False))
    votes_for: int
    votes_against: int
    abstained: int
    names: dict[str, str] = json_column(dict)
    """Member → ``for``, ``against`` or ``abstain``, when the vote was recorded by name."""
    seconds: float | None = None
    """Programme time; None when it was entered outside the broadcast."""
    point_id: int | None = None
    """Its moment in the index."""
    by: str
    at: datetime = moment_column(null=False)
    struck_at: datetime | None = moment_column()
    """Taken out again: it was wrong."""


class StateChange(SQLModel, table=True):
    """Append-only: from when on a meeting was in a state, and the words the public read in it."""

    __tablename__ = "state_change"
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    state: MeetingState = Field(sa_column=Column(Name(MeetingState), nullable=False))
    since: datetime = moment_column(null=False)
    title: str = ""
    """Of the slate; "" where the public see the meeting."""
    lines: list[str] = json_column(list)


VOTES_MOVED = "question.votes_moved"
"""In the log of a merger, for the program: to which question, of which one, the numbers of the votes."""


EDITED = "question.edit"
"""In the log, a question in other words: what it said before and after, till traces of people are deleted."""


class AuditEntry(SQLModel, table=True):
    """Append-only: who did what to what, when and why."""

    __tablename__ = "audit_entry"
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int | None = Field(default=None, index=True)
    at: datetime = moment_column(null=False)
    who: str
    action: str
    subject: str = ""
    before: str = ""
    after: str = ""
    reason: str = ""


class Receipt(SQLModel, table=True):
    """The answer to a message with a client id: replaying the message gives it again and does nothing."""

    __table_args__ = (UniqueConstraint("actor", "client_id", name="uq_receipt_actor_client_id"),)
    id: int | None = Field(default=None, primary_key=True)
    actor: str
    client_id: str
    command: str
    result: dict[str, Any] = json_column(dict)
    at: datetime | None = moment_column()

"""What a webinar has beside other meetings: polls with their answers, raised hands, feedback."""

from datetime import datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from hub.domain.models.columns import Name, json_column, moment_column, state_column
from hub.domain.polls import PollKind
from hub.domain.states.poll import PollState
from hub.domain.states.raised_hand import HandState


class Poll(SQLModel, table=True):
    """A question from the officers to those who watch."""

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    text: str
    kind: PollKind = Field(sa_column=Column(Name(PollKind), nullable=False))
    options: list[str] = json_column(list)
    state: PollState = state_column(PollState.DRAFT)
    shown: bool = False
    """Whether the public see the figures."""
    people: int = 0
    """Who answered. Counted with each, like ``counts``: no snapshot reads thousands of rows."""
    counts: list[int] = json_column(list)
    """Answers for each option."""
    opened_at: datetime | None = moment_column()
    closed_at: datetime | None = moment_column()
    point_id: int | None = None
    """The moment in the index at which its results were first shown."""


class PollVote(SQLModel, table=True):
    """One device's answer to one poll."""

    __tablename__ = "poll_vote"
    __table_args__ = (UniqueConstraint("poll_id", "device", name="uq_poll_vote_device"),)
    id: int | None = Field(default=None, primary_key=True)
    poll_id: int = Field(foreign_key="poll.id", index=True)
    device: str
    choices: list[int] = json_column(list)
    """Numbers of the options, from 1."""


class RaisedHand(SQLModel, table=True):
    """Somebody who watches and wants to say something."""

    __tablename__ = "raised_hand"
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    device: str = Field(index=True)
    name: str
    state: HandState = state_column(HandState.RAISED)
    raised_at: datetime = moment_column(null=False)
    registration_id: int | None = Field(default=None, foreign_key="registration.id")
    """The speaker they became."""


BEST = 5
"""The best mark; the worst is 1."""


class Feedback(SQLModel, table=True):
    """What one device thought of a webinar. For officers only."""

    __table_args__ = (UniqueConstraint("meeting_id", "device", name="uq_feedback_meeting_device"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    device: str
    rating: int
    """1 to ``BEST``."""
    text: str = ""
    at: datetime = moment_column(null=False)

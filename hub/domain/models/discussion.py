"""Discussions before a meeting: what officers open, and what residents write."""

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from hub.domain.models.columns import Name, moment_column, state_column
from hub.domain.states.post import PostReason, PostState
from hub.domain.states.topic import TopicState


class Topic(SQLModel, table=True):
    """A discussion of one item of an agenda. Officers write its title, introduction and summary."""

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    item_id: int = Field(foreign_key="agenda_item.id", unique=True)
    title: str
    introduction: str
    state: TopicState = state_column(TopicState.OPEN)
    opened_at: datetime = moment_column(null=False)
    opened_by: str
    closes_at: datetime = moment_column(null=False)
    summary: str = ""
    summarised_at: datetime | None = moment_column()


class Post(SQLModel, table=True):
    """What a resident wrote. The name is public once it is approved; the address never is."""

    id: int | None = Field(default=None, primary_key=True)
    topic_id: int = Field(foreign_key="topic.id", index=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    address_id: int | None = Field(default=None, foreign_key="address.id", index=True)
    """None: forgotten."""
    confirmation_id: int | None = Field(default=None, foreign_key="confirmation.id", index=True)
    """None: sent from a browser that had proved the address before, or forgotten."""
    name: str
    text: str
    device: str = Field(default="", index=True)
    state: PostState = state_column(PostState.UNCONFIRMED)
    version: int = 0
    """Counts what officers and its author do with it."""
    flags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    rejected_for: PostReason | None = Field(default=None, sa_column=Column(Name(PostReason), nullable=True))
    merged_into: int | None = None
    sent_at: datetime = moment_column(null=False)

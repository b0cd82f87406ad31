"""What the owners of addresses want to be told by e-mail."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from hub.domain.models.columns import Name, json_column, moment_column


class FollowKind(StrEnum):
    START = "start"
    """When a meeting starts."""
    ITEM = "item"
    """When an item of it is next."""
    DIGEST = "digest"
    """New and changed meetings, once a day."""


class Follow(SQLModel, table=True):
    """One wish of one address. It is told of once, but for a digest."""

    id: int | None = Field(default=None, primary_key=True)
    address_id: int = Field(foreign_key="address.id", index=True)
    confirmation_id: int | None = Field(default=None, foreign_key="confirmation.id", index=True)
    """None: asked for in a browser that had proved the address before."""
    kind: FollowKind = Field(sa_column=Column(Name(FollowKind), nullable=False, index=True))
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id")
    committee_id: int | None = Field(default=None, foreign_key="committee.id")
    """Of a digest. None: all of them."""
    topic: str = ""
    """Of a digest: words that are to be in the title of an item. "": whatever is dealt with."""
    asked_at: datetime = moment_column(null=False)
    confirmed_at: datetime | None = moment_column()
    told_at: datetime | None = moment_column()
    """The letter was written down."""
    looked_at: datetime | None = moment_column()
    """Of a digest: when the meetings were last compared with ``known``."""
    known: dict[str, list[str]] = json_column(dict)
    """Of a digest: what its owner was told last (``hub.domain.digest``)."""

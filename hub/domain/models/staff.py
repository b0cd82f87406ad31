"""Officers, how they sign in, and the keys that they give to encoders."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from hub.domain.models.columns import moment_column, state_column
from hub.domain.people import Role


class StaffUser(SQLModel, table=True):
    """An officer who may sign in."""

    __tablename__ = "staff_user"
    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)
    name: str
    role: Role = state_column(Role.CLERK)
    active: bool = True


class SignInLink(SQLModel, table=True):
    """A one-time link: single use, expires."""

    __tablename__ = "sign_in_link"
    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="staff_user.id")
    token_hash: str = Field(unique=True)
    expires_at: datetime = moment_column(null=False)
    used_at: datetime | None = moment_column()


class StaffSession(SQLModel, table=True):
    """A signed-in browser. Deleting the row signs it out."""

    __tablename__ = "staff_session"
    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="staff_user.id")
    token_hash: str = Field(unique=True)
    expires_at: datetime = moment_column(null=False)


class StreamKey(SQLModel, table=True):
    """The key an encoder shows. Kept readable, because staff must copy it into the encoder."""

    __tablename__ = "stream_key"
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    source: str = "chamber"
    key: str = Field(unique=True)

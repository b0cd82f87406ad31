"""What all tables share: how times, names and lists are stored."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import JSON, Column, DateTime, String, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime on every database (SQLite forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: they would be read as another moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back UTC."""
        return (
            None
            if value is None
            else value.replace(tzinfo=UTC)
            if value.tzinfo is None
            else value.astimezone(UTC)
        )


class Name(TypeDecorator[StrEnum]):
    """A member of an enumeration, stored as its text."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__(32)
        self.kind = kind

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """Refuse what is not a member."""
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Give back the member."""
        return None if value is None else self.kind(value)


class Row(Protocol):
    """Anything with a primary key."""

    id: int | None


def key(row: Row) -> int:
    """The primary key of a stored row."""
    if row.id is None:
        raise ValueError("the row is not stored yet")
    return row.id


def moment_column(*, null: bool = True) -> Any:
    """A column of aware UTC times."""
    return Field(default=None, sa_column=Column(Moment, nullable=null))


def state_column(default: StrEnum) -> Any:
    """An indexed column of a state machine's states."""
    return Field(default=default, sa_column=Column(Name(type(default)), nullable=False, index=True))


def json_column(default: type) -> Any:
    """A column of JSON that is never null; ``default`` makes an empty one."""
    return Field(default_factory=default, sa_column=Column(JSON, nullable=False))

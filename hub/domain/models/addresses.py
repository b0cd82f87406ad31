"""E-mail addresses of people who take part from home, what they confirm, and what is written to them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from hub.domain.models.columns import Name, json_column, moment_column, state_column
from hub.domain.states.mail import MailState


class Address(SQLModel, table=True):
    """An address that somebody gave. Only officers see it; nothing public is made of it."""

    id: int | None = Field(default=None, primary_key=True)
    email: str
    folded: str = Field(unique=True)
    """The same in small letters: one person, however they type it."""
    language: str = "en"
    nonce: str = Field(unique=True)
    """What the proof in a browser is made of, with the house's key (``hub.domain.services.addresses``)."""
    added_at: datetime = moment_column(null=False)
    confirmed_at: datetime | None = moment_column()


class Confirmation(SQLModel, table=True):
    """Something that was asked for in an address's name and is done once its owner says so."""

    id: int | None = Field(default=None, primary_key=True)
    address_id: int = Field(foreign_key="address.id", index=True)
    token_hash: str = Field(unique=True)
    link_nonce: str
    asked_at: datetime = moment_column(null=False)
    confirmed_at: datetime | None = moment_column()


class AddressMailKind(StrEnum):
    """What an e-mail to an address tells."""

    CONFIRM = "confirm"
    """Press, if it was you."""
    STARTED = "started"
    """The meeting that they follow has started."""
    NEXT = "next"
    """The item that they follow is next."""
    DIGEST = "digest"
    """New and changed meetings."""


class AddressMail(SQLModel, table=True):
    """The outbox of addresses: like ``Mail``, with no text and no link in it.

    ``about`` is what a letter tells of. An address is told each thing once, which the database sees to.
    """

    __tablename__ = "address_mail"
    __table_args__ = (UniqueConstraint("address_id", "kind", "about", name="uq_address_mail_about"),)
    id: int | None = Field(default=None, primary_key=True)
    address_id: int = Field(foreign_key="address.id", index=True)
    kind: AddressMailKind = Field(sa_column=Column(Name(AddressMailKind), nullable=False))
    about: str
    subject_id: int
    """The confirmation, or the ``Follow``; of a digest the address."""
    lines: list[dict[str, str]] = json_column(list)
    """Of a digest."""
    state: MailState = state_column(MailState.WAITING)
    times: int = 1
    tries: int = 0
    queued_at: datetime = moment_column(null=False)
    next_at: datetime = moment_column(null=False)
    done_at: datetime | None = moment_column()
    sentence: str = ""
    """Why it waits or was given up, for staff."""

"""Who takes part behind a personal link, and what is written to them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from hub.domain.models.columns import Name, json_column, moment_column, state_column
from hub.domain.people import Capacity, Part
from hub.domain.rules import Consent, Kind, Mode, SideName
from hub.domain.states.mail import MailState
from hub.domain.states.speaker import SpeakerState


class Registration(SQLModel, table=True):
    """Somebody with a personal link: a resident who wants to speak, or an interpreter, signer or presenter.

    E-mail and telephone are for staff only.
    """

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id")
    name: str
    email: str = ""
    phone: str = ""
    summary: str = ""
    part: Part = Field(
        default=Part.SPEAKER,
        sa_column=Column(Name(Part), nullable=False, server_default=Part.SPEAKER.value),
    )
    """Speakers and those who attend a webinar came by themselves; all others an officer invited."""
    capacity: Capacity = Field(
        default=Capacity.RESIDENT,
        sa_column=Column(Name(Capacity), nullable=False, server_default=Capacity.RESIDENT.value),
    )
    kind: Kind = Field(
        default=Kind.SPEAK, sa_column=Column(Name(Kind), nullable=False, server_default=Kind.SPEAK.value)
    )
    side: SideName | None = Field(default=None, sa_column=Column(Name(SideName), nullable=True))
    mode: Mode | None = Field(default=None, sa_column=Column(Name(Mode), nullable=True))
    access_point: str = Field(default="", sa_column_kwargs={"server_default": ""})
    consent: Consent | None = Field(default=None, sa_column=Column(Name(Consent), nullable=True))
    """None: registered before it was asked, or a written statement."""
    text: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The statement or question in writing."""
    access_needs: str = Field(default="", sa_column_kwargs={"server_default": ""})
    spokesperson_for: str = Field(default="", sa_column_kwargs={"server_default": ""})
    may_share: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Others who want to speak on the same side may be given the e-mail address."""
    late: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Came after the deadline: the chair decides."""
    state: SpeakerState = state_column(SpeakerState.SUBMITTED)
    token_hash: str = Field(unique=True)
    link_nonce: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What the link was made of, with the house's key (``hub.domain.links``). "": of nothing that is kept."""
    language: str = Field(default="en", sa_column_kwargs={"server_default": "en"})
    """Of the page on which they registered: e-mails to them are written in it."""
    device: str = ""
    """The device that holds the slot; a second one replaces it."""
    device_check: dict[str, Any] = json_column(dict)
    device_checked_at: datetime | None = moment_column()
    by_phone: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """On the telephone, through the chamber's desk: no browser is connected for them."""
    help_at: datetime | None = moment_column()
    """Since when they wait for an officer to help them."""
    help_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """``help`` or ``connection``."""
    chat_read: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The last line of their conversation that an officer has read."""
    removed_for: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Why an officer took them out of the meeting, as they read it."""
    spoke_at_seconds: float | None = None
    """Programme time at which they were first on air."""
    place: int = 0
    """Order in the queue of the meeting, by the rules."""
    rank: int | None = None
    """The same as officers want it; None where they said nothing."""
    seconds: int = 180
    ends_at: datetime | None = moment_column()
    """End of the speaking time while it runs."""
    left_ms: int | None = None
    """What was left of it when it was stopped, while it stands still; negative when it was over."""
    submitted_at: datetime | None = moment_column()
    checked_in_at: datetime | None = moment_column()
    on_air_at: datetime | None = moment_column()

    @property
    def written(self) -> bool:
        """Whether it is read out by an officer, and nobody is connected for it."""
        return self.kind is Kind.STATEMENT or self.consent is Consent.READ_OUT


class ChatLine(SQLModel, table=True):
    """Words between one resident and the officers."""

    __tablename__ = "chat_line"
    id: int | None = Field(default=None, primary_key=True)
    registration_id: int = Field(foreign_key="registration.id", index=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    at: datetime = moment_column(null=False)
    officer: str = ""
    """Who wrote it; "" for the resident."""
    text: str


class MailKind(StrEnum):
    """What an e-mail to a resident tells."""

    REGISTERED = "registered"
    WAITING_LIST = "waiting_list"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    MOVED_UP = "moved_up"
    WITHDRAWN = "withdrawn"
    REMINDER = "reminder"
    LINK = "link"
    """Their personal link once more."""


class Mail(SQLModel, table=True):
    """The outbox: what residents are told by e-mail, one row for each thing that can be told to each of them.

    There is no text in it and no link: both are made when it is sent.
    """

    __table_args__ = (UniqueConstraint("registration_id", "kind", name="uq_mail_registration_kind"),)
    id: int | None = Field(default=None, primary_key=True)
    registration_id: int = Field(foreign_key="registration.id", index=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    kind: MailKind = Field(sa_column=Column(Name(MailKind), nullable=False))
    state: MailState = state_column(MailState.WAITING)
    times: int = 1
    """How often it was asked for."""
    tries: int = 0
    """Since it was asked for last."""
    queued_at: datetime = moment_column(null=False)
    next_at: datetime = moment_column(null=False)
    """When it is tried (again)."""
    done_at: datetime | None = moment_column()
    sentence: str = ""
    """Why it waits or was given up, for staff."""

"""The tables. Rows never leave a unit of work: pages and sockets get ``hub.domain.snapshots``."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    String,
    TypeDecorator,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.engine import Dialect
from sqlmodel import Field, SQLModel

from hub.domain.outcome import Outcome
from hub.domain.people import Part, Role
from hub.domain.rules import Consent, Kind, Mode, SideName
from hub.domain.states.mail import MailState
from hub.domain.states.meeting import MeetingState
from hub.domain.states.question import AnswerKind, QuestionState, RejectReason
from hub.domain.states.speaker import SpeakerState

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


def _moment(*, null: bool = True) -> Any:
    return Field(default=None, sa_column=Column(Moment, nullable=null))


def _state(default: StrEnum) -> Any:
    return Field(default=default, sa_column=Column(Name(type(default)), nullable=False, index=True))


def _json(default: type) -> Any:
    return Field(default_factory=default, sa_column=Column(JSON, nullable=False))


class Committee(SQLModel, table=True):
    """A body that meets."""

    id: int | None = Field(default=None, primary_key=True)
    modgov_id: int | None = Field(default=None, unique=True)
    name: str
    base_url: str = ""
    """The directory that holds the agenda system's web service."""
    rules: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    """The rule set for taking part (``hub.domain.rules``), as data. None: York's."""


class Meeting(SQLModel, table=True):
    """One meeting, before, during and after."""

    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    committee_id: int = Field(foreign_key="committee.id", index=True)
    modgov_id: int | None = Field(default=None, unique=True)
    title: str
    location: str = ""
    agenda_status: str = ""
    """What the agenda system says: Confirmed, Cancelled, …"""
    starts_at: datetime = _moment(null=False)
    registration_closes_at: datetime | None = _moment()
    """An officer's own deadline for this meeting. None: the committee's rules say it."""
    state: MeetingState = _state(MeetingState.SCHEDULED)
    state_since: datetime | None = _moment()
    notice_title: str = ""
    """Title of the slate while the public see one; the same words as in the picture."""
    notice_lines: list[str] = _json(list)
    expected_back_at: datetime | None = _moment()
    exclusion_item_id: int | None = None
    """The item for which the public are excluded, while they are."""
    current_item_id: int | None = None
    item_version: int = 0
    """The version that made the current item current: who looked at an older one did not see it."""
    questions_open: bool = True
    moderated: bool | None = None
    """Whether an officer reads questions before others do. None: as the committee's rules have it."""
    questions_frozen: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Nothing comes in and nobody votes for the moment; what is public stays."""
    hearing_seen_at: datetime | None = _moment()
    """When an officer last took note of those who cannot hear."""
    chamber_caption: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Who is to be seen in the chamber, as text on the page."""
    epoch_ms: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    """Unix milliseconds of programme time 0."""
    live_at: datetime | None = _moment()
    ended_at: datetime | None = _moment()
    imported_at: datetime | None = _moment()
    version: int = 0
    """Counts every change of what anybody may see of this meeting."""


class AgendaItem(SQLModel, table=True):
    """One item of the order of business, as the agenda system publishes it."""

    __tablename__ = "agenda_item"
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    modgov_id: int | None = Field(default=None, index=True)
    position: int
    number: str = ""
    """The public number (``fulldisplaynumberformat``): "1.", "83a."."""
    title: str
    text_html: str = ""
    heading: bool = False
    restricted: bool = False
    public_can_speak: bool = False
    questions_open: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    """Whether questions on this item are taken while the meeting takes any."""
    minutes_html: str = ""
    decision_html: str = ""
    removed: bool = False
    """Gone from the published agenda. Kept, because index points and speakers may hang on it."""


class Document(SQLModel, table=True):
    """A paper that belongs to an item. Restricted ones are stored as a title and never linked."""

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="agenda_item.id", index=True)
    modgov_id: int | None = Field(default=None, index=True)
    title: str
    url: str = ""
    restricted: bool = False


class Attendee(SQLModel, table=True):
    """A member or officer expected at a meeting. No contact details."""

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    modgov_id: int | None = None
    name: str
    role: str = ""
    attendance: str = ""
    party: str = ""
    ward: str = ""


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
    """Everybody but speakers was invited by an officer."""
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
    state: SpeakerState = _state(SpeakerState.SUBMITTED)
    token_hash: str = Field(unique=True)
    link_nonce: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What the link was made of, with the house's key (``hub.domain.links``). "": of nothing that is kept."""
    language: str = Field(default="en", sa_column_kwargs={"server_default": "en"})
    """Of the page on which they registered: e-mails to them are written in it."""
    device: str = ""
    """The device that holds the slot; a second one replaces it."""
    device_check: dict[str, Any] = _json(dict)
    device_checked_at: datetime | None = _moment()
    by_phone: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """On the telephone, through the chamber's desk: no browser is connected for them."""
    help_at: datetime | None = _moment()
    """Since when they wait for an officer to help them."""
    help_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """``help`` or ``connection``."""
    chat_read: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The last line of their conversation that an officer has read."""
    spoke_at_seconds: float | None = None
    """Programme time at which they were first on air."""
    place: int = 0
    """Order in the queue of the meeting."""
    seconds: int = 180
    ends_at: datetime | None = _moment()
    """End of the speaking time while it runs."""
    submitted_at: datetime | None = _moment()
    checked_in_at: datetime | None = _moment()
    on_air_at: datetime | None = _moment()

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
    at: datetime = _moment(null=False)
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
    state: MailState = _state(MailState.WAITING)
    times: int = 1
    """How often it was asked for."""
    tries: int = 0
    """Since it was asked for last."""
    queued_at: datetime = _moment(null=False)
    next_at: datetime = _moment(null=False)
    """When it is tried (again)."""
    done_at: datetime | None = _moment()
    sentence: str = ""
    """Why it waits or was given up, for staff."""


class Question(SQLModel, table=True):
    """A question from a viewer."""

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="agenda_item.id")
    text: str
    author: str = ""
    device: str = Field(default="", index=True)
    state: QuestionState = _state(QuestionState.PENDING)
    merged_into: int | None = None
    votes: int = 0
    version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Counts what officers and its author do with it: who saw an older one decides about something else."""
    asked_at: datetime | None = _moment()
    flags: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]")
    )
    """What the moderator's eye is drawn to (``hub.domain.flags``)."""
    rejected_for: RejectReason | None = Field(
        default=None, sa_column=Column(Name(RejectReason), nullable=True)
    )
    answered_how: AnswerKind | None = Field(default=None, sa_column=Column(Name(AnswerKind), nullable=True))
    answer: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """In writing; ``answered_how`` says for whom."""
    answered_seconds: float | None = None
    """Programme time at which the spoken answer began."""


class Vote(SQLModel, table=True):
    """One device's support for one question."""

    __table_args__ = (UniqueConstraint("question_id", "device", name="uq_vote_question_device"),)
    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="question.id", index=True)
    device: str


class HearingReport(SQLModel, table=True):
    """One device cannot hear the meeting; it counts once a minute."""

    __tablename__ = "hearing_report"
    __table_args__ = (UniqueConstraint("meeting_id", "device", "minute", name="uq_hearing_report_minute"),)
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    device: str
    minute: int
    """Of Unix time."""
    at: datetime = _moment(null=False)
    seconds: float
    """Programme time."""


class Removal(SQLModel, table=True):
    """A device that may no longer ask or vote in a meeting."""

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    device: str
    author: str = ""
    """The name on the question for which it was removed, if there was one."""
    reason: str
    """As the person reads it."""
    by: str
    at: datetime = _moment(null=False)
    ended_at: datetime | None = _moment()
    """Let back in."""


class WordList(SQLModel, table=True):
    """Append-only: an edition of the words that flag a question. The newest counts."""

    __tablename__ = "word_list"
    id: int | None = Field(default=None, primary_key=True)
    words: list[str] = _json(list)
    by: str
    at: datetime = _moment(null=False)


class IndexPoint(SQLModel, table=True):
    """A moment in the programme that the index names."""

    __tablename__ = "index_point"
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    seconds: float
    """Programme time."""
    kind: str
    """``item``, ``speaker``, ``question``, ``vote``, ``note`` or ``gate``."""
    label: str
    item_id: int | None = None
    question_id: int | None = None
    source: str = "officer"
    created_by: str = ""
    created_at: datetime | None = _moment()


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
    names: dict[str, str] = _json(dict)
    """Member → ``for``, ``against`` or ``abstain``, when the vote was recorded by name."""
    seconds: float | None = None
    """Programme time; None when it was entered outside the broadcast."""
    point_id: int | None = None
    """Its moment in the index."""
    by: str
    at: datetime = _moment(null=False)
    struck_at: datetime | None = _moment()
    """Taken out again: it was wrong."""


class StateChange(SQLModel, table=True):
    """Append-only: from when on a meeting was in a state, and the words the public read in it."""

    __tablename__ = "state_change"
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    state: MeetingState = Field(sa_column=Column(Name(MeetingState), nullable=False))
    since: datetime = _moment(null=False)
    title: str = ""
    """Of the slate; "" where the public see the meeting."""
    lines: list[str] = _json(list)


class AuditEntry(SQLModel, table=True):
    """Append-only: who did what to what, when and why."""

    __tablename__ = "audit_entry"
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int | None = Field(default=None, index=True)
    at: datetime = _moment(null=False)
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
    result: dict[str, Any] = _json(dict)
    at: datetime | None = _moment()


class StaffUser(SQLModel, table=True):
    """An officer who may sign in."""

    __tablename__ = "staff_user"
    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)
    name: str
    role: Role = _state(Role.CLERK)
    active: bool = True


class SignInLink(SQLModel, table=True):
    """A one-time link: single use, expires."""

    __tablename__ = "sign_in_link"
    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="staff_user.id")
    token_hash: str = Field(unique=True)
    expires_at: datetime = _moment(null=False)
    used_at: datetime | None = _moment()


class StaffSession(SQLModel, table=True):
    """A signed-in browser. Deleting the row signs it out."""

    __tablename__ = "staff_session"
    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="staff_user.id")
    token_hash: str = Field(unique=True)
    expires_at: datetime = _moment(null=False)


class StreamKey(SQLModel, table=True):
    """The key an encoder shows. Kept readable, because staff must copy it into the encoder."""

    __tablename__ = "stream_key"
    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    source: str = "chamber"
    key: str = Field(unique=True)

"""What the agenda system says: bodies, meetings, items, papers, who is expected."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, false, true
from sqlmodel import Field, SQLModel

from hub.domain.kind import MeetingKind
from hub.domain.models.columns import Name, json_column, moment_column, state_column
from hub.domain.states.item import ItemState
from hub.domain.states.meeting import MeetingState


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
    kind: MeetingKind = Field(
        default=MeetingKind.MEETING,
        sa_column=Column(Name(MeetingKind), nullable=False, server_default=MeetingKind.MEETING.value),
    )
    title: str
    location: str = ""
    agenda_status: str = ""
    """What the agenda system says: Confirmed, Cancelled, …"""
    starts_at: datetime = moment_column(null=False)
    registration_closes_at: datetime | None = moment_column()
    """An officer's own deadline for this meeting. None: the committee's rules say it."""
    rehearsal_of: int | None = Field(default=None, index=True)
    """The meeting of which this is a practice. Nothing of one is ever public (``services.rehearsal``)."""
    state: MeetingState = state_column(MeetingState.SCHEDULED)
    state_since: datetime | None = moment_column()
    notice_title: str = ""
    """Title of the slate while the public see one; the same words as in the picture."""
    notice_lines: list[str] = json_column(list)
    expected_back_at: datetime | None = moment_column()
    exclusion_item_id: int | None = None
    """The item for which the public are excluded, while they are."""
    current_item_id: int | None = None
    item_version: int = 0
    """The version that last moved the agenda or its order: who looked at an older one did not see it."""
    own_order: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Officers changed the order of business: an import adds to it and does not put it back."""
    questions_open: bool = True
    moderated: bool | None = None
    """Whether an officer reads questions before others do. None: as the committee's rules have it."""
    questions_frozen: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Nothing comes in and nobody votes for the moment; what is public stays."""
    hearing_seen_at: datetime | None = moment_column()
    """When an officer last took note of those who cannot hear."""
    chamber_caption: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Who is to be seen in the chamber, as text on the page."""
    point_of_order_at: datetime | None = moment_column()
    """When the point of order was raised that is being heard. None: there is none."""
    point_of_order_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Who raised it; "" when the clerk did not say."""
    point_of_order_paused: list[int] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]")
    )
    """Whose time it stopped, by their registration."""
    chair_present: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """An officer saw who chairs the meeting. Not of an ``Attendee``: every import writes those anew."""
    clerk_present: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    duty_staff_id: int | None = None
    """The officer who runs it: whom alarms are for."""
    duty_offered_to: int | None = None
    """The officer to whom it is being handed over."""
    duty_note: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What they have to know."""
    epoch_ms: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    """Unix milliseconds of programme time 0."""
    live_at: datetime | None = moment_column()
    ended_at: datetime | None = moment_column()
    imported_at: datetime | None = moment_column()
    swept_at: datetime | None = moment_column()
    """When what people had left of themselves was deleted (``services.traces``)."""
    recording_kept_until: date | None = None
    """The last day of its recording, where officers keep it for longer than the council's schedule."""
    version: int = 0
    """Counts every change of what anybody may see of this meeting."""

    @property
    def rehearsal(self) -> bool:
        """Whether it is a practice."""
        return self.rehearsal_of is not None


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
    state: ItemState = Field(
        default=ItemState.PLANNED,
        sa_column=Column(Name(ItemState), nullable=False, server_default=ItemState.PLANNED.value),
    )
    added: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """By an officer while the meeting ran: urgent business, of which the agenda system knows nothing."""
    put_off_to: date | None = None
    """The day of the meeting to which this one put it off, if it said which."""
    expected_minutes: int | None = None
    """How long officers expect it to take. The agenda system says nothing of it, and no import touches it."""
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

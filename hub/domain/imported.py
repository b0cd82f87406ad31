"""What an agenda system publishes of a meeting. Adapters read it, ``services.agenda`` applies it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ImportedCommittee:
    """A body that meets."""

    modgov_id: int
    title: str


@dataclass(frozen=True, slots=True)
class ImportedDocument:
    """A paper. A restricted one has no address here: it is never linked."""

    modgov_id: int
    title: str
    url: str
    restricted: bool


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """An agenda item. The HTML is as the agenda system gave it; titles are plain text."""

    modgov_id: int
    number: str
    title: str
    """"" when the agenda system does not show it."""
    heading: bool
    restricted: bool
    public_can_speak: bool
    text_html: str
    minutes_html: str
    """"" unless published."""
    decision_html: str
    """"" unless published."""
    documents: tuple[ImportedDocument, ...]


@dataclass(frozen=True, slots=True)
class ImportedAttendee:
    """A member or officer, without contact details."""

    modgov_id: int | None
    name: str
    role: str
    attendance: str
    party: str
    ward: str


@dataclass(frozen=True, slots=True)
class ImportedMeeting:
    """One meeting as published now."""

    modgov_id: int
    starts_at: datetime
    status: str
    location: str
    items: tuple[ImportedItem, ...]
    attendees: tuple[ImportedAttendee, ...]

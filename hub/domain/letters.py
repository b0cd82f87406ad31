"""What an e-mail is made of. How it reads, and in which language, is the pages' business."""

from dataclasses import dataclass
from datetime import datetime

from hub.domain.digest import Change
from hub.domain.models import AddressMailKind, MailKind
from hub.domain.rules import Consent


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail to a resident with a personal link, with everything that its words need."""

    number: int
    """Of its row in the outbox."""
    times: int
    """How often it was asked for: the same letter tried again is the same message."""
    kind: MailKind
    to: str
    name: str
    language: str
    token: str
    """Of the personal link."""
    code: str
    """The same link to be typed, with the surname."""
    registration_id: int
    meeting_ref: str
    meeting_title: str
    meeting_version: int
    location: str
    starts_at: datetime
    item: str
    """``5. Land at Mill Lane``; "" when they speak on no item of the agenda."""
    asked_at: datetime
    """When it was put into the outbox."""
    seconds: int
    consent: Consent | None
    written: bool
    late: bool
    confirmed: bool
    attends: bool = False
    """They watch a webinar: there is no link of their own in the letter."""


@dataclass(frozen=True, slots=True)
class DigestMeeting:
    """A meeting in a digest, as it stands when the letter is written."""

    ref: str
    title: str
    starts_at: datetime
    location: str
    status: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class AddressLetter:
    """One e-mail to an address. Nothing in it was typed by who gave the address: it may be a stranger's."""

    number: int
    """Of its row in the outbox of addresses."""
    times: int
    kind: AddressMailKind
    to: str
    language: str
    token: str = ""
    """Of the link to confirm with; "" in letters to who has."""
    stop_key: str = ""
    """Of the link that ends such letters."""
    meeting_ref: str = ""
    meeting_title: str = ""
    starts_at: datetime | None = None
    topic: str = ""
    """Of the discussion in which a post waits to be confirmed."""
    item: str = ""
    """That is next: number and published title."""
    meetings: tuple[DigestMeeting, ...] = ()

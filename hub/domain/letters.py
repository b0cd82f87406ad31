"""What an e-mail to a resident is made of. How it reads, and in which language, is the pages' business."""

from dataclasses import dataclass
from datetime import datetime

from hub.domain.models import MailKind
from hub.domain.rules import Consent


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail, with everything that its words need."""

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

"""What a resident asks for, before it is known whether they get it."""

from dataclasses import dataclass
from enum import StrEnum

from hub.domain.rules.contribution import Kind, Mode
from hub.domain.rules.side import SideName


class Consent(StrEnum):
    """How somebody may be broadcast and recorded."""

    PICTURE_AND_SOUND = "picture_and_sound"
    SOUND_ONLY = "sound_only"
    READ_OUT = "read_out"
    """Not at all: an officer reads out what they wrote."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One registration's answers to what the rules ask. None: the question was not answered."""

    kind: Kind = Kind.SPEAK
    item_id: int | None = None
    side: SideName | None = None
    mode: Mode | None = None
    access_point: str = ""
    consent: Consent | None = None
    text: str = ""
    """The statement or question in writing."""
    access_needs: str = ""
    spokesperson_for: str = ""
    """The group for which they speak; "" for themselves alone."""
    may_share: bool = False
    """Their e-mail address may be given to others who want to speak on the same side."""

    @property
    def written(self) -> bool:
        """Whether an officer brings it before the meeting, and nobody is connected."""
        return self.kind is Kind.STATEMENT or self.consent is Consent.READ_OUT

    @property
    def words(self) -> int:
        """As a word processor counts them."""
        return len(self.text.split())

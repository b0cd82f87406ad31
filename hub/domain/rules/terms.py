"""What a committee's rules say."""

from datetime import date
from typing import Literal

from pydantic import Field

from hub.domain.rules.contribution import Contribution, Kind
from hub.domain.rules.rule import Rule
from hub.domain.rules.side import Side, SideName
from hub.domain.rules.when import DaysBefore, When
from hub.domain.rules.wish import Consent


class Places(Rule):
    """How many may take part. None: as many as come."""

    meeting: int | None = Field(default=None, ge=1)
    item: int | None = Field(default=None, ge=1)
    minutes: int | None = Field(default=None, ge=1, le=600)
    """Of the meeting, for all of them together."""
    balanced: bool = False
    """An item's places are held for both sides: who is alone for or against goes before a second of
    the other."""
    waiting_list: bool = True


class Visuals(Rule):
    """Pictures and slides that speakers may show."""

    closes: When


class Questions(Rule):
    """How questions from viewers are taken at this committee's meetings."""

    moderated: bool = True
    """An officer reads each before others do."""


class Terms(Rule):
    """What one committee's rules say, whether or not they can be kept (``RuleSet``)."""

    name: str = Field(min_length=1, max_length=200)
    opens: Literal["always", "agenda_published"] | DaysBefore = "always"
    contributions: dict[Kind, Contribution]
    """In the order of the form; none at all: the public do not take part in this committee's meetings."""
    seconds: int = Field(default=180, ge=10, le=3600)
    """Speaking time of one slot."""
    supplementary_seconds: int | None = Field(default=None, ge=10, le=3600)
    """For a question that follows from the answer."""
    shared_slot: bool = False
    """A side has one slot on an item, however many of it speak: they share the time."""
    places: Places = Places()
    sides: tuple[Side, ...] = ()
    order: Literal["registration", "sides"] = "registration"
    """Within an item: first come, first served, or in the order of ``sides``."""
    needs_item: bool = False
    """Only on an item; otherwise on anything that the committee deals with."""
    consents: tuple[Consent, ...] = (Consent.PICTURE_AND_SOUND, Consent.SOUND_ONLY, Consent.READ_OUT)
    """One alone is not asked for: taking part is agreeing to it."""
    spokesperson: bool = True
    share_contacts: bool = False
    """Those who want to speak on the same side may be told of each other, when they agree."""
    visuals: Visuals | None = None
    questions: Questions = Questions()
    access_points: tuple[str, ...] = ()
    members_may_question: bool | None = None
    """Whether members may put questions to speakers; None: the rules do not say."""
    closed_days: tuple[date, ...] = ()
    """Days beside bank holidays on which the council does not work."""
    words: dict[Literal["en", "cy"], str] = Field(default_factory=dict)
    """The council's own words for the page: who may take part, and what not to do."""

    def side(self, name: SideName | None) -> Side | None:
        """The rules for a side, where there are any."""
        return next((side for side in self.sides if side.name is name), None)

    def slot_seconds(self, kind: Kind, side: SideName | None) -> int:
        """Speaking time: the side's own, else the kind's, else everybody's."""
        of_side, of_kind = self.side(side), self.contributions.get(kind)
        own = of_side.seconds if of_side else None
        return own or (of_kind.seconds if of_kind else None) or self.seconds

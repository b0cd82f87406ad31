"""What one may contribute, until when, and how."""

from enum import StrEnum

from pydantic import Field

from hub.domain.rules.rule import Rule
from hub.domain.rules.when import When


class Kind(StrEnum):
    SPEAK = "speak"
    QUESTION = "question"
    """Put at the meeting; given in writing beforehand when the rules say so."""
    STATEMENT = "statement"
    """Written: read out by an officer, or given to the members."""
    VIDEO = "video"
    """Recorded beforehand, shown at the meeting."""


class Mode(StrEnum):
    IN_PERSON = "in_person"
    REMOTE = "remote"
    PHONE = "phone"
    ACCESS_POINT = "access_point"
    """From a place that the council provides, such as a library."""


class Promise(StrEnum):
    """What those get who are early enough for it."""

    WRITTEN_ANSWER = "written_answer"
    SPOKEN_ANSWER = "spoken_answer"


class After(StrEnum):
    """What happens to what comes after the deadline."""

    REFUSED = "refused"
    CHAIR = "chair"
    """The chair decides."""
    STATEMENT = "statement"
    """A written statement can still be sent."""


class Stage(Rule):
    """One deadline, and what those get who keep it."""

    closes: When
    promise: Promise | None = None


class Contribution(Rule):
    """The rules for one kind."""

    stages: tuple[Stage, ...] = ()
    """The earliest first; none at all: until the meeting begins."""
    after: After = After.REFUSED
    """What happens after the last of them."""
    modes: tuple[Mode, ...] = ()
    """Ways to take part; for what is only written, none."""
    seconds: int | None = Field(default=None, ge=10, le=3600)
    """Where it differs from the rule set's."""
    in_writing: bool = False
    """The text has to be there when it is registered. A statement's always has."""
    words_at_most: int | None = Field(default=None, ge=1, le=5000)

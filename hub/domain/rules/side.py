"""The sides from which people speak, most of all on planning applications."""

from enum import StrEnum

from pydantic import Field

from hub.domain.rules.rule import Rule


class SideName(StrEnum):
    FOR = "for"
    AGAINST = "against"
    NEUTRAL = "neutral"
    APPLICANT = "applicant"
    PARISH = "parish"
    WARD_MEMBER = "ward_member"
    MP = "mp"


class Side(Rule):
    """One side. In a rule set their order is that in which they speak, where ``order`` says so."""

    name: SideName
    at_most: int | None = Field(default=None, ge=1)
    """Places of this side on one item."""
    counted: bool = True
    """Whether those who speak from this side take places of the item and of the meeting."""
    seconds: int | None = Field(default=None, ge=10, le=3600)
    """When they have another time than the others."""

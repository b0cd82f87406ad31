"""One committee's rules that can be kept."""

from collections.abc import Mapping
from datetime import time
from typing import Self

from pydantic import ValidationError, model_validator

from hub.domain.errors import Invalid
from hub.domain.rules.contribution import Contribution, Kind, Mode, Stage
from hub.domain.rules.faults import faults
from hub.domain.rules.terms import Places, Terms
from hub.domain.rules.when import DayCount, DaysBefore


class RulesContradict(Invalid):
    """A rule set that nobody could keep, or that is none. The message has a line for each fault."""


class RuleSet(Terms):
    """The rules of one committee: terms without a fault."""

    @model_validator(mode="after")
    def _can_be_kept(self) -> Self:
        found = faults(self)
        if found:
            raise ValueError("\n".join(found))
        return self


YORK = RuleSet(
    name="City of York Council",
    contributions={
        Kind.SPEAK: Contribution(
            stages=(Stage(closes=DaysBefore(days=2, at=time(17))),),
            modes=(Mode.IN_PERSON, Mode.REMOTE, Mode.PHONE),
        ),
        Kind.STATEMENT: Contribution(
            stages=(Stage(closes=DaysBefore(days=21, count=DayCount.CALENDAR, at=time(17))),)
        ),
    },
    places=Places(meeting=10),
)
"""The default. The file ``york.toml`` among the other schemes says the same (a test compares them)."""


def parse(data: Mapping[str, object]) -> RuleSet:
    """The rule set in ``data``. Raises ``RulesContradict`` with all that is wrong with it."""
    try:
        return RuleSet.model_validate(data)
    except ValidationError as error:
        lines = []
        for fault in error.errors(include_url=False, include_input=False):
            where = ".".join(map(str, fault["loc"]))
            words = fault["msg"].removeprefix("Value error, ")
            lines.append(f"{where}: {words}" if where else words)
        raise RulesContradict("\n".join(lines)) from None

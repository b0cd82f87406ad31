"""A committee's rules for taking part, as data, and what follows from them. Pure: no clock, no database.

``YORK`` is what a committee has that nobody gave other rules; ``moothall rules set`` gives them.
"""

from hub.domain.rules.allotment import Standing, move_up, shared_seconds
from hub.domain.rules.contribution import After, Contribution, Kind, Mode, Promise, Stage
from hub.domain.rules.decision import (
    Accepted,
    Decision,
    Refused,
    StatementOnly,
    WaitingList,
    answered,
    decide,
)
from hub.domain.rules.ruleset import YORK, RulesContradict, RuleSet, parse
from hub.domain.rules.side import Side, SideName
from hub.domain.rules.when import DayCount, DaysBefore, HoursBefore
from hub.domain.rules.window import Closing, Window, closed_because, closing, main_closing, offered
from hub.domain.rules.wish import Consent, Wish

__all__ = [
    "YORK",
    "Accepted",
    "After",
    "Closing",
    "Consent",
    "Contribution",
    "DayCount",
    "DaysBefore",
    "Decision",
    "HoursBefore",
    "Kind",
    "Mode",
    "Promise",
    "Refused",
    "RuleSet",
    "RulesContradict",
    "Side",
    "SideName",
    "Stage",
    "Standing",
    "StatementOnly",
    "WaitingList",
    "Window",
    "Wish",
    "answered",
    "closed_because",
    "closing",
    "decide",
    "main_closing",
    "move_up",
    "offered",
    "parse",
    "shared_seconds",
]

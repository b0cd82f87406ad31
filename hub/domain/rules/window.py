"""When registration opens and closes for one meeting, and what happens after."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hub.domain.local_time import LONDON
from hub.domain.rules.contribution import After, Contribution, Kind, Promise
from hub.domain.rules.ruleset import RuleSet

NOT_HEARD = "The public do not take part in the meetings of this committee."


@dataclass(frozen=True, slots=True)
class Window:
    """What the rules need to know of a meeting."""

    starts_at: datetime
    agenda_published: bool = True
    closes_at: datetime | None = None
    """An officer's own deadline for this meeting, instead of all that the rules have."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A deadline with what happens after it."""

    kind: Kind
    at: datetime
    """Aware, in council time."""
    after: After
    promise: Promise | None
    """What those get who are in time for this deadline."""
    last: bool
    """Whether no later deadline follows for this kind."""


def closings(rules: RuleSet, kind: Kind, window: Window) -> Iterator[Closing]:
    """The deadlines of one kind, the earliest first. At least one."""
    one = rules.contributions[kind]
    if window.closes_at is not None or not one.stages:
        at = (window.closes_at or window.starts_at).astimezone(LONDON)
        promise = one.stages[-1].promise if one.stages else None
        yield Closing(kind, at, one.after, promise, last=True)
        return
    for number, stage in enumerate(one.stages, start=1):
        at = stage.closes.moment(window.starts_at, rules.closed_days)
        yield Closing(kind, at, one.after, stage.promise, number == len(one.stages))


def closing(rules: RuleSet, kind: Kind, window: Window, now: datetime) -> Closing:
    """The deadline that comes next, or the last when all have passed. ``KeyError``: no such kind."""
    known = list(closings(rules, kind, window))
    return next((one for one in known if now < one.at), known[-1])


def not_open_yet(rules: RuleSet, window: Window, now: datetime) -> str:
    """Why it is too early, in words for the page; "" when it is not."""
    if rules.opens == "agenda_published":
        return "" if window.agenda_published else "Registration opens when the agenda is published."
    if isinstance(rules.opens, str):
        return ""
    opens = rules.opens.moment(window.starts_at, rules.closed_days)
    return "" if now >= opens else f"Registration opens on {day_and_time(opens)}."


def is_open(contribution: Contribution, closes: Closing, now: datetime) -> bool:
    """Whether somebody may send one now, be it for the chair to decide."""
    return now < closes.at or contribution.after is After.CHAIR


def offered(rules: RuleSet, window: Window, now: datetime) -> list[Closing]:
    """The next deadline of each kind that can be sent now, in the order of the rules."""
    if not_open_yet(rules, window, now):
        return []
    known = [closing(rules, kind, window, now) for kind in rules.contributions]
    return [one for one in known if is_open(rules.contributions[one.kind], one, now)]


def closed_because(rules: RuleSet, window: Window, now: datetime) -> str:
    """Why nothing can be sent now, in words for the page; "" when something can."""
    if not rules.contributions:
        return NOT_HEARD
    if offered(rules, window, now):
        return ""
    early = not_open_yet(rules, window, now)
    last = main_closing(rules, window)
    return early or (f"Registration closed on {day_and_time(last.at)}." if last else "")


def main_closing(rules: RuleSet, window: Window) -> Closing | None:
    """The deadline that lists and calendars show: the last for the first kind of the rules."""
    kind = next(iter(rules.contributions), None)
    return None if kind is None else list(closings(rules, kind, window))[-1]


def day_and_time(moment: datetime) -> str:
    """``24 November 2026 at 17:00``, as the domain's sentences have it."""
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%B %Y} at {local:%H:%M}"

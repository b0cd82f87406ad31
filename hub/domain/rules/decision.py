"""What becomes of one registration: a place, the waiting list, a refusal, or a written statement instead."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hub.domain.rules.allotment import Standing, room_for
from hub.domain.rules.contribution import After, Contribution, Kind, Mode, Promise
from hub.domain.rules.ruleset import RuleSet
from hub.domain.rules.window import NOT_HEARD, Closing, Window, closing, day_and_time, not_open_yet
from hub.domain.rules.wish import Consent, Wish


@dataclass(frozen=True, slots=True)
class Accepted:
    """There is a place, to be confirmed by an officer."""

    seconds: int
    promise: Promise | None = None
    displaced: int | None = None
    """The registration that goes to the waiting list for it."""


@dataclass(frozen=True, slots=True)
class WaitingList:
    """No place now. ``late``: the deadline has passed, and the chair decides."""

    seconds: int
    sentence: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class StatementOnly:
    """Not this, but a written statement can be sent."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Refused:
    """``field``: the answer that can be mended; None when nothing of the form can."""

    sentence: str
    field: str | None = None
    also: tuple["Refused", ...] = dataclasses.field(default=(), compare=False)
    """Other answers that are to be mended."""


Decision = Accepted | WaitingList | StatementOnly | Refused

FULL = "All places are taken."
FULL_STATEMENT = "All places are taken. You can send a written statement instead."
WAITING = "All places are taken, so you are on the waiting list."
CHAIR_DECIDES = "The deadline has passed. The chair decides whether there is time for you."
LATE_STATEMENT = "Registration closed on {when}. You can send a written statement instead."
CHOOSE = "Choose one from the list."


def decide(
    rules: RuleSet, window: Window, wish: Wish, standings: Sequence[Standing], now: datetime
) -> Decision:
    """Whether ``wish`` can be had beside those who registered before (``standings``)."""
    if not rules.contributions:
        return Refused(NOT_HEARD)
    contribution = rules.contributions.get(wish.kind)
    if contribution is None:
        return Refused(CHOOSE, "kind")
    early = not_open_yet(rules, window, now)
    if early:
        return Refused(early)
    closes = closing(rules, wish.kind, window, now)
    late = now >= closes.at
    if late and closes.after is not After.CHAIR:
        return _too_late(rules, window, closes, now)
    faults = tuple(_faults(rules, contribution, wish))
    if faults:
        return replace(faults[0], also=faults[1:])
    return _place(rules, window, wish, standings, now, closes)


def _place(
    rules: RuleSet, window: Window, wish: Wish, standings: Sequence[Standing], now: datetime, closes: Closing
) -> Decision:
    seconds = rules.slot_seconds(wish.kind, wish.side)
    if now >= closes.at:
        return WaitingList(seconds, CHAIR_DECIDES, late=True)
    last = max((one.place for one in standings), default=0)
    wanted = Standing(0, last + 1, wish.kind, wish.item_id, wish.side, seconds)
    room = room_for(rules, wanted, standings)
    if room.free:
        return Accepted(seconds, closes.promise, room.displaced)
    if rules.places.waiting_list:
        return WaitingList(seconds, WAITING)
    if _statements_open(rules, window, now):
        return StatementOnly(FULL_STATEMENT)
    return Refused(FULL)


def _too_late(rules: RuleSet, window: Window, closes: Closing, now: datetime) -> StatementOnly | Refused:
    when = day_and_time(closes.at)
    if closes.after is After.STATEMENT and _statements_open(rules, window, now):
        return StatementOnly(LATE_STATEMENT.format(when=when))
    return Refused(f"Registration closed on {when}.")


def _statements_open(rules: RuleSet, window: Window, now: datetime) -> bool:
    if Kind.STATEMENT not in rules.contributions:
        return False
    return now < closing(rules, Kind.STATEMENT, window, now).at


def _faults(rules: RuleSet, contribution: Contribution, wish: Wish) -> Iterator[Refused]:
    if rules.needs_item and wish.item_id is None:
        yield Refused("Choose the item that it is about.", "item_id")
    if rules.side(wish.side) is None and (rules.sides or wish.side is not None):
        yield Refused("Say from which side you speak.", "side")
    yield from _faults_of_way(rules, contribution, wish)
    yield from _faults_of_text(contribution, wish)


def _faults_of_way(rules: RuleSet, contribution: Contribution, wish: Wish) -> Iterator[Refused]:
    if (contribution.modes or wish.mode is not None) and wish.mode not in contribution.modes:
        yield Refused("Say how you want to take part.", "mode")
    if wish.mode is Mode.ACCESS_POINT and wish.access_point not in rules.access_points:
        yield Refused("Choose the place from which you take part.", "access_point")
    if wish.kind is not Kind.STATEMENT and wish.consent not in rules.consents:
        yield Refused("Say how you may be broadcast.", "consent")


def _faults_of_text(contribution: Contribution, wish: Wish) -> Iterator[Refused]:
    if not wish.text and (contribution.in_writing or wish.written):
        yield Refused(
            "Enter your question." if wish.kind is Kind.QUESTION else "Enter your statement.", "text"
        )
    most = contribution.words_at_most
    if most is not None and wish.words > most:
        yield Refused(
            f"Shorten your text to {most} words: it has {wish.words}, {wish.words - most} too many.", "text"
        )


def answered(
    rules: RuleSet, wish_kind: Kind, mode: Mode | None, consent: Consent | None
) -> tuple[Mode | None, Consent | None]:
    """What was not asked, because there is one answer only, is answered with it."""
    contribution = rules.contributions.get(wish_kind)
    if contribution is None:
        return mode, consent
    if wish_kind is Kind.STATEMENT:
        return None, None
    if mode is None and len(contribution.modes) == 1:
        mode = contribution.modes[0]
    if consent is None and len(rules.consents) == 1:
        consent = rules.consents[0]
    return mode, consent

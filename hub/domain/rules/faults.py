"""What makes a rule set impossible to keep, each in a sentence."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from hub.domain.rules.contribution import After, Kind, Mode
from hub.domain.rules.side import SideName
from hub.domain.rules.terms import Terms
from hub.domain.rules.when import DaysBefore
from hub.domain.rules.wish import Consent


def faults(rules: Terms) -> list[str]:
    """All of them; none in a rule set that can be kept."""
    return [*_of_places(rules), *_of_sides(rules), *_of_ways(rules), *_of_deadlines(rules)]


def _of_places(rules: Terms) -> Iterator[str]:
    places = rules.places
    if places.item and places.meeting and places.item > places.meeting:
        yield f"An item has {places.item} places and the whole meeting only {places.meeting}."
    slots = [rules.slot_seconds(kind, None) for kind in rules.contributions if kind is not Kind.STATEMENT]
    slots += [side.seconds for side in rules.sides if side.seconds and side.counted]
    if places.minutes and slots and max(slots) > places.minutes * 60:
        yield f"The {places.minutes} minutes for all are shorter than one slot of {max(slots)} seconds."
    for side in rules.sides:
        most = places.item or places.meeting
        if side.at_most and side.counted and most and side.at_most > most:
            yield f"The side {side.name} has {side.at_most} places, and there are only {most}."


def _of_sides(rules: Terms) -> Iterator[str]:
    names = [side.name for side in rules.sides]
    if len(set(names)) < len(names):
        yield "A side is there twice."
    if rules.places.balanced and not (rules.places.item and {SideName.FOR, SideName.AGAINST} <= set(names)):
        yield "Balanced places need the sides for and against, and a number of places for each item."
    if rules.shared_slot and not rules.sides:
        yield "A slot is shared by a side, and there are no sides."
    if rules.order == "sides" and not rules.sides:
        yield "The order is that of the sides, and there are none."
    if rules.sides and not rules.needs_item:
        yield "Sides are taken on an item: with sides, needs_item has to be true."


def _of_ways(rules: Terms) -> Iterator[str]:
    if not rules.consents:
        yield "There is no way in which those who take part may be broadcast."
    offers_points = any(Mode.ACCESS_POINT in one.modes for one in rules.contributions.values())
    if offers_points != bool(rules.access_points):
        yield "Taking part from an access point needs access_points, and they need it among the modes."
    for kind, one in rules.contributions.items():
        if kind is Kind.STATEMENT and one.modes:
            yield "A statement is written: it has no modes."
        if kind in (Kind.SPEAK, Kind.QUESTION) and not one.modes:
            yield f"There is no way to take part for the kind {kind}: it needs modes."
        if one.after is After.STATEMENT and (
            kind is Kind.STATEMENT or Kind.STATEMENT not in rules.contributions
        ):
            yield f"After the deadline for {kind} only a statement can be sent, and the rules have none."
        if one.words_at_most and not (
            one.in_writing or kind is Kind.STATEMENT or Consent.READ_OUT in rules.consents
        ):
            yield f"The kind {kind} has a number of words, and nothing of it is written."


def _of_deadlines(rules: Terms) -> Iterator[str]:
    """Tried on every day of a year: Easter and Christmas move deadlines towards each other."""
    starts = [datetime(2027, 1, 1, 18, tzinfo=UTC) + timedelta(days=day) for day in range(365)]
    for kind, one in rules.contributions.items():
        whens = [stage.closes for stage in one.stages]
        closes = [[when.moment(start, rules.closed_days) for when in whens] for start in starts]
        if any(moments != sorted(set(moments)) for moments in closes):
            yield f"The deadlines for {kind} are not one after the other."
        if isinstance(rules.opens, DaysBefore) and whens:
            opens = [rules.opens.moment(start, rules.closed_days) for start in starts]
            if any(opened >= moments[-1] for opened, moments in zip(opens, closes, strict=True)):
                yield f"Registration for {kind} closes before it opens."
        if Kind.STATEMENT in rules.contributions and one.after is After.STATEMENT and whens:
            written = rules.contributions[Kind.STATEMENT].stages
            last = [stage.closes for stage in written[-1:]]
            if last and any(
                last[0].moment(start, rules.closed_days) <= moments[-1]
                for start, moments in zip(starts, closes, strict=True)
            ):
                yield f"Statements close no later than {kind}, after which only a statement can be sent."

"""Who has a place: counted from those who registered, in the order in which they did."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hub.domain.rules.contribution import Kind
from hub.domain.rules.ruleset import RuleSet
from hub.domain.rules.side import SideName

BALANCED = (SideName.FOR, SideName.AGAINST)


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody who registered and has not left."""

    id: int
    place: int
    """Order of registration."""
    kind: Kind
    item_id: int | None
    side: SideName | None
    seconds: int
    waiting: bool = False
    settled: bool = False
    """An officer confirmed it, so nobody else gets the place."""
    late: bool = False
    """Came after the deadline: the chair decides, and nobody moves up by themselves."""


@dataclass(frozen=True, slots=True)
class Room:
    """Whether there is a place for somebody."""

    free: bool
    displaced: int | None = None
    """Who goes to the waiting list for it."""


def room_for(rules: RuleSet, wanted: Standing, others: Sequence[Standing]) -> Room:
    """Whether ``wanted`` fits beside those of ``others`` who have a place."""
    if wanted.kind is Kind.STATEMENT:
        return Room(free=True)
    seated = [one for one in others if not one.waiting and one.kind is not Kind.STATEMENT]
    here = [one for one in seated if one.item_id == wanted.item_id]
    side = rules.side(wanted.side)
    if side and side.at_most and len([one for one in here if one.side is side.name]) >= side.at_most:
        return Room(free=False)
    if side and not side.counted:
        return Room(free=True)
    if _fits(rules, wanted, _counted(rules, seated)):
        return Room(free=True)
    given_way = _gives_way(wanted, here) if rules.places.balanced else None
    if given_way is None:
        return Room(free=False)
    left = [one for one in seated if one is not given_way]
    fits = _fits(rules, wanted, _counted(rules, left))
    return Room(free=True, displaced=given_way.id) if fits else Room(free=False)


def move_up(rules: RuleSet, standings: Sequence[Standing]) -> list[int]:
    """Ids of those on the waiting list for whom there is a place now, first come, first served."""
    known = {one.id: one for one in standings}
    moved = []
    for candidate in sorted(standings, key=lambda one: one.place):
        if not candidate.waiting or candidate.late:
            continue
        others = [one for one in known.values() if one.id != candidate.id]
        room = room_for(rules, candidate, others)
        if room.free and room.displaced is None:
            known[candidate.id] = replace(candidate, waiting=False)
            moved.append(candidate.id)
    return moved


def shared_seconds(rules: RuleSet, standings: Sequence[Standing]) -> dict[int, int]:
    """Speaking time of each who shares the slot of a side on an item; empty where slots are not shared."""
    if not rules.shared_slot:
        return {}
    parties: dict[tuple[int | None, SideName | None], list[Standing]] = {}
    for one in standings:
        if one.side is not None and not one.waiting and one.kind is not Kind.STATEMENT:
            parties.setdefault(_party(one), []).append(one)
    return {
        one.id: max(1, rules.slot_seconds(one.kind, one.side) // len(party))
        for party in parties.values()
        for one in party
    }


def _counted(rules: RuleSet, seated: Sequence[Standing]) -> list[Standing]:
    sides = {side.name: side.counted for side in rules.sides}
    return [one for one in seated if one.side is None or sides.get(one.side, True)]


def _party(one: Standing) -> tuple[int | None, SideName | None]:
    return one.item_id, one.side


def _fits(rules: RuleSet, wanted: Standing, counted: Sequence[Standing]) -> bool:
    places = rules.places
    if rules.shared_slot:
        parties = {_party(one) for one in (*counted, wanted)}
        whole = len(parties)
        on_item = len([party for party in parties if party[0] == wanted.item_id])
    else:
        whole = len(counted) + 1
        on_item = len([one for one in counted if one.item_id == wanted.item_id]) + 1
    known = rules.shared_slot and any(_party(one) == _party(wanted) for one in counted)
    seconds = sum(one.seconds for one in counted) + (0 if known else wanted.seconds)
    return not (
        (places.meeting and whole > places.meeting)
        or (places.item and on_item > places.item)
        or (places.minutes and seconds > places.minutes * 60)
    )


def _gives_way(wanted: Standing, here: Sequence[Standing]) -> Standing | None:
    """The last of the other side, when that has a second place and who comes is alone on theirs."""
    if wanted.side not in BALANCED or any(one.side is wanted.side for one in here):
        return None
    other = [one for one in here if one.side in BALANCED]
    able = [one for one in other if not one.settled]
    if len(other) < 2 or not able:
        return None
    return max(able, key=lambda one: one.place)

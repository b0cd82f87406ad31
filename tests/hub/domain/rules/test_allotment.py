"""Places under whatever order people come and go in."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hub.domain.rules import (
    Accepted,
    Consent,
    Kind,
    Refused,
    RuleSet,
    SideName,
    StatementOnly,
    WaitingList,
    move_up,
    parse,
)
from hub.rules import scheme
from tests.hub.domain.rules.hall import Hall, at

PLANNING = scheme("dorset_planning")
SIDES = st.sampled_from([side.name for side in PLANNING.sides])


def full(rules: RuleSet, hall: Hall) -> None:
    """No limit is passed."""
    seated = [one for one in hall.standings if not one.waiting]
    counted = Counter(one.item_id for one in seated if (side := rules.side(one.side)) is None or side.counted)
    assert all(number <= (rules.places.item or 99) for number in counted.values())
    sides = Counter((one.item_id, one.side) for one in seated)
    for (_, name), number in sides.items():
        side = rules.side(name)
        assert side is not None
        assert number <= (side.at_most or 99)


@given(
    st.lists(st.tuples(SIDES, st.integers(1, 2)), min_size=1, max_size=25),
    st.lists(st.integers(0, 24), max_size=10),
)
def test_nobody_waits_while_their_place_is_free_and_no_limit_is_passed(
    arrivals: list[tuple[SideName, int]], leavers: list[int]
) -> None:
    hall = Hall(PLANNING)
    for side, item in arrivals:
        hall.ask(side, item=item)
        full(PLANNING, hall)
    for number in leavers:
        hall.standings = [one for one in hall.standings if one.id != number + 1]
        up = move_up(PLANNING, hall.standings)
        hall.standings = [replace(one, waiting=one.waiting and one.id not in up) for one in hall.standings]
        full(PLANNING, hall)
        assert move_up(PLANNING, hall.standings) == [], "it is done in one go"
    for waiting in (one for one in hall.standings if one.waiting):
        ahead = [
            one
            for one in hall.standings
            if not one.waiting and (one.item_id, one.side) == (waiting.item_id, waiting.side)
        ]
        assert all(one.place < waiting.place for one in ahead), "first come, first served within a side"


@given(st.permutations([SideName.FOR] * 3 + [SideName.AGAINST] * 3))
def test_both_sides_are_heard_in_barnet_in_whatever_order_they_come(order: Sequence[SideName]) -> None:
    hall = Hall(scheme("barnet_planning"))
    for side in order:
        hall.ask(side)
    seated = [one for one in hall.standings if not one.waiting]
    assert {one.side for one in seated} == {SideName.FOR, SideName.AGAINST}
    first = {side: order.index(side) + 1 for side in (SideName.FOR, SideName.AGAINST)}
    assert {one.side: one.place for one in seated} == first


def test_the_first_for_whom_there_is_a_place_moves_up() -> None:
    hall = Hall(PLANNING)
    hall.asked(*[SideName.FOR] * 4, *[SideName.AGAINST] * 4)
    assert [one.id for one in hall.standings if one.waiting] == [4, 8]
    hall.standings = [one for one in hall.standings if one.id != 6]
    assert move_up(PLANNING, hall.standings) == [8], "the one who is for has no place on their side"


def test_who_came_late_waits_for_the_chair() -> None:
    rules = parse(
        {
            "name": "Ouseby",
            "places": {"meeting": 1},
            "contributions": {
                "speak": {
                    "modes": ["remote"],
                    "after": "chair",
                    "stages": [{"closes": {"days": 2, "at": "17:00"}}],
                }
            },
        }
    )
    hall = Hall(rules)
    hall.ask()
    hall.now = at(25, 9)
    assert isinstance(hall.ask(), WaitingList)
    assert move_up(rules, hall.standings[1:]) == []


def limited(**places: object) -> RuleSet:
    return parse(
        {
            "name": "Ouseby",
            "places": {"waiting_list": False} | places,
            "contributions": {"speak": {"modes": ["remote"]}, "statement": {}},
        }
    )


def test_minutes_are_a_limit_of_their_own() -> None:
    hall = Hall(limited(minutes=10))
    assert hall.asked(*[None] * 4) == "AAAS"


def test_without_a_waiting_list_a_statement_is_what_is_left() -> None:
    hall = Hall(limited(meeting=1))
    hall.ask()
    instead = hall.ask()
    assert isinstance(instead, StatementOnly)
    assert "written statement instead" in instead.sentence
    assert isinstance(hall.ask(kind=Kind.STATEMENT, text="Trees."), Accepted)
    only_speaking = parse(
        hall.rules.model_dump(mode="json") | {"contributions": {"speak": {"modes": ["remote"]}}}
    )
    assert Hall(only_speaking, standings=hall.standings).ask() == Refused("All places are taken.")


def test_after_the_deadline_a_statement_may_be_what_is_left() -> None:
    rules = parse(
        {
            "name": "Ouseby",
            "contributions": {
                "speak": {
                    "modes": ["remote"],
                    "after": "statement",
                    "stages": [{"closes": {"days": 2, "at": "17:00"}}],
                },
                "statement": {"stages": [{"closes": {"days": 1, "at": "12:00"}}]},
            },
        }
    )
    hall = Hall(rules, now=at(24, 17))
    assert isinstance(hall.ask(), StatementOnly)
    hall.now = at(25, 12)
    assert isinstance(hall.ask(), Refused)


def test_who_is_not_to_be_broadcast_writes_what_is_read_out() -> None:
    hall = Hall(limited())
    assert hall.ask(consent=Consent.READ_OUT) == Refused("Enter your statement.", "text")
    assert isinstance(hall.ask(consent=Consent.READ_OUT, text="Trees."), Accepted)


def test_a_committee_that_does_not_hear_the_public() -> None:
    hall = Hall(parse({"name": "Licensing", "contributions": {}}))
    refusal = hall.ask()
    assert isinstance(refusal, Refused)
    assert "do not take part" in refusal.sentence

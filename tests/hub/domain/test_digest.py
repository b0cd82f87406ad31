"""What a daily digest has in it, and when it is due: pure functions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.digest import Change, Facts, Line, compare, is_about, is_wanted, last_round, together

PLANNING = Facts(
    ref="planning",
    committee_id=7,
    starts_at=datetime(2026, 11, 26, 18, 30, tzinfo=UTC),
    location="The Guildhall",
    status="Confirmed",
    titles=("Apologies", "Land at Mill Lane: felling of trees"),
)
LATER = replace(PLANNING, ref="later", starts_at=PLANNING.starts_at + timedelta(days=28))


def test_what_is_new_is_told_once() -> None:
    lines, known = compare({}, [LATER, PLANNING])
    assert lines == [Line("planning", (Change.NEW,)), Line("later", (Change.NEW,))]
    assert compare(known, [PLANNING, LATER]) == ([], known)


@pytest.mark.parametrize(
    ("changed", "change"),
    [
        ({"starts_at": PLANNING.starts_at + timedelta(minutes=30)}, Change.WHEN),
        ({"location": "West Offices"}, Change.WHERE),
        ({"status": "Cancelled"}, Change.STATUS),
        ({"titles": (*PLANNING.titles, "Urgent business")}, Change.AGENDA),
        ({"titles": ()}, Change.AGENDA),
    ],
)
def test_each_change_is_told_for_what_it_is_and_once(changed: dict[str, Any], change: Change) -> None:
    _, known = compare({}, [PLANNING])
    lines, known = compare(known, [replace(PLANNING, **changed)])
    assert lines == [Line("planning", (change,))]
    assert compare(known, [replace(PLANNING, **changed)])[0] == []


def test_the_same_moment_in_another_zone_is_no_change() -> None:
    _, known = compare({}, [PLANNING])
    moved = PLANNING.starts_at.astimezone(datetime(2026, 7, 1).astimezone().tzinfo)
    assert compare(known, [replace(PLANNING, starts_at=moved)])[0] == []


def test_a_meeting_that_is_over_is_forgotten_without_a_word() -> None:
    _, known = compare({}, [PLANNING, LATER])
    lines, known = compare(known, [LATER])
    assert lines == []
    assert set(known) == {"later"}


@pytest.mark.parametrize(
    ("topic", "about"),
    [
        ("", True),
        ("trees", True),
        ("TREE", True),
        ("mill lane", True),
        ("lane mill", True),
        ("ill", False),
        ("apologies trees", False),
        ("budget", False),
        ("tree-", True),
        ("!?", True),
    ],
)
def test_a_topic_is_words_in_the_title_of_one_item(topic: str, about: bool) -> None:
    assert is_about(PLANNING.titles, topic) is about


def test_accents_make_no_difference() -> None:
    assert is_about(["Priffordd Llŷn a’r café"], "llyn cafe")
    assert is_about(["Priffordd Llyn"], "LLŶN")


def test_committee_and_topic_are_both_to_fit() -> None:
    assert is_wanted(PLANNING, None, "")
    assert is_wanted(PLANNING, 7, "trees")
    assert not is_wanted(PLANNING, 8, "trees")
    assert not is_wanted(PLANNING, 7, "budget")


def test_a_meeting_is_in_a_letter_once_with_all_that_changed() -> None:
    one, other = Line("a", (Change.WHEN,)), Line("a", (Change.WHEN, Change.AGENDA))
    assert together([[one, Line("b", (Change.NEW,))], [other], []]) == [
        Line("a", (Change.WHEN, Change.AGENDA)),
        Line("b", (Change.NEW,)),
    ]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 11, 26, 6, 59, 59, tzinfo=UTC), datetime(2026, 11, 25, 7, tzinfo=UTC)),
        (datetime(2026, 11, 26, 7, tzinfo=UTC), datetime(2026, 11, 26, 7, tzinfo=UTC)),
        (datetime(2026, 7, 1, 6, tzinfo=UTC), datetime(2026, 7, 1, 6, tzinfo=UTC)),
        (datetime(2026, 7, 1, 5, 59, tzinfo=UTC), datetime(2026, 6, 30, 6, tzinfo=UTC)),
        (datetime(2026, 10, 25, 6, 30, tzinfo=UTC), datetime(2026, 10, 24, 6, tzinfo=UTC)),
    ],
)
def test_it_is_due_at_seven_by_the_clocks_of_the_council(now: datetime, due: datetime) -> None:
    assert last_round(now) == due


@given(st.integers(0, 2 * 365 * 86_400))
def test_a_round_is_never_ahead_and_never_more_than_a_day_and_an_hour_past(second: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    assert now - timedelta(hours=25) < last_round(now) <= now

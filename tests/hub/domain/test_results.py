"""Results of the members' votes."""

from typing import Any

import pytest

from hub.domain.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound
from hub.domain.views import chapters, public_snapshot, staff_snapshot
from tests.hub.conftest import House

FIVE_TWO: dict[str, Any] = {
    "motion": "To approve",
    "outcome": "carried",
    "votes_for": 5,
    "votes_against": 2,
    "abstained": 1,
}


async def enter(house: House, **changes: Any) -> int:
    payload = FIVE_TWO | {"item_id": house.items[2]} | changes
    return int((await house.do("result.enter", **payload))["result_id"])


async def test_it_is_public_and_in_the_index(house: House) -> None:
    await house.live()
    house.clock.advance(seconds=42)
    number = await enter(house)
    (result,) = (await public_snapshot(house.desk, house.ref)).results
    assert (result.id, result.item_id, result.seconds) == (number, house.items[2], 42)
    assert (result.outcome, result.votes_for, result.votes_against, result.abstained) == ("carried", 5, 2, 1)
    point = (await chapters(house.desk, house.ref))[-1]
    assert (point.kind, point.seconds, point.item_id) == ("vote", 42, house.items[2])
    assert point.label == "Vote: To approve. Carried, 5 for, 2 against, 1 abstained"


async def test_names_of_a_recorded_vote_agree_with_the_figures(house: House) -> None:
    await house.live()
    names = {"Cllr Ash": "for", "Cllr  Birch ": "against", "Cllr Cedar": "abstain"}
    figures = {"votes_for": 1, "votes_against": 1, "abstained": 1}
    with pytest.raises(Invalid, match="5 are for by the figures, and 1 by name") as caught:
        await enter(house, names=names)
    assert caught.value.field == "names"
    for wrong in (
        {"Cllr Ash": "for", " Cllr Ash": "against", "Cllr Cedar": "abstain"},
        {"Cllr Ash": "maybe"},
        {" ": "for", "B": "against", "C": "abstain"},
        {"x" * 101: "for", "B": "against", "C": "abstain"},
    ):
        with pytest.raises(Invalid):
            await enter(house, **figures, names=wrong)
    await enter(house, **figures, names=names)
    (result,) = (await public_snapshot(house.desk, house.ref)).results
    assert result.names == {"Cllr Ash": "for", "Cllr Birch": "against", "Cllr Cedar": "abstain"}


async def test_nothing_of_a_private_session_is_told(house: House) -> None:
    with pytest.raises(IllegalTransition, match="not begun"):
        await enter(house)
    await house.live()
    await house.do("meeting.private", item_id=house.items[3])
    with pytest.raises(IllegalTransition, match="excluded"):
        await enter(house)
    await house.do("meeting.return", confirmed=True)
    for item in (house.items[3], house.items[1]):
        with pytest.raises(Invalid, match="for the minutes"):
            await enter(house, item_id=item)
    assert (await public_snapshot(house.desk, house.ref)).results == []


async def test_outside_the_broadcast_it_has_no_moment(house: House) -> None:
    await house.live()
    await house.do("meeting.adjourn")
    await enter(house)
    await house.do("meeting.end", confirmed=True)
    await enter(house, motion="To note")
    assert [one.seconds for one in (await public_snapshot(house.desk, house.ref)).results] == [None, None]
    assert "vote" not in [point.kind for point in await chapters(house.desk, house.ref)]


async def test_two_clerks_enter_it_once(house: House) -> None:
    await house.live()
    await house.do("result.enter", house.second_clerk, item_id=house.items[2], **FIVE_TWO)
    with pytest.raises(Conflict, match="Bob Dene entered"):
        await enter(house)
    await enter(house, motion="To approve as amended")


async def test_a_wrong_one_is_struck_with_a_reason_and_stays_in_the_log(house: House) -> None:
    await house.live()
    number = await enter(house)
    with pytest.raises(Invalid, match="Enter the reason"):
        await house.do("result.strike", result_id=number, reason=" ")
    await house.do("result.strike", result_id=number, reason="Miscounted")
    assert (await public_snapshot(house.desk, house.ref)).results == []
    assert "vote" not in [point.kind for point in await chapters(house.desk, house.ref)]
    log = (await staff_snapshot(house.desk, house.ref)).audit
    assert [(line.action, line.reason) for line in log[:2]] == [
        ("result.strike", "Miscounted"),
        ("result.enter", ""),
    ]
    with pytest.raises(Conflict):
        await house.do("result.strike", result_id=number, reason="Again")
    await enter(house)
    with pytest.raises(NotFound):
        await house.do("result.strike", result_id=4711, reason="x")


@pytest.mark.parametrize(
    "wrong",
    [
        {"votes_for": -1},
        {"votes_for": 201},
        {"votes_for": "5"},
        {"votes_for": 1.5},
        {"outcome": "undecided"},
        {"motion": " "},
        {"motion": "x" * 201},
        {"names": []},
        {"names": {str(number): "for" for number in range(201)}},
        {"names": {"A": 7}},
    ],
)
async def test_what_is_no_result_is_refused(house: House, wrong: dict[str, Any]) -> None:
    await house.live()
    with pytest.raises(Invalid):
        await enter(house, **wrong)
    assert (await public_snapshot(house.desk, house.ref)).results == []


async def test_only_officers_enter_and_strike(house: House) -> None:
    await house.live()
    number = await enter(house)
    with pytest.raises(Forbidden):
        await house.do("result.enter", house.viewer(), item_id=house.items[2], **FIVE_TWO)
    with pytest.raises(Forbidden):
        await house.do("result.strike", house.viewer(), result_id=number, reason="x")

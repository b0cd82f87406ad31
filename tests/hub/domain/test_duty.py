"""One officer runs the meeting, and hands it over to another who takes it."""

import pytest

from hub.domain.errors import Conflict, Forbidden, NotFound
from hub.domain.people import Role, Staff
from hub.domain.services.accounts import add_user
from hub.domain.snapshots import DutyView
from hub.domain.views import staff_snapshot
from tests.hub.conftest import House


def here(house: House, *officers: Staff) -> None:
    """Who has the console open."""
    house.desk.room(house.ref).clerks = {officer.id: officer.name for officer in officers}


async def duty(house: House) -> DutyView:
    return (await staff_snapshot(house.desk, house.ref)).duty


async def runs(house: House) -> str:
    officer = (await duty(house)).officer
    return officer.name if officer is not None else ""


async def test_whoever_opens_the_room_runs_the_meeting(house: House) -> None:
    assert await runs(house) == ""
    await house.do("meeting.open_room")
    assert await runs(house) == "Ann Clark"
    assert not (await duty(house)).here
    here(house, house.clerk)
    assert (await duty(house)).here


async def test_it_is_handed_over_when_the_other_takes_it(house: House) -> None:
    here(house, house.clerk, house.second_clerk)
    await house.live()
    await house.do("duty.offer", staff_id=house.second_clerk.id, note="Item 9 is next")
    offered = await duty(house)
    assert (offered.offered_to is not None, offered.note) == (True, "Item 9 is next")
    assert await runs(house) == "Ann Clark"
    await house.do("duty.accept", house.second_clerk)
    taken = await duty(house)
    assert (await runs(house), taken.offered_to, taken.note) == ("Bob Dene", None, "")
    log = (await staff_snapshot(house.desk, house.ref)).audit
    assert [(line.action, line.who, line.reason) for line in log[:2]] == [
        ("duty.accept", "Bob Dene", "Item 9 is next"),
        ("duty.offer", "Ann Clark", "Item 9 is next"),
    ]


async def test_nobody_is_kept_from_pressing_anything(house: House) -> None:
    here(house, house.clerk, house.second_clerk)
    await house.live()
    await house.do("meeting.private", house.second_clerk)
    await house.do("meeting.return", house.second_clerk, confirmed=True)
    assert await runs(house) == "Ann Clark"


@pytest.mark.parametrize("who", ["giver", "taker"])
async def test_an_offer_is_dropped_by_either_and_by_nobody_else(house: House, who: str) -> None:
    here(house, house.clerk, house.second_clerk)
    await house.live()
    await house.do("duty.offer", staff_id=house.second_clerk.id)
    third = await add_user(house.desk, "cat@example.org", "Cat Ely", Role.CLERK)
    with pytest.raises(Forbidden):
        await house.do("duty.drop", third)
    with pytest.raises(Conflict, match="Nobody hands this meeting over to you"):
        await house.do("duty.accept", third)
    await house.do("duty.drop", house.clerk if who == "giver" else house.second_clerk)
    with pytest.raises(Conflict, match="Nobody hands this meeting over to you"):
        await house.do("duty.accept", house.second_clerk)
    with pytest.raises(Conflict):
        await house.do("duty.drop")
    assert await runs(house) == "Ann Clark"


async def test_only_who_runs_it_hands_it_over_and_only_to_who_is_here(house: House) -> None:
    await house.live()
    here(house, house.clerk)
    with pytest.raises(Conflict, match="Bob Dene does not have this console open"):
        await house.do("duty.offer", staff_id=house.second_clerk.id)
    here(house, house.clerk, house.second_clerk)
    with pytest.raises(Conflict, match="Ann Clark runs this meeting"):
        await house.do("duty.offer", house.second_clerk, staff_id=house.clerk.id)
    for nobody in (house.clerk.id, 999):
        with pytest.raises(NotFound):
            await house.do("duty.offer", staff_id=nobody)


async def test_who_left_is_relieved_and_who_is_here_is_asked(house: House) -> None:
    await house.live()
    here(house, house.clerk, house.second_clerk)
    with pytest.raises(Conflict, match="has the console open"):
        await house.do("duty.take", house.second_clerk)
    await house.do("duty.offer", staff_id=house.second_clerk.id)
    here(house, house.second_clerk)
    await house.do("duty.take", house.second_clerk)
    assert await runs(house) == "Bob Dene"
    assert (await duty(house)).offered_to is None
    with pytest.raises(Conflict, match="already"):
        await house.do("duty.take", house.second_clerk)
    await house.do("meeting.end", confirmed=True)
    with pytest.raises(Conflict, match="over"):
        await house.do("duty.take", house.clerk)


async def test_a_handover_stands_in_no_step_s_way(house: House) -> None:
    here(house, house.clerk, house.second_clerk)
    await house.live()
    await house.next()
    await house.do("duty.offer", staff_id=house.second_clerk.id)
    await house.do("duty.accept", house.second_clerk)
    [step] = (await staff_snapshot(house.desk, house.ref)).undo
    await house.do("step.undo", step=step.step)

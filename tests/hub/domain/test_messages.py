"""What is true of every command: its payload, its sender, and sending it again."""

from typing import Any

import pytest

from hub.domain.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from hub.domain.models import StaffUser
from hub.domain.people import Resident, Role, Staff
from hub.domain.states.meeting import MeetingState
from tests.hub.conftest import House


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"paragraphs": [99]}, "paragraphs"),
        ({"paragraphs": "3"}, "paragraphs"),
        ({"reason": "x" * 201}, "reason"),
        ({"colour": "red"}, "colour"),
        ({"client_id": ""}, "client_id"),
        ({"client_id": "x" * 65}, "client_id"),
        ({"client_id": 7}, "client_id"),
    ],
)
async def test_payload_that_does_not_fit_names_the_field(
    house: House, payload: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        await house.do("meeting.private", **payload)
    assert caught.value.field == field
    assert field in caught.value.message


async def test_unknown_commands_and_meetings(house: House) -> None:
    with pytest.raises(NotFound, match="no command"):
        await house.do("meeting.explode")
    house.ref = "2026-01-01-nothing"
    with pytest.raises(NotFound, match="no such meeting"):
        await house.do("meeting.open_room")


@pytest.mark.parametrize("name", ["meeting.open_room", "meeting.go_live", "meeting.end", "gate.cut"])
async def test_only_staff_move_the_gate(house: House, name: str) -> None:
    for actor in (house.viewer(), Resident(1, house.meeting_id, "phone")):
        with pytest.raises(Forbidden):
            await house.do(name, actor)


async def test_officer_whose_account_is_closed(house: House) -> None:
    async with house.desk.store.write() as session:
        (await session.get_one(StaffUser, house.clerk.id)).active = False
    with pytest.raises(SignInNeeded):
        await house.do("meeting.open_room")
    with pytest.raises(SignInNeeded):
        await house.do("meeting.open_room", Staff(4711, "Nobody", Role.ADMIN))
    assert house.studio.calls == []


async def test_replay_gives_the_first_answer_and_moves_nothing(house: House) -> None:
    await house.do("meeting.open_room")
    first = await house.do("meeting.go_live", confirmed=True, client_id="live")
    await house.do("meeting.adjourn", client_id="pause")
    version, calls = (await house.meeting()).version, len(house.studio.calls)
    assert await house.do("meeting.go_live", confirmed=True, client_id="live") == first
    assert await house.do("meeting.adjourn", client_id="pause") == {}
    assert ((await house.meeting()).version, len(house.studio.calls)) == (version, calls)
    assert await house.state() is MeetingState.ADJOURNED


async def test_client_id_of_another_command_is_refused(house: House) -> None:
    await house.do("meeting.open_room", client_id="same")
    with pytest.raises(Conflict, match=r"meeting\.open_room"):
        await house.do("meeting.go_live", confirmed=True, client_id="same")

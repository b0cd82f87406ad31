"""Two clerks at once: who looked at something older is told who was quicker, and nothing is done."""

from typing import Any

import pytest

from hub.domain.errors import Conflict, IllegalTransition, Invalid
from hub.domain.states.meeting import MeetingState
from hub.domain.states.speaker import SpeakerState
from hub.domain.views import public_snapshot
from tests.hub.conftest import House


async def since(house: House) -> int | None:
    """What the console has of the state now; time passes before the next one."""
    moment = (await public_snapshot(house.desk, house.ref)).state_since_ms
    house.clock.advance(seconds=5)
    return moment


async def test_who_confirms_a_return_does_not_open_a_later_private_session(house: House) -> None:
    """Ann asks to return from item 9; meanwhile Bob has returned and gone private for the next item."""
    await house.live()
    await house.do("meeting.private", item_id=house.items[3], paragraphs=[3])
    seen = await since(house)
    await house.do("meeting.return", house.second_clerk, confirmed=True, since=seen)
    await house.do("meeting.private", house.second_clerk, item_id=house.items[4], paragraphs=[1])
    with pytest.raises(Conflict, match=r"Bob Dene changed .*: the meeting is private now"):
        await house.do("meeting.return", confirmed=True, since=seen)
    assert (await house.state(), house.studio.open) == (MeetingState.PRIVATE, False)
    await house.do("meeting.return", confirmed=True, since=await since(house))
    assert house.studio.open


async def test_an_end_that_was_confirmed_of_another_state_ends_nothing(house: House) -> None:
    await house.live()
    seen = await since(house)
    await house.do("meeting.adjourn", house.second_clerk)
    with pytest.raises(Conflict, match="Bob Dene"):
        await house.do("meeting.end", confirmed=True, since=seen)
    assert await house.state() is MeetingState.ADJOURNED


async def test_going_live_twice_is_refused_with_the_state(house: House) -> None:
    await house.do("meeting.open_room")
    seen = await since(house)
    await house.do("meeting.go_live", house.second_clerk, confirmed=True, since=seen)
    with pytest.raises(IllegalTransition, match="The meeting is live"):
        await house.do("meeting.go_live", confirmed=True, since=seen)


async def test_a_cut_is_never_refused_for_what_another_did(house: House) -> None:
    await house.live()
    await house.do("meeting.private", house.second_clerk, item_id=house.items[3])
    await house.do("meeting.private", item_id=house.items[4])
    await house.do("gate.cut", house.second_clerk)
    await house.do("gate.cut")
    assert not house.studio.open


async def test_who_says_nothing_of_what_they_saw_is_obeyed(house: House) -> None:
    await house.live()
    await house.do("meeting.adjourn")
    await house.do("meeting.return", confirmed=True)
    assert house.studio.open


@pytest.mark.parametrize("value", [-1, "now", 2**54])
async def test_nonsense_is_refused(house: House, value: object) -> None:
    with pytest.raises(Invalid):
        await house.do("meeting.return", confirmed=True, since=value)
    with pytest.raises(Invalid):
        await house.do("speaker.call", registration_id=1, seen=value)


async def test_who_was_just_called_by_one_is_not_marked_absent_by_the_other(house: House) -> None:
    await house.live()
    sam = (await house.waiting())[0].registration_id
    await house.do("speaker.call", house.second_clerk, registration_id=sam, seen="checked_in")
    with pytest.raises(Conflict, match="Bob Dene changed this a moment ago: Sam Lee is called now"):
        await house.do("speaker.miss", registration_id=sam, seen="checked_in")
    assert (await house.speaker(sam)).state is SpeakerState.CALLED
    assert house.studio.names()[-1] != "close_speaker"
    await house.do("speaker.miss", registration_id=sam, seen="called")


@pytest.mark.parametrize(
    ("before", "command", "seen"),
    [
        ("confirmed", "speaker.confirm", "submitted"),
        ("confirmed", "speaker.decline", "submitted"),
        ("checked_in", "speaker.call", "no_show"),
        ("called", "speaker.stand_back", "on_air"),
        ("called", "speaker.admit", "checked_in"),
        ("on_air", "speaker.finish", "called"),
        ("on_air", "speaker.extend", "called"),
        ("confirmed", "speaker.read_out", "submitted"),
    ],
)
async def test_no_press_acts_on_a_speaker_who_is_not_as_it_was_seen(
    house: House, before: str, command: str, seen: str
) -> None:
    await house.live()
    registered, resident = await house.resident()
    sam = registered.registration_id
    ways = ("checked_in", "speaker.check_in"), ("called", "speaker.call"), ("on_air", "speaker.admit")
    for state, step in ways:
        if (await house.speaker(sam)).state == before:
            break
        payload = {} if step == "speaker.check_in" else {"registration_id": sam}
        await house.do(step, resident if step == "speaker.check_in" else None, **payload)
        assert (await house.speaker(sam)).state == state

    def told() -> list[tuple[str, ...]]:
        return [call for call in house.studio.calls if call[0] != "programme_seconds"]

    calls = told()
    extra: dict[str, Any] = {"seconds": 30} if command == "speaker.extend" else {}
    with pytest.raises(Conflict, match="a moment ago"):
        await house.do(command, registration_id=sam, seen=seen, **extra)
    assert ((await house.speaker(sam)).state, told()) == (before, calls)


async def test_of_what_a_resident_did_themselves_it_is_said_so(house: House) -> None:
    await house.live()
    registered, resident = await house.waiting()
    await house.do("speaker.withdraw", resident)
    with pytest.raises(Conflict, match="Sam Lee changed this a moment ago: Sam Lee is withdrawn now"):
        await house.do("speaker.call", registration_id=registered.registration_id, seen="checked_in")


async def test_two_who_enter_or_strike_one_result(house: House) -> None:
    await house.live()
    vote: dict[str, Any] = {
        "item_id": house.items[2],
        "motion": "Approve",
        "outcome": "carried",
        "votes_for": 5,
    }
    entered = await house.do("result.enter", house.second_clerk, votes_against=0, **vote)
    with pytest.raises(Conflict, match="Bob Dene entered this result already"):
        await house.do("result.enter", votes_against=0, **vote)
    await house.do("result.strike", house.second_clerk, result_id=entered["result_id"], reason="Wrong")
    with pytest.raises(Conflict, match="Bob Dene struck this result a moment ago"):
        await house.do("result.strike", result_id=entered["result_id"], reason="Wrong")

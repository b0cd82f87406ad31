"""Raised hands: up and down, asked, agreed, and on air by the way of all speakers."""

import pytest

from hub.domain.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound, TooMany
from hub.domain.limits import RAISING
from hub.domain.people import Resident
from hub.domain.rules import Consent
from hub.domain.services.registration import take_slot
from hub.domain.snapshots import OwnHand
from hub.domain.states.raised_hand import TRANSITIONS, UP, HandEvent, HandState, after
from hub.domain.states.speaker import SpeakerState
from hub.domain.views import own_hands, public_snapshot, speaker_snapshot, staff_snapshot
from tests.hub.conftest import House
from tests.hub.webinar import hold


@pytest.fixture
async def webinar(house: House) -> House:
    webinar = await hold(house)
    await webinar.live()
    return webinar


async def lift(webinar: House, name: str = "Ida Poe", device: str = "a") -> int:
    return int((await webinar.do("hand.raise", webinar.viewer(device), name=name))["hand_id"])


async def agree(webinar: House, number: int, device: str = "a", consent: str = "picture_and_sound") -> str:
    await webinar.do("hand.ask", hand_id=number)
    answer = await webinar.do("hand.accept", webinar.viewer(device), hand_id=number, consent=consent)
    return str(answer["token"])


async def own(webinar: House, device: str = "a") -> OwnHand:
    return (await own_hands(webinar.desk, webinar.ref, {device}))[device]


@pytest.mark.parametrize("state", HandState)
@pytest.mark.parametrize("event", HandEvent)
def test_what_is_not_in_the_table_does_not_happen(state: HandState, event: HandEvent) -> None:
    if (state, event) in TRANSITIONS:
        assert after(state, event) is TRANSITIONS[state, event]
    else:
        with pytest.raises(IllegalTransition, match=f"hand is {state}"):
            after(state, event)


def test_nobody_agrees_who_was_not_asked() -> None:
    assert {state for state, event in TRANSITIONS if event is HandEvent.ACCEPT} == {HandState.ASKED}
    assert {state for state, _ in TRANSITIONS} == set(UP)


async def test_officers_see_the_hand_and_the_public_do_not(webinar: House) -> None:
    number = await lift(webinar)
    await lift(webinar, "Second", "b")
    first, second = (await staff_snapshot(webinar.desk, webinar.ref)).raised
    assert (first.id, first.name, first.state, second.name) == (number, "Ida Poe", "raised", "Second")
    assert "Ida Poe" not in (await public_snapshot(webinar.desk, webinar.ref)).model_dump_json()
    assert (await own(webinar)).state == "raised"
    assert (await own_hands(webinar.desk, webinar.ref, {"c"})) == {}


async def test_a_device_has_one_hand(webinar: House) -> None:
    number = await lift(webinar)
    assert await lift(webinar, "Again") == number
    await webinar.do("hand.lower", webinar.viewer("a"), hand_id=number)
    assert (await staff_snapshot(webinar.desk, webinar.ref)).raised == []
    assert await lift(webinar) != number


async def test_who_agrees_is_on_air_by_the_way_of_all_speakers(webinar: House) -> None:
    number = await lift(webinar)
    token = await agree(webinar, number)
    assert (await own(webinar)).token == token
    await take_slot(webinar.desk, token, "phone")
    row = (await staff_snapshot(webinar.desk, webinar.ref)).speakers[-1]
    assert (row.name, row.capacity, row.state, row.consent) == (
        "Ida Poe",
        "audience",
        "confirmed",
        "picture_and_sound",
    )
    assert (await public_snapshot(webinar.desk, webinar.ref)).on_air == []
    await webinar.do("speaker.check_in", Resident(row.id, webinar.meeting_id, "phone"))
    assert (await webinar.speaker(row.id)).state is SpeakerState.CALLED
    await webinar.do("speaker.admit", registration_id=row.id)
    public = await public_snapshot(webinar.desk, webinar.ref)
    assert ([one.name for one in public.on_air], public.index[-1].label) == (["Ida Poe"], "Ida Poe, audience")
    with pytest.raises(Conflict, match="among the speakers"):
        await lift(webinar)
    await webinar.do("speaker.finish", registration_id=row.id)
    assert (await own(webinar)).token is None, "the link has done its work"
    await lift(webinar)


async def test_consent_to_sound_only_stays_with_the_speaker(webinar: House) -> None:
    token = await agree(webinar, await lift(webinar), consent="sound_only")
    taken = await take_slot(webinar.desk, token, "phone")
    assert (await webinar.speaker(taken.registration_id)).consent is Consent.SOUND_ONLY
    assert (await speaker_snapshot(webinar.desk, taken.registration_id, "phone")).consent == "sound_only"


async def test_without_consent_there_is_no_link(webinar: House) -> None:
    number = await lift(webinar)
    accept = {"hand_id": number, "consent": "picture_and_sound"}
    with pytest.raises(IllegalTransition, match="hand is raised"):
        await webinar.do("hand.accept", webinar.viewer("a"), **accept)
    await webinar.do("hand.ask", hand_id=number)
    for consent in ("", "read_out"):
        with pytest.raises(Invalid):
            await webinar.do("hand.accept", webinar.viewer("a"), hand_id=number, consent=consent)
    await webinar.do("hand.decline", webinar.viewer("a"), hand_id=number)
    with pytest.raises(IllegalTransition, match="hand is declined"):
        await webinar.do("hand.accept", webinar.viewer("a"), **accept)
    assert [row.name for row in (await staff_snapshot(webinar.desk, webinar.ref)).speakers] == ["Ann Ash"]
    assert (await own(webinar)).token is None


async def test_the_link_is_for_who_raised_the_hand(webinar: House) -> None:
    number = await lift(webinar)
    await webinar.do("hand.ask", hand_id=number)
    own_commands: dict[str, dict[str, str]] = {
        "hand.accept": {"consent": "sound_only"},
        "hand.lower": {},
        "hand.decline": {},
    }
    for command, more in own_commands.items():
        with pytest.raises(NotFound):
            await webinar.do(command, webinar.viewer("thief"), hand_id=number, **more)
    first = await webinar.do(
        "hand.accept", webinar.viewer("a"), hand_id=number, consent="sound_only", client_id="same"
    )
    again = await webinar.do(
        "hand.accept", webinar.viewer("a"), hand_id=number, consent="sound_only", client_id="same"
    )
    assert first["token"]
    assert again == {"registration_id": first["registration_id"], "token": None}
    assert first["token"] not in (await staff_snapshot(webinar.desk, webinar.ref)).model_dump_json()


async def test_an_officer_has_no_time(webinar: House) -> None:
    number = await lift(webinar)
    await webinar.do("hand.dismiss", hand_id=number)
    assert (await own(webinar)).state == "dismissed"
    with pytest.raises(Forbidden):
        await webinar.do("hand.ask", webinar.viewer("a"), hand_id=number)
    with pytest.raises(IllegalTransition):
        await webinar.do("hand.ask", hand_id=number)


async def test_hands_are_for_webinars_that_are_on(webinar: House, house: House) -> None:
    with pytest.raises(NotFound):
        await lift(house)
    number = await lift(webinar)
    with pytest.raises(NotFound):
        await house.do("hand.ask", hand_id=number)
    await webinar.do("meeting.end", confirmed=True)
    with pytest.raises(Forbidden, match="while the webinar is on"):
        await lift(webinar, device="b")
    assert (await staff_snapshot(webinar.desk, webinar.ref)).raised == []
    assert await own_hands(webinar.desk, webinar.ref, {"a"}) == {}


async def test_nobody_is_asked_into_a_private_session(webinar: House) -> None:
    number = await lift(webinar)
    await webinar.do("meeting.private", item_id=webinar.items[0])
    with pytest.raises(IllegalTransition, match="excluded"):
        await webinar.do("hand.ask", hand_id=number)


async def test_hands_have_limits(webinar: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(RAISING.device.burst):
        await webinar.do("hand.lower", webinar.viewer("a"), hand_id=await lift(webinar))
    with pytest.raises(TooMany):
        await lift(webinar)
    for name in ("", " ", "x" * 81):
        with pytest.raises(Invalid):
            await lift(webinar, name, "b")
    await webinar.do("questions.freeze", frozen=True)
    with pytest.raises(Forbidden, match="paused"):
        await lift(webinar, device="b")
    await webinar.do("questions.freeze", frozen=False)
    monkeypatch.setattr("hub.domain.commands.raised_hands.MOST_UP", 1)
    await lift(webinar, device="b")
    with pytest.raises(TooMany, match="Too many hands"):
        await lift(webinar, device="c")

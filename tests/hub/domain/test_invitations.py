"""Interpreters, signers and presenters: invited, brought in, sent out, and never in the queue."""

import pytest

from hub.domain.errors import Forbidden, IllegalTransition, Invalid, NotConfirmed, NotFound
from hub.domain.people import Part, Resident
from hub.domain.services.registration import register, speaker_by_token, take_slot
from hub.domain.states.speaker import SpeakerState
from hub.domain.views import public_snapshot, speaker_snapshot, staff_snapshot
from tests.hub.conftest import House


async def invite(house: House, part: str = "interpreter", name: str = "Gwen Rees") -> tuple[int, str]:
    """The number and the link's token."""
    house.desk.interpreted_language = "cy"
    answer = await house.do("invitation.issue", name=name, part=part)
    return int(answer["registration_id"]), str(answer["token"])


async def arrive(house: House, part: str = "interpreter", name: str = "Gwen Rees") -> tuple[int, str]:
    """Invited before the meeting, with the page open and waiting."""
    number, token = await invite(house, part, name)
    await take_slot(house.desk, token, f"laptop of {name}")
    await house.do("speaker.check_in", Resident(number, house.meeting_id, f"laptop of {name}"))
    return number, token


@pytest.mark.parametrize("part", ["interpreter", "signer", "presenter"])
async def test_a_link_is_issued_before_the_meeting_and_opens_the_page_in_its_part(
    house: House, part: str
) -> None:
    number, token = await arrive(house, part)
    holder = await speaker_by_token(house.desk, token)
    assert (holder.name, holder.state) == ("Gwen Rees", SpeakerState.CHECKED_IN)
    own = await speaker_snapshot(house.desk, number, "laptop of Gwen Rees")
    assert (own.part, own.position) == (part, None)
    row = (await staff_snapshot(house.desk, house.ref)).speakers[0]
    assert (row.part, row.state) == (part, "checked_in")
    with pytest.raises(IllegalTransition, match="not open"):
        await house.do("invitation.bring_in", registration_id=number)
    await house.do("meeting.open_room")
    await house.do("invitation.bring_in", registration_id=number)
    assert (await house.speaker(number)).state is SpeakerState.ON_AIR


async def test_the_link_is_in_the_answer_once_and_its_hash_in_the_database(house: House) -> None:
    house.desk.interpreted_language = "cy"
    first = await house.do("invitation.issue", name="Gwen", part="interpreter", client_id="one")
    again = await house.do("invitation.issue", name="Gwen", part="interpreter", client_id="one")
    assert again == {"registration_id": first["registration_id"], "token": None}
    row = await house.speaker(first["registration_id"])
    assert first["token"] not in (row.token_hash, row.name)


async def test_they_are_neither_in_the_queue_nor_among_those_who_speak(house: House) -> None:
    number, _ = await arrive(house)
    _, sam = await house.waiting()
    assert (await speaker_snapshot(house.desk, sam.registration_id, "phone")).position == 1
    await house.live()
    await house.do("invitation.bring_in", registration_id=number)
    public = await public_snapshot(house.desk, house.ref)
    assert (public.speaker, public.on_air, public.speakers_waiting) == (None, [], 1)
    assert "Gwen" not in public.model_dump_json()
    await house.do("speaker.call", registration_id=sam.registration_id)
    await house.do("speaker.admit", registration_id=sam.registration_id)
    assert house.studio.on_air == [sam.registration_id]


async def test_they_take_no_place_of_those_who_want_to_speak(house: House) -> None:
    for number in range(10):
        await invite(house, name=f"Gwen {number}")
    one = await register(house.desk, house.ref, name="Sam Lee", email="sam@example.org")
    assert one.state is SpeakerState.SUBMITTED


@pytest.mark.parametrize("name", ["confirm", "decline", "call", "admit", "stand_back", "finish", "miss"])
async def test_what_is_done_with_speakers_is_not_done_with_them(house: House, name: str) -> None:
    number, _ = await arrive(house)
    await house.live()
    with pytest.raises(NotFound):
        await house.do(f"speaker.{name}", registration_id=number)
    assert (await house.speaker(number)).state is SpeakerState.CHECKED_IN


@pytest.mark.parametrize("name", ["bring_in", "send_out", "revoke"])
async def test_and_the_other_way_round(house: House, name: str) -> None:
    _, sam = await house.waiting()
    await house.live()
    for number in (sam.registration_id, 999):
        with pytest.raises(NotFound):
            await house.do(f"invitation.{name}", registration_id=number)
    assert (await house.speaker(sam.registration_id)).state is SpeakerState.CHECKED_IN


async def test_sent_out_they_are_hung_up_and_can_be_brought_in_again(house: House) -> None:
    number, _ = await arrive(house)
    await house.live()
    with pytest.raises(IllegalTransition):
        await house.do("invitation.send_out", registration_id=number)
    assert "close_speaker" not in house.studio.names()
    await house.do("invitation.bring_in", registration_id=number)
    await house.do("invitation.send_out", registration_id=number)
    assert ("close_speaker", str(number)) in house.studio.calls
    await house.do("invitation.bring_in", registration_id=number)
    assert (await house.speaker(number)).state is SpeakerState.ON_AIR


async def test_a_revoked_link_is_hung_up_and_does_not_work_again(house: House) -> None:
    number, token = await arrive(house)
    await house.live()
    await house.do("invitation.bring_in", registration_id=number)
    house.studio.broken = {"close_speaker"}
    answer = await house.do("invitation.revoke", registration_id=number)
    assert "still seen or heard, cut" in answer["warning"]
    assert (await house.speaker(number)).state is SpeakerState.REVOKED
    with pytest.raises(Forbidden):
        await take_slot(house.desk, token, "another laptop")
    with pytest.raises(IllegalTransition):
        await house.do("invitation.bring_in", registration_id=number)
    with pytest.raises(IllegalTransition, match="no link"):
        await house.do("speaker.new_link", registration_id=number)


async def test_another_device_waits_until_it_is_brought_in(house: House) -> None:
    number, token = await arrive(house)
    await house.live()
    await house.do("invitation.bring_in", registration_id=number)
    await take_slot(house.desk, token, "tablet")
    assert (await house.speaker(number)).state is SpeakerState.CHECKED_IN
    assert ("close_speaker", str(number)) in house.studio.calls


async def test_there_is_one_signer_and_one_presenter_at_a_time_and_any_number_of_interpreters(
    house: House,
) -> None:
    await house.live()
    for part in (Part.SIGNER, Part.PRESENTER, Part.INTERPRETER):
        first, _ = await arrive(house, part, f"Ann {part}")
        second, _ = await arrive(house, part, f"Bob {part}")
        await house.do("invitation.bring_in", registration_id=first)
        if part is not Part.INTERPRETER:
            with pytest.raises(IllegalTransition, match=f"Ann {part}"):
                await house.do("invitation.bring_in", registration_id=second)
            await house.do("invitation.send_out", registration_id=first)
        await house.do("invitation.bring_in", registration_id=second)


async def test_an_interpreter_needs_a_language_and_everybody_a_name(house: House) -> None:
    with pytest.raises(Invalid, match="no interpreted language"):
        await house.do("invitation.issue", name="Gwen", part="interpreter")
    for name, part in (("  ", "signer"), ("Gwen", "speaker")):
        with pytest.raises(Invalid):
            await house.do("invitation.issue", name=name, part=part)


async def test_the_return_from_a_private_session_sends_the_presenter_out_first(house: House) -> None:
    presenter, _ = await arrive(house, Part.PRESENTER, "Ann")
    signer, _ = await arrive(house, Part.SIGNER)
    await house.live()
    for number in (presenter, signer):
        await house.do("invitation.bring_in", registration_id=number)
    await house.do("meeting.adjourn")
    await house.do("meeting.return", confirmed=True)
    assert (await house.speaker(presenter)).state is SpeakerState.ON_AIR, "nothing was private"
    await house.do("meeting.private")
    await house.do("meeting.adjourn")
    with pytest.raises(NotConfirmed):
        await house.do("meeting.return")
    assert (await house.speaker(presenter)).state is SpeakerState.ON_AIR
    house.studio.calls.clear()
    await house.do("meeting.return", confirmed=True)
    assert (await house.speaker(presenter)).state is SpeakerState.CHECKED_IN
    assert (await house.speaker(signer)).state is SpeakerState.ON_AIR
    assert house.studio.names() == ["close_speaker", "open_gate"]


async def test_the_end_of_the_meeting_ends_their_parts(house: House) -> None:
    number, _ = await arrive(house)
    await house.live()
    await house.do("invitation.bring_in", registration_id=number)
    await house.do("meeting.end", confirmed=True)
    assert (await house.speaker(number)).state is SpeakerState.DONE
    with pytest.raises(IllegalTransition, match="over"):
        await invite(house)


async def test_the_chambers_name_is_public_while_the_meeting_is(house: House) -> None:
    await house.do("meeting.open_room")
    await house.do("captions.chamber", text="Cllr Jane Doe, Chair")
    assert (await public_snapshot(house.desk, house.ref)).chamber == ""
    await house.do("meeting.go_live", confirmed=True)
    assert (await public_snapshot(house.desk, house.ref)).chamber == "Cllr Jane Doe, Chair"
    await house.do("meeting.private")
    assert (await public_snapshot(house.desk, house.ref)).chamber == ""
    await house.do("meeting.return", confirmed=True)
    await house.do("captions.chamber", text="")
    assert (await public_snapshot(house.desk, house.ref)).chamber == ""


async def test_everybody_who_speaks_is_named(house: House) -> None:
    await house.live()
    for name in ("Sam Lee", "Ann Ash"):
        _, resident = await house.waiting(name)
        await house.do("speaker.call", registration_id=resident.registration_id)
        await house.do("speaker.admit", registration_id=resident.registration_id)
        house.clock.advance(seconds=1)
    public = await public_snapshot(house.desk, house.ref)
    assert [one.name for one in public.on_air] == ["Sam Lee", "Ann Ash"]
    assert public.speaker == public.on_air[-1]
    await house.do("meeting.adjourn")
    assert (await public_snapshot(house.desk, house.ref)).on_air == []

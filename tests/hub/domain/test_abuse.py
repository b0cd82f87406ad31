"""Floods, words, freezing, and people who have to go."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.domain.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from hub.domain.flags import DEFAULT_WORDS, flags, word_list
from hub.domain.limits import MOST_REMEMBERED, Allowance, Limit, Limits
from hub.domain.services.words import words_now, write_words
from hub.domain.views import own_questions, public_snapshot, questions_record, removed_because, staff_snapshot
from tests.hub.conftest import House
from tests.hub.fakes import START

SECOND = timedelta(seconds=1)
FEW = Limit("few", Allowance(2, 10 * SECOND), Allowance(3, SECOND), Allowance(5, SECOND))


def spend(limits: Limits, device: str, place: str = "", at: float = 0, meeting: str = "m") -> int:
    return limits.spend(FEW, START + at * SECOND, meeting=meeting, device=device, place=place)


def test_a_device_has_its_bucket_and_it_fills_again() -> None:
    limits = Limits()
    assert [spend(limits, "a"), spend(limits, "a"), spend(limits, "a")] == [0, 0, 10]
    assert spend(limits, "b") == 0
    assert spend(limits, "a", meeting="other") == 0
    assert spend(limits, "a", at=9) == 1
    assert spend(limits, "a", at=10) == 0


def test_new_devices_of_one_place_share_its_bucket_and_a_refusal_spends_nothing() -> None:
    limits = Limits()
    assert [spend(limits, name, "192.0.2.1") for name in "abcd"] == [0, 0, 0, 1]
    assert spend(limits, "d", "192.0.2.2") == 0, "nothing was taken from its own"
    assert spend(limits, "d", "192.0.2.2") == 0
    assert spend(limits, "e", "192.0.2.3") == 1, "the meeting has had its five"


def test_a_clock_that_is_set_back_shuts_nobody_out_for_long() -> None:
    limits = Limits()
    assert spend(limits, "a", at=1_000_000) == 0
    assert spend(limits, "a", at=0) <= 10


def test_buckets_are_bounded() -> None:
    limits = Limits()
    for number in range(MOST_REMEMBERED + 10):
        spend(limits, f"device-{number}", at=number)
    assert len(limits._full_at) == MOST_REMEMBERED


async def test_three_at_once_for_each_device_and_then_one_every_twenty_seconds(house: House) -> None:
    for _ in range(3):
        await house.ask()
    with pytest.raises(TooMany, match="Try again in 20 seconds") as caught:
        await house.ask()
    assert caught.value.seconds == 20
    await house.ask(device="device-2")
    house.clock.advance(seconds=20)
    await house.ask()


async def test_a_replay_is_no_new_question_and_spends_nothing(house: House) -> None:
    for _ in range(5):
        await house.do("question.submit", house.viewer(), text="Why?", client_id="same")
    await house.ask()
    await house.ask()
    with pytest.raises(TooMany):
        await house.ask()


async def test_votes_from_one_place_are_limited_whatever_the_device_is_called(house: House) -> None:
    number = await house.ask()
    await house.do("question.approve", question_id=number)

    async def stuff(device: str, place: str) -> None:
        viewer = replace(house.viewer(device), place=place)
        await house.do("question.vote", viewer, question_id=number)

    for count in range(120):
        await stuff(f"bot-{count}", "192.0.2.1")
    with pytest.raises(TooMany):
        await stuff("bot-121", "192.0.2.1")
    await stuff("neighbour", "192.0.2.2")
    await stuff("bot-1", "192.0.2.1")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("You are all idiots", ["idiot*"]),
        ("Y0u 1D10TS!", ["idiot*"]),
        ("What an ÎDÏÖT", ["idiot*"]),
        ("shiiiit", ["shit*"]),
        ("Scunthorpe and its scumble", []),
        ("Ring me on 01904 551 550", ["telephone number"]),
        ("write to jo@example.org", ["e-mail address"]),
        ("She lives at YO1 9QL", ["postcode"]),
        ("In 2026 we spent 1,234,567 on item 7", []),
        ("", []),
    ],
)
def test_what_is_flagged(text: str, found: list[str]) -> None:
    assert flags(text, DEFAULT_WORDS) == found


def test_a_list_as_it_is_typed() -> None:
    assert word_list(" Bad  word \n\n*\nbad word\nWORSE*\n") == ["bad word", "worse*"]


async def test_a_flag_decides_nothing_and_deletes_nothing(house: House) -> None:
    await house.ask("Are you idiots?")
    (question,) = (await staff_snapshot(house.desk, house.ref)).pending
    assert (question.text, question.flags) == ("Are you idiots?", ["idiot*"])
    await house.do("questions.moderation", strict=False, confirmed=True)
    await house.ask("Idiots again?")
    await house.ask("A fair question?")
    assert [one.text for one in (await public_snapshot(house.desk, house.ref)).questions] == [
        "A fair question?"
    ], "what is flagged is read first, also where nothing else is"
    assert "idiot*" not in (await public_snapshot(house.desk, house.ref)).model_dump_json()


async def test_the_council_writes_its_own_list(house: House) -> None:
    await write_words(house.desk, house.clerk, "Bypass\nidiot*", seen=0)
    known = await words_now(house.desk)
    assert (known.words, known.number, known.by) == (["bypass", "idiot*"], 1, "Ann Clark")
    await house.ask("When is the bypass built?")
    assert (await staff_snapshot(house.desk, house.ref)).pending[0].flags == ["bypass"]
    with pytest.raises(Conflict, match="Ann Clark changed the list"):
        await write_words(house.desk, house.second_clerk, "scum", seen=0)
    for wrong in ("\n".join(f"word{number}" for number in range(501)), "x" * 41):
        with pytest.raises(Invalid) as caught:
            await write_words(house.desk, house.clerk, wrong, seen=1)
        assert caught.value.field == "words"


async def test_freezing_stops_what_comes_in_and_keeps_what_is_there(house: House) -> None:
    number = await house.ask("Read me?")
    await house.do("question.approve", question_id=number)
    waiting = await house.ask("And me?")
    await house.do("questions.freeze", frozen=True)
    for name, payload in (("question.submit", {"text": "Now?"}), ("question.vote", {"question_id": number})):
        with pytest.raises(Forbidden, match="paused"):
            await house.do(name, house.viewer("b"), **payload)
    snapshot = await public_snapshot(house.desk, house.ref)
    assert (snapshot.questions_frozen, [one.id for one in snapshot.questions]) == (True, [number])
    await house.do("question.approve", question_id=waiting)
    await house.do("question.withdraw", house.viewer(), question_id=waiting)
    await house.do("questions.freeze", frozen=False)
    await house.do("question.vote", house.viewer("b"), question_id=number)


async def test_a_person_is_removed_with_a_reason_that_they_read(house: House) -> None:
    published = await house.ask("A fair question?")
    await house.do("question.approve", question_id=published)
    bad, worse = await house.ask("Bad"), await house.ask("Worse")
    with pytest.raises(Invalid, match="Enter the reason"):
        await house.do("person.remove", question_id=bad, reason=" ")
    await house.do("person.remove", question_id=bad, reason="Threats against the chair")
    house.clock.advance(minutes=5)
    for name, payload in (
        ("question.submit", {"text": "Me?"}),
        ("question.vote", {"question_id": published}),
    ):
        with pytest.raises(Forbidden, match="The reason: “Threats against the chair”"):
            await house.do(name, house.viewer(), **payload)
    assert await removed_because(house.desk, house.ref, "device-1") == "Threats against the chair"
    assert await removed_because(house.desk, house.ref, "device-2") == ""
    own = {one.id: one.state for one in await own_questions(house.desk, house.ref, "device-1")}
    assert own == {published: "approved", bad: "rejected", worse: "rejected"}
    with pytest.raises(Conflict):
        await house.do("person.remove", question_id=worse, reason="Again")
    (removal,) = (await staff_snapshot(house.desk, house.ref)).removed
    assert (removal.reason, removal.by) == ("Threats against the chair", "Ann Clark")
    actions = [line.action for line in (await questions_record(house.desk, house.ref)).log]
    assert actions == ["question.approve", "question.reject", "question.reject", "person.remove"]


async def test_and_let_back_in(house: House) -> None:
    await house.do("person.remove", question_id=await house.ask(), reason="Abuse")
    (removal,) = (await staff_snapshot(house.desk, house.ref)).removed
    with pytest.raises(Forbidden):
        await house.do("person.restore", house.viewer(), removal_id=removal.id)
    await house.do("person.restore", removal_id=removal.id)
    await house.ask("Thank you?")
    with pytest.raises(NotFound):
        await house.do("person.restore", removal_id=removal.id)
    assert (await staff_snapshot(house.desk, house.ref)).removed == []

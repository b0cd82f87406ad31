"""What viewers may do: ask and vote, once, and see what is public and what they asked themselves."""

import asyncio

import pytest

from hub.domain.commands import COMMANDS
from hub.domain.people import Viewer
from tests.signalling.conftest import Hall

TEXT = "Why is the path closed?"
QUESTION = {"text": TEXT, "author": "Eve", "item_id": None}


async def test_a_question_is_taken_and_its_author_sees_it(hall: Hall) -> None:
    viewer = await hall.viewer()
    answer = await viewer.ask("question.submit", client_id="one", **QUESTION)
    assert set(answer) == {"ok", "question"}
    question = answer["question"]
    assert (question["text"], question["state"], question["may_withdraw"]) == (TEXT, "pending", True)
    await viewer.until("mine", lambda mine: mine == [answer["question"]], "one's own question")


async def test_both_pages_of_one_device_see_its_question_and_no_other_device_does(hall: Hall) -> None:
    first, second, stranger = await hall.viewer(), await hall.viewer(), await hall.viewer("device-of-bob")
    await first.ask("question.submit", client_id="one", **QUESTION)
    await second.until("mine", lambda mine: [one["text"] for one in mine] == [TEXT], "it")
    await stranger.version(await hall.version())
    assert stranger.payloads("mine") == [[]]
    assert TEXT not in stranger.everything()
    late = await hall.viewer("device-of-mallory")
    assert TEXT not in late.everything()


async def test_a_rejected_and_a_merged_question_are_its_authors_alone(hall: Hall) -> None:
    viewer, stranger = await hall.viewer(), await hall.viewer("device-of-bob")
    rejected = (await viewer.ask("question.submit", client_id="one", **QUESTION))["question"]["id"]
    merged = (await viewer.ask("question.submit", client_id="two", **QUESTION))["question"]["id"]
    into = await hall.ask("Asked before")
    await hall.do("question.reject", question_id=rejected, reason="REASON-FOR-THE-LOG")
    await hall.do("question.approve", question_id=into)
    await hall.do("question.merge", question_id=merged, into_id=into)
    mine = await viewer.until(
        "mine", lambda told: [one["state"] for one in told] == ["rejected", "merged"], ""
    )
    assert [one["id"] for one in mine] == [rejected, merged]
    await stranger.version(await hall.version())
    assert [one["text"] for one in stranger.told["state"]["questions"]] == ["Asked before"]
    for line in (viewer, stranger):
        assert "REASON-FOR-THE-LOG" not in line.everything()


async def test_a_question_sent_again_is_taken_once(hall: Hall) -> None:
    viewer = await hall.viewer()
    first = await viewer.ask("question.submit", client_id="one", **QUESTION)
    version = await hall.version()
    again = await viewer.ask("question.submit", client_id="one", **QUESTION)
    other = await viewer.ask(
        "question.submit", client_id="one", text="Something else", author="", item_id=None
    )
    assert first == again == other
    assert await hall.version() == version, "nothing changed"
    console = await hall.console()
    assert [one["text"] for one in console.told["state"]["pending"]] == [TEXT]


async def test_the_same_message_at_the_same_moment_is_taken_once(hall: Hall) -> None:
    pages = [await hall.viewer() for _ in range(4)]
    answers = await asyncio.gather(
        *(page.ask("question.submit", client_id="one", **QUESTION) for page in pages)
    )
    assert all(answer == answers[0] for answer in answers)
    console = await hall.console()
    assert len(console.told["state"]["pending"]) == 1


async def test_a_client_id_belongs_to_its_device(hall: Hall) -> None:
    ann, bob = await hall.viewer(), await hall.viewer("device-of-bob")
    one = await ann.ask("question.submit", client_id="one", **QUESTION)
    two = await bob.ask("question.submit", client_id="one", **QUESTION)
    assert one["question"]["id"] != two["question"]["id"]


async def test_a_client_id_used_for_something_else_is_refused(hall: Hall) -> None:
    viewer = await hall.viewer()
    number = (await viewer.ask("question.submit", client_id="one", **QUESTION))["question"]["id"]
    await hall.do("question.approve", question_id=number)
    assert await viewer.refused("question.vote", client_id="one", question_id=number) == "conflict"


async def test_a_device_votes_once(hall: Hall) -> None:
    number = await hall.ask("Shall we?")
    await hall.do("question.approve", question_id=number)
    ann, bob = await hall.viewer(), await hall.viewer("device-of-bob")
    assert await ann.ask("question.vote", client_id="v1", question_id=number) == {"ok": True, "votes": 1}
    assert (await ann.ask("question.vote", client_id="v1", question_id=number))["votes"] == 1
    assert (await ann.ask("question.vote", client_id="v2", question_id=number))["votes"] == 1
    assert (await bob.ask("question.vote", client_id="v1", question_id=number))["votes"] == 2
    await ann.until("state", lambda state: state["questions"][0]["votes"] == 2, "both votes")


async def test_what_is_not_public_cannot_be_voted_for_or_probed(hall: Hall) -> None:
    viewer = await hall.viewer()
    pending = await hall.ask("PENDING")
    unknown = await viewer.ask("question.vote", client_id="v1", question_id=pending + 1000)
    hidden = await viewer.ask("question.vote", client_id="v2", question_id=pending)
    assert hidden["error"] == unknown["error"], "one cannot tell a hidden question from none"


async def test_closed_questions_are_refused(hall: Hall) -> None:
    viewer = await hall.viewer()
    await hall.do("questions.open", open=False)
    assert await viewer.refused("question.submit", client_id="one", **QUESTION) == "forbidden"
    state = await viewer.version(await hall.version())
    assert state["questions_open"] is False


async def test_a_fourth_question_in_a_minute_is_refused_until_the_minute_is_over(hall: Hall) -> None:
    viewer = await hall.viewer()
    for n in range(3):
        assert (await viewer.ask("question.submit", client_id=f"q{n}", **QUESTION))["ok"]
    assert await viewer.refused("question.submit", client_id="q4", **QUESTION) == "too_many"
    hall.clock.advance(seconds=61)
    assert (await viewer.ask("question.submit", client_id="q4", **QUESTION))["ok"], "it was not taken before"


@pytest.mark.parametrize("name", sorted(name for name, spec in COMMANDS.items() if spec.actor is not Viewer))
async def test_nothing_else_is_allowed(hall: Hall, name: str) -> None:
    viewer = await hall.viewer()
    version = await hall.version()
    assert await viewer.refused(name, client_id="one", confirmed=True) == "forbidden"
    assert await hall.version() == version
    assert not hall.studio.names()


async def test_media_is_not_offered_here(hall: Hall) -> None:
    viewer = await hall.viewer()
    assert await viewer.refused("media.offer", sdp="v=0") == "not_found"


async def test_an_answer_to_who_asked_reaches_their_device_and_no_other(hall: Hall) -> None:
    viewer, stranger = await hall.viewer(), await hall.viewer("device-of-bob")
    number = (await viewer.ask("question.submit", client_id="one", **QUESTION))["question"]["id"]
    await hall.do("question.answer", question_id=number, text="ANSWER-FOR-EVE", private=True)
    (mine,) = await viewer.until("mine", lambda told: [one["state"] for one in told] == ["replied"], "it")
    assert mine["answer"] == "ANSWER-FOR-EVE"
    await stranger.version(await hall.version())
    assert "ANSWER-FOR-EVE" not in stranger.everything()
    assert "ANSWER-FOR-EVE" not in str(viewer.payloads("state"))


async def test_only_who_asked_takes_a_question_back(hall: Hall) -> None:
    viewer, stranger = await hall.viewer(), await hall.viewer("device-of-bob")
    number = (await viewer.ask("question.submit", client_id="one", **QUESTION))["question"]["id"]
    assert await stranger.refused("question.withdraw", client_id="mine", question_id=number) == "not_found"
    assert (await viewer.ask("question.withdraw", client_id="back", question_id=number))["ok"]
    await viewer.until("mine", lambda told: [one["state"] for one in told] == ["withdrawn"], "it")


async def test_only_who_asked_changes_a_question_and_every_page_of_theirs_has_it(hall: Hall) -> None:
    viewer, second = await hall.viewer(), await hall.viewer()
    clerk, stranger = await hall.console(), await hall.viewer("device-of-bob")
    number = (await viewer.ask("question.submit", client_id="one", **QUESTION))["question"]["id"]
    words = {"question_id": number, "text": "In other words?"}
    assert await stranger.refused("question.edit", client_id="mine", **words) == "not_found"
    answer = await viewer.ask("question.edit", client_id="edit", **words)
    assert (answer["question"]["text"], answer["question"]["may_edit"]) == ("In other words?", True)
    assert await viewer.ask("question.edit", client_id="edit", **words) == answer
    await second.until("mine", lambda told: [one["text"] for one in told] == ["In other words?"], "it")
    await clerk.until("state", lambda state: state["pending"] and state["pending"][0]["edited_ms"], "it")
    assert clerk.told["state"]["pending"][0]["text"] == "In other words?"
    await hall.do("question.approve", question_id=number)
    late = {"question_id": number, "text": "Too late?"}
    assert await viewer.refused("question.edit", client_id="late", **late) == "illegal_transition"
    await second.until("mine", lambda told: told[0]["may_edit"] is False, "that it is fixed")
    assert "Too late?" not in stranger.everything()


async def test_who_is_removed_is_told_why_at_once_and_on_coming_back(hall: Hall) -> None:
    viewer = await hall.viewer()
    number = (await viewer.ask("question.submit", client_id="one", **QUESTION))["question"]["id"]
    await hall.do("person.remove", question_id=number, reason="Threats")
    await viewer.until("me", lambda me: me["removed"] == "Threats", "the reason")
    assert await viewer.refused("question.submit", client_id="two", **QUESTION) == "forbidden"
    again, stranger = await hall.viewer(), await hall.viewer("device-of-bob")
    await again.until("me", lambda me: me["removed"] == "Threats", "the reason, again")
    await stranger.until("me", lambda me: me["removed"] == "", "nothing of the sort")
    assert "Threats" not in stranger.everything()


async def test_too_many_says_when_to_try_again(hall: Hall) -> None:
    viewer = await hall.viewer()
    for number in range(3):
        assert (await viewer.ask("question.submit", client_id=f"q{number}", **QUESTION))["ok"]
    answer = await viewer.ask("question.submit", client_id="one-more", **QUESTION)
    assert (answer["error"]["code"], answer["error"]["seconds"]) == ("too_many", 20)


async def test_cannot_hear_reaches_the_console_at_once(hall: Hall) -> None:
    await hall.live()
    clerk, viewer = await hall.console(), await hall.viewer()
    assert (await viewer.ask("hearing.report", client_id="one"))["ok"]
    told = await clerk.until("state", lambda told: told["hearing"] is not None, "the report")
    assert told["hearing"]["people"] == 1

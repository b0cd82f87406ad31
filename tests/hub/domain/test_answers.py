"""Answers: spoken, in writing for everybody, and in writing to who asked."""

import pytest

from hub.domain.errors import Forbidden, IllegalTransition, Invalid
from hub.domain.views import chapters, own_questions, public_snapshot, questions_record
from tests.hub.conftest import House


async def approved(house: House) -> int:
    number = await house.ask()
    await house.do("question.approve", question_id=number)
    return number


async def test_written_for_everybody(house: House) -> None:
    number = await approved(house)
    await house.do("question.answer", question_id=number, text="Because of the flood.")
    (question,) = (await public_snapshot(house.desk, house.ref)).questions
    assert (question.state, question.answered_how, question.answer, question.answered_seconds) == (
        "answered",
        "written",
        "Because of the flood.",
        None,
    )
    await house.do("question.answer", question_id=number, text="Because of the river.")
    (question,) = (await public_snapshot(house.desk, house.ref)).questions
    assert question.answer == "Because of the river."
    log = (await questions_record(house.desk, house.ref)).log
    assert [line.reason for line in log][-2:] == ["Because of the flood.", "Because of the river."]


async def test_a_spoken_answer_keeps_its_moment_when_it_is_written_down(house: House) -> None:
    await house.live()
    number = await approved(house)
    house.clock.advance(seconds=30)
    await house.do("question.finish_answer", question_id=number)
    (question,) = (await public_snapshot(house.desk, house.ref)).questions
    assert (question.answered_how, question.answered_seconds) == ("spoken", 30)
    await house.do("question.answer", question_id=number, text="As was said.")
    (question,) = (await public_snapshot(house.desk, house.ref)).questions
    assert (question.answered_how, question.answered_seconds) == ("written", 30)


async def test_to_who_asked_and_never_published(house: House) -> None:
    number = await house.ask()
    await house.do("question.answer", question_id=number, text="SECRET-ANSWER", private=True)
    (own,) = await own_questions(house.desk, house.ref, "device-1")
    assert (own.state, own.answered_how, own.answer) == ("replied", "private", "SECRET-ANSWER")
    assert await own_questions(house.desk, house.ref, "device-2") == []
    snapshot = await public_snapshot(house.desk, house.ref)
    assert snapshot.questions == []
    assert "SECRET-ANSWER" not in snapshot.model_dump_json()


async def test_of_a_public_question_others_see_that_it_was_answered_and_not_the_answer(house: House) -> None:
    number = await approved(house)
    await house.do("question.answer", question_id=number, text="SECRET-ANSWER", private=True)
    snapshot = await public_snapshot(house.desk, house.ref)
    assert [(one.state, one.answered_how) for one in snapshot.questions] == [("answered", "private")]
    assert "SECRET-ANSWER" not in snapshot.model_dump_json()
    (own,) = await own_questions(house.desk, house.ref, "device-1")
    assert own.answer == "SECRET-ANSWER"


async def test_put_back_takes_the_moment_out_of_the_index_and_the_answer_away(house: House) -> None:
    await house.live()
    number = await approved(house)
    await house.do("question.finish_answer", question_id=number)
    await house.do("question.answer", question_id=number, text="Because.")
    assert [point.kind for point in await chapters(house.desk, house.ref)] == ["gate", "question"]
    await house.do("question.put_back", question_id=number)
    assert [point.kind for point in await chapters(house.desk, house.ref)] == ["gate"]
    (question,) = (await public_snapshot(house.desk, house.ref)).questions
    assert (question.state, question.answered_how, question.answer) == ("approved", "", "")


@pytest.mark.parametrize(("text", "words"), [(" ", "Enter the answer"), ("x" * 2001, "1 too many")])
async def test_answers_that_do_not_fit(house: House, text: str, words: str) -> None:
    number = await approved(house)
    with pytest.raises(Invalid, match=words):
        await house.do("question.answer", question_id=number, text=text)
    assert (await public_snapshot(house.desk, house.ref)).questions[0].state == "approved"


async def test_nobody_answers_in_public_what_is_not_public(house: House) -> None:
    number = await house.ask()
    with pytest.raises(IllegalTransition):
        await house.do("question.answer", question_id=number, text="Because.")
    with pytest.raises(Forbidden):
        await house.do("question.answer", house.viewer(), question_id=number, text="Because.")

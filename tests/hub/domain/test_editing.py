"""Who asked a question says it in other words, while nobody else has had to do with it."""

import pytest

from hub.domain.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound, TooMany
from hub.domain.snapshots import OwnQuestion
from hub.domain.views import own_questions, public_snapshot, questions_record, staff_snapshot
from tests.hub.conftest import House

NEW = "Why so late?"


async def mine(house: House, device: str = "device-1") -> OwnQuestion:
    (own,) = await own_questions(house.desk, house.ref, device)
    return own


async def edit(
    house: House, number: int, text: str = NEW, device: str = "device-1", **more: object
) -> object:
    answer = await house.do("question.edit", house.viewer(device), question_id=number, text=text, **more)
    return answer["question"]


async def test_it_waits_in_its_new_words_and_the_log_has_both(house: House) -> None:
    number = await house.ask("Why so dear?")
    house.clock.advance(minutes=1)
    own = await mine(house)
    assert own.may_edit
    assert await edit(house, number) == (own.model_copy(update={"text": NEW})).model_dump()
    assert (await mine(house)).text == NEW
    (waiting,) = (await staff_snapshot(house.desk, house.ref)).pending
    assert (waiting.text, waiting.version) == (NEW, 1)
    assert waiting.edited_ms == waiting.asked_ms + 60_000
    (line,) = (await questions_record(house.desk, house.ref)).log
    assert (line.who, line.action, line.subject) == ("viewer", "question.edit", f"question {number}")
    assert (line.before, line.after) == ("Why so dear?", NEW)
    assert (await public_snapshot(house.desk, house.ref)).questions == []


async def test_name_and_item_stay_unless_they_are_said(house: House) -> None:
    item = house.items[2]
    answer = await house.do("question.submit", house.viewer(), text="Why?", author="Kim Roe", item_id=item)
    number = answer["question"]["id"]
    await edit(house, number)
    (row,) = (await staff_snapshot(house.desk, house.ref)).pending
    assert (row.author, row.item_id) == ("Kim Roe", item)
    await edit(house, number, author="", item_id=None)
    (row,) = (await staff_snapshot(house.desk, house.ref)).pending
    assert (row.author, row.item_id) == ("", None)
    assert (await mine(house)).author == ""
    last = (await questions_record(house.desk, house.ref)).log[-1]
    assert (last.before, last.after) == (f"{NEW}\n– Kim Roe", NEW)


async def test_an_officer_who_saw_the_older_words_decides_about_nothing(house: House) -> None:
    number = await house.ask()
    (seen,) = (await staff_snapshot(house.desk, house.ref)).pending
    await edit(house, number)
    for name in ("question.approve", "question.reject"):
        with pytest.raises(Conflict, match="Its author changed this question a moment ago: it is pending"):
            await house.do(name, question_id=number, seen=seen.version)
    assert (await mine(house)).state == "pending"
    (now,) = (await staff_snapshot(house.desk, house.ref)).pending
    await house.do("question.approve", question_id=number, seen=now.version)
    assert [one.text for one in (await public_snapshot(house.desk, house.ref)).questions] == [NEW]


async def test_only_its_author_changes_it(house: House) -> None:
    number = await house.ask("Mine")
    with pytest.raises(NotFound, match="You asked no such question on this device"):
        await edit(house, number, device="device-2")
    with pytest.raises(NotFound):
        await edit(house, 4711)
    with pytest.raises(Forbidden):
        await house.do("question.edit", question_id=number, text="By an officer")
    assert (await mine(house)).text == "Mine"


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        (("approve",), "It has been published, so it can no longer be changed."),
        (("approve", "start_answer"), "It has been published"),
        (("approve", "start_answer", "finish_answer"), "It has been published"),
        (("reject",), "An officer has decided about it"),
    ],
)
async def test_what_is_decided_stays_as_it_was_written(
    house: House, moves: tuple[str, ...], words: str
) -> None:
    number = await house.ask("As it was")
    for move in moves:
        await house.do(f"question.{move}", question_id=number)
    assert not (await mine(house)).may_edit
    with pytest.raises(IllegalTransition, match=words):
        await edit(house, number)
    assert (await mine(house)).text == "As it was"


async def test_what_was_taken_back_stays_so(house: House) -> None:
    number = await house.ask()
    await house.do("question.withdraw", house.viewer(), question_id=number)
    with pytest.raises(IllegalTransition, match="You took it back"):
        await edit(house, number)


async def test_nobodys_vote_ends_up_under_other_words(house: House) -> None:
    number = await house.ask()
    await house.do("question.approve", question_id=number)
    await house.do("question.vote", house.viewer("device-2"), question_id=number)
    await house.do("question.put_back", question_id=number)
    assert not (await mine(house)).may_edit
    with pytest.raises(IllegalTransition, match="Others have voted for it"):
        await edit(house, number)


async def test_a_question_that_another_was_merged_into_stands_for_both(house: House) -> None:
    into, other = await house.ask("First?"), await house.ask("Second?", "device-2")
    await house.do("question.merge", question_id=other, into_id=into)
    assert not (await mine(house)).may_edit
    with pytest.raises(IllegalTransition, match="Another question was put together with it"):
        await edit(house, into)
    with pytest.raises(IllegalTransition, match="It was put together with another question"):
        await edit(house, other, device="device-2")
    await house.do("question.put_back", question_id=other)
    assert (await mine(house)).may_edit
    await edit(house, into)


async def test_the_words_are_flagged_anew(house: House) -> None:
    number = await house.ask("Who is this idiot?")
    assert (await staff_snapshot(house.desk, house.ref)).pending[0].flags == ["idiot*"]
    await edit(house, number, "Who is this?")
    assert (await staff_snapshot(house.desk, house.ref)).pending[0].flags == []
    await edit(house, number, "Who is this? Ring 01904 551 550.")
    assert (await staff_snapshot(house.desk, house.ref)).pending[0].flags == ["telephone number"]


async def test_better_words_do_not_publish_it_unread(house: House) -> None:
    """Where questions are public at once, a flagged one waits for an officer, who has it before them."""
    await house.do("questions.moderation", strict=False, confirmed=True)
    number = await house.ask("Who is this idiot?")
    await edit(house, number, "Who is this?")
    assert (await mine(house)).state == "pending"


async def test_as_much_and_as_often_as_one_may_ask(house: House) -> None:
    number = await house.ask()
    with pytest.raises(Invalid, match="Shorten your question to 500 characters: it has 501, 1 too many"):
        await edit(house, number, "x" * 501)
    with pytest.raises(Invalid, match="Enter your question"):
        await edit(house, number, " \n")
    for words in ("One", "One", "Two"):  # the same again is no change
        await edit(house, number, words)
    with pytest.raises(TooMany):
        await edit(house, number, "Three")
    assert (await mine(house)).text == "Two"
    assert len((await questions_record(house.desk, house.ref)).log) == 2


async def test_while_no_questions_are_taken_none_is_changed(house: House) -> None:
    item = house.items[2]
    answer = await house.do("question.submit", house.viewer(), text="Why?", item_id=item)
    number = answer["question"]["id"]
    await house.do("questions.freeze", frozen=True)
    with pytest.raises(Forbidden, match="paused"):
        await edit(house, number)
    await house.do("questions.freeze", frozen=False)
    await house.do("questions.open", open=False, item_id=item)
    with pytest.raises(Forbidden, match="on this item are closed"):
        await edit(house, number)
    await house.do("questions.open", open=True, item_id=item)
    await house.do("questions.open", open=False)
    assert not (await mine(house)).may_edit
    with pytest.raises(Forbidden, match="Questions are closed"):
        await edit(house, number)
    assert (await mine(house)).text == "Why?"


async def test_the_same_message_again_changes_nothing(house: House) -> None:
    number = await house.ask()
    first = await edit(house, number, client_id="edit")
    await house.do("question.reject", question_id=number)
    assert await edit(house, number, client_id="edit") == first
    assert (await mine(house)).state == "rejected"

"""Under which rules questions are taken, and several officers at once."""

from typing import Any

import pytest

from hub.domain.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotConfirmed, NotFound
from hub.domain.models import Committee
from hub.domain.rules import YORK
from hub.domain.views import own_questions, public_snapshot, questions_record, staff_snapshot
from tests.hub.conftest import House


async def states(house: House) -> dict[str, str]:
    """Text → state, as the record has it."""
    return {row.text: row.state for row in (await questions_record(house.desk, house.ref)).questions}


async def test_nothing_that_a_meeting_goes_through_makes_questions_public_unread(house: House) -> None:
    """“Launch cannot drop it”: at every stage a question waits to be read."""
    asked = 0

    async def ask() -> None:
        nonlocal asked
        asked += 1
        await house.ask(f"Question {asked}", f"device-{asked}")
        house.clock.advance(minutes=1)

    await ask()
    stages: tuple[tuple[str, dict[str, Any]], ...] = (
        ("meeting.open_room", {}),
        ("meeting.go_live", {"confirmed": True}),
        ("questions.open", {"open": False}),
        ("questions.open", {"open": True}),
        ("meeting.adjourn", {}),
        ("meeting.private", {}),
        ("meeting.technical", {}),
        ("meeting.return", {"confirmed": True}),
        ("gate.cut", {}),
        ("meeting.return", {"confirmed": True}),
    )
    for name, payload in stages:
        await house.do(name, **payload)
        if name != "questions.open" or payload["open"]:
            await ask()
    assert set((await states(house)).values()) == {"pending"}
    snapshot = await public_snapshot(house.desk, house.ref)
    assert (snapshot.questions, snapshot.questions_moderated) == ([], True)


async def test_only_an_officer_who_confirms_lets_questions_out_unread(house: House) -> None:
    with pytest.raises(NotConfirmed):
        await house.do("questions.moderation", strict=False)
    await house.ask("Read first")
    await house.do("questions.moderation", strict=False, confirmed=True)
    await house.ask("At once")
    assert await states(house) == {"Read first": "pending", "At once": "approved"}
    await house.do("questions.moderation", strict=True)
    await house.ask("Read again")
    assert (await states(house))["Read again"] == "pending"
    log = (await questions_record(house.desk, house.ref)).log
    assert [(line.who, line.before, line.after) for line in log] == [
        ("Ann Clark", "as the rules", "public at once"),
        ("Ann Clark", "public at once", "read first"),
    ]


async def test_the_committees_rules_are_the_meetings_template(house: House) -> None:
    rules = YORK.model_dump(mode="json") | {"questions": {"moderated": False}}
    async with house.desk.store.write() as session:
        (await session.get_one(Committee, 1)).rules = rules
    assert not (await public_snapshot(house.desk, house.ref)).questions_moderated
    await house.do("questions.moderation", strict=True)
    assert (await public_snapshot(house.desk, house.ref)).questions_moderated


async def test_questions_open_and_close_by_item(house: House) -> None:
    item, other = house.items[2], house.items[4]
    await house.do("questions.open", open=False, item_id=item)
    with pytest.raises(Forbidden, match="on this item are closed") as caught:
        await house.do("question.submit", house.viewer(), text="Why?", item_id=item)
    assert caught.value.field == "item_id"
    await house.do("question.submit", house.viewer(), text="Why?", item_id=other)
    agenda = {one.id: one.questions_open for one in (await public_snapshot(house.desk, house.ref)).agenda}
    assert (agenda[item], agenda[other]) == (False, True)
    await house.do("questions.open", open=True, item_id=item)
    await house.do("question.submit", house.viewer(), text="And this?", item_id=item)
    for wrong, error in ((house.items[1], Invalid), (4711, NotFound)):
        with pytest.raises(error):
            await house.do("questions.open", open=False, item_id=wrong)


async def test_who_decides_about_what_another_has_just_changed_is_told_and_loses_nothing(
    house: House,
) -> None:
    number = await house.ask()
    (seen,) = (await staff_snapshot(house.desk, house.ref)).pending
    await house.do("question.approve", house.second_clerk, question_id=number, seen=seen.version)
    version = (await house.meeting()).version
    for name, more in (
        ("question.reject", {"code": "abusive"}),
        ("question.approve", {}),
        ("question.answer", {"text": "Because."}),
        ("question.merge", {"into_id": number}),
    ):
        with pytest.raises(Conflict, match="Bob Dene changed this question a moment ago: it is approved now"):
            await house.do(name, question_id=number, seen=seen.version, **more)
    assert (await house.meeting()).version == version
    (now,) = (await public_snapshot(house.desk, house.ref)).questions
    await house.do("question.reject", question_id=number, seen=now.version, code="abusive")


async def test_votes_are_no_change_that_an_officer_must_have_seen(house: House) -> None:
    number = await house.ask()
    await house.do("question.approve", question_id=number)
    (seen,) = (await public_snapshot(house.desk, house.ref)).questions
    await house.do("question.vote", house.viewer("b"), question_id=number)
    await house.do("question.start_answer", question_id=number, seen=seen.version)


async def test_officers_see_each_others_hands(house: House) -> None:
    first, second = await house.ask("One?"), await house.ask("Two?")
    await house.do("question.look", question_id=first)
    await house.do("question.look", house.second_clerk, question_id=first)
    await house.do("question.look", question_id=second)
    hands = (await staff_snapshot(house.desk, house.ref)).hands
    assert {(hand.name, hand.question_id) for hand in hands} == {("Ann Clark", second), ("Bob Dene", first)}
    await house.do("question.look")
    assert [hand.name for hand in (await staff_snapshot(house.desk, house.ref)).hands] == ["Bob Dene"]
    with pytest.raises(Forbidden):
        await house.do("question.look", house.viewer(), question_id=first)


async def test_its_author_is_told_why_it_was_rejected_and_not_the_note(house: House) -> None:
    number = await house.ask()
    await house.do("question.reject", question_id=number, code="personal", reason="NOTE-FOR-THE-LOG")
    (own,) = await own_questions(house.desk, house.ref, "device-1")
    assert (own.state, own.rejected_for, own.may_withdraw) == ("rejected", "personal", False)
    assert "NOTE-FOR-THE-LOG" not in own.model_dump_json()
    await house.do("question.put_back", question_id=number)
    (own,) = await own_questions(house.desk, house.ref, "device-1")
    assert (own.state, own.rejected_for) == ("pending", "")
    with pytest.raises(Invalid):
        await house.do("question.reject", question_id=number, code="boring")


async def test_its_author_takes_it_back(house: House) -> None:
    number = await house.ask()
    with pytest.raises(NotFound):
        await house.do("question.withdraw", house.viewer("device-2"), question_id=number)
    await house.do("question.approve", question_id=number)
    await house.do("question.withdraw", house.viewer(), question_id=number)
    assert (await public_snapshot(house.desk, house.ref)).questions == []
    with pytest.raises(IllegalTransition):
        await house.do("question.withdraw", house.viewer(), question_id=number)
    with pytest.raises(Forbidden):
        await house.do("question.withdraw", question_id=number)


async def test_the_author_of_a_merged_question_follows_where_it_went(house: House) -> None:
    kept = await house.ask("Kept?", "device-2")
    between = await house.ask("Between?", "device-3")
    await house.ask("Mine?")
    mine = 3
    for number in (kept, between):
        await house.do("question.approve", question_id=number)
    await house.do("question.merge", question_id=mine, into_id=between)
    await house.do("question.merge", question_id=between, into_id=kept)
    (own,) = await own_questions(house.desk, house.ref, "device-1")
    assert own.into is not None
    assert (own.state, own.into.text) == ("merged", "Kept?")
    await house.do("question.reject", question_id=kept, code="abusive")
    (own,) = await own_questions(house.desk, house.ref, "device-1")
    assert own.into is None, "what is not public is nobody else's business"
    await house.do("question.put_back", question_id=mine)
    assert (await states(house))["Mine?"] == "pending"

"""What an officer did to speakers, questions, results and the layout can be taken back, too."""

from typing import Any

import pytest

from hub.domain.errors import Conflict, Forbidden
from hub.domain.models import Question, VoteResult
from hub.domain.people import Staff
from hub.domain.states.question import QuestionState
from hub.domain.states.speaker import SpeakerState
from hub.domain.views import chapters, staff_snapshot
from tests.hub.conftest import House


async def step(house: House, actor: Staff | None = None) -> int:
    """The number of what this officer can take back."""
    name = (actor or house.clerk).name
    offered = (await staff_snapshot(house.desk, house.ref)).undo
    return next(view.step for view in offered if view.by == name)


async def undo(house: House, actor: Staff | None = None) -> dict[str, object]:
    return await house.do("step.undo", actor, step=await step(house, actor))


async def question(house: House, number: int) -> Question:
    async with house.desk.store.read() as session:
        return await session.get_one(Question, number)


async def spoken(house: House) -> list[str]:
    return [point.label for point in await chapters(house.desk, house.ref) if point.kind == "speaker"]


async def speaker(house: House) -> int:
    """One who waits in a live meeting."""
    await house.live()
    return (await house.waiting())[0].registration_id


async def test_who_was_called_by_mistake_waits_again_and_is_hung_up(house: House) -> None:
    sam = await speaker(house)
    await house.do("speaker.call", registration_id=sam)
    await undo(house)
    assert (await house.speaker(sam)).state is SpeakerState.CHECKED_IN
    assert house.studio.calls[-1] == ("close_speaker", str(sam))
    await house.do("speaker.call", registration_id=sam)
    await house.do("speaker.stand_back", registration_id=sam)
    await undo(house)
    assert (await house.speaker(sam)).state is SpeakerState.CALLED


async def test_who_was_admitted_by_mistake_is_off_air_and_leaves_the_index(house: House) -> None:
    sam = await speaker(house)
    await house.do("speaker.call", registration_id=sam)
    await house.do("speaker.admit", registration_id=sam)
    assert await spoken(house) == ["Sam Lee, resident"]
    await undo(house)
    row = await house.speaker(sam)
    assert (row.state, row.ends_at, row.spoke_at_seconds) == (SpeakerState.CALLED, None, None)
    assert house.studio.on_air == []
    assert await spoken(house) == []


async def test_a_studio_that_does_not_take_them_off_leaves_everything_as_it_is(house: House) -> None:
    sam = await speaker(house)
    await house.do("speaker.call", registration_id=sam)
    await house.do("speaker.admit", registration_id=sam)
    house.studio.broken = {"set_on_air"}
    with pytest.raises(Exception, match="does not answer"):
        await undo(house)
    assert (await house.speaker(sam)).state is SpeakerState.ON_AIR


async def test_who_was_taken_off_by_mistake_waits_and_is_not_on_air_by_it(house: House) -> None:
    sam = await speaker(house)
    await house.do("speaker.call", registration_id=sam)
    await house.do("speaker.admit", registration_id=sam)
    await house.do("speaker.finish", registration_id=sam)
    calls = len(house.studio.calls)
    await undo(house)
    assert (await house.speaker(sam)).state is SpeakerState.CHECKED_IN
    assert len(house.studio.calls) == calls
    assert await spoken(house) == ["Sam Lee, resident"]
    await house.do("speaker.call", registration_id=sam)


@pytest.mark.parametrize("here", [True, False])
async def test_who_was_marked_absent_by_mistake(house: House, here: bool) -> None:
    await house.live()
    registered, _ = await (house.waiting() if here else house.resident())
    await house.do("speaker.miss", registration_id=registered.registration_id)
    await undo(house)
    wanted = SpeakerState.CHECKED_IN if here else SpeakerState.CONFIRMED
    assert (await house.speaker(registered.registration_id)).state is wanted


async def test_what_the_resident_did_since_stands(house: House) -> None:
    await house.live()
    registered, resident = await house.waiting()
    await house.do("speaker.miss", registration_id=registered.registration_id)
    number = await step(house)
    await house.do("speaker.check_in", resident)
    assert (await staff_snapshot(house.desk, house.ref)).undo == []
    with pytest.raises(Conflict, match="Who it is about changed it"):
        await house.do("step.undo", step=number)
    assert (await house.speaker(registered.registration_id)).state is SpeakerState.CHECKED_IN


async def test_decisions_about_a_question(house: House) -> None:
    await house.live()
    asked = await house.ask()
    for name in ("question.approve", "question.reject"):
        await house.do(name, question_id=asked)
        await undo(house)
        row = await question(house, asked)
        assert (row.state, row.rejected_for) == (QuestionState.PENDING, None)
    await house.do("question.reject", question_id=asked, code="personal")
    await house.do("question.approve", question_id=asked)
    await undo(house)
    assert (await question(house, asked)).rejected_for == "personal"
    await house.do("question.approve", question_id=asked)
    await house.do("question.reject", question_id=asked)
    await undo(house)
    assert (await question(house, asked)).state is QuestionState.APPROVED


async def test_an_answer_that_was_not_one_leaves_the_index(house: House) -> None:
    await house.live()
    asked = await house.ask()
    await house.do("question.approve", question_id=asked)
    await house.do("question.start_answer", question_id=asked)
    moments = await chapters(house.desk, house.ref)
    await house.do("question.finish_answer", question_id=asked)
    await undo(house)
    row = await question(house, asked)
    assert (row.state, row.answered_how) == (QuestionState.ANSWERING, None)
    assert row.answered_seconds is not None
    assert await chapters(house.desk, house.ref) == moments
    await house.do("question.put_back", question_id=asked)
    await house.do("question.finish_answer", question_id=asked)
    await undo(house)
    row = await question(house, asked)
    assert (row.state, row.answered_seconds) == (QuestionState.APPROVED, None)
    assert all(point.kind != "question" for point in await chapters(house.desk, house.ref))


async def test_a_merger_gives_back_the_votes_it_brought(house: House) -> None:
    await house.live()
    first, second = await house.ask(), await house.ask("Why not?", "device-2")
    for number in (first, second):
        await house.do("question.approve", question_id=number)
    for number, device in ((first, "a"), (first, "b"), (second, "b"), (second, "c")):
        await house.do("question.vote", house.viewer(device), question_id=number)
    before = [(await question(house, number)).votes for number in (first, second)]
    await house.do("question.merge", question_id=second, into_id=first)
    await house.do("question.vote", house.viewer("d"), question_id=first)
    await undo(house)
    rows = [await question(house, number) for number in (first, second)]
    assert [row.votes for row in rows] == [before[0] + 1, before[1]]
    assert (rows[1].state, rows[1].merged_into) == (QuestionState.APPROVED, None)


async def test_a_result_leaves_page_and_index(house: House) -> None:
    await house.live()
    votes: dict[str, Any] = {"votes_for": 5, "votes_against": 2}
    await house.do("result.enter", item_id=house.items[2], motion="Approve", outcome="carried", **votes)
    await undo(house)
    assert (await staff_snapshot(house.desk, house.ref)).public.results == []
    assert all(point.kind != "vote" for point in await chapters(house.desk, house.ref))
    async with house.desk.store.read() as session:
        assert (await session.get_one(VoteResult, 1)).struck_at is not None
    # What was taken back can be entered again.
    await house.do("result.enter", item_id=house.items[2], motion="Approve", outcome="lost", **votes)


async def test_the_layout_is_the_one_before(house: House) -> None:
    await house.live()
    await house.do("layout.set", layout="grid")
    await house.do("layout.set", layout="speaker")
    await undo(house)
    assert house.studio.calls[-1] == ("set_layout", "grid")
    await house.do("layout.set", layout="chamber")
    await undo(house)
    assert house.studio.calls[-1] == ("set_layout", "grid")


async def test_only_ones_own_step_and_only_the_one_that_was_seen(house: House) -> None:
    await house.live()
    first, second = await house.ask(), await house.ask("Why not?", "device-2")
    await house.do("question.approve", question_id=first)
    seen = await step(house)
    with pytest.raises(Conflict, match="You did nothing"):
        await house.do("step.undo", house.second_clerk, step=seen)
    await house.do("question.approve", question_id=second)
    with pytest.raises(Conflict, match="something else since"):
        await house.do("step.undo", step=seen)
    with pytest.raises(Forbidden):
        await house.do("step.undo", house.viewer(), step=seen)
    assert (await question(house, first)).state is QuestionState.APPROVED


async def test_each_officer_has_their_own_and_what_another_changed_since_stands(house: House) -> None:
    await house.live()
    first, second = await house.ask(), await house.ask("Why not?", "device-2")
    await house.do("question.approve", question_id=first)
    await house.do("question.approve", house.second_clerk, question_id=second)
    mine = await step(house)
    await undo(house, house.second_clerk)
    assert (await question(house, second)).state is QuestionState.PENDING
    await house.do("question.reject", house.second_clerk, question_id=first)
    with pytest.raises(Conflict, match="Bob Dene changed it since"):
        await house.do("step.undo", step=mine)
    assert (await question(house, first)).state is QuestionState.REJECTED


async def test_a_step_is_taken_back_once_and_in_time(house: House) -> None:
    await house.live()
    asked = await house.ask()
    await house.do("question.approve", question_id=asked)
    number = await step(house)
    await undo(house)
    with pytest.raises(Conflict):
        await house.do("step.undo", step=number)
    await house.do("question.approve", question_id=asked)
    number = await step(house)
    house.clock.advance(seconds=31)
    with pytest.raises(Conflict):
        await house.do("step.undo", step=number)
    assert (await question(house, asked)).state is QuestionState.APPROVED


@pytest.mark.parametrize("cut", ["meeting.private", "meeting.adjourn", "gate.cut"])
async def test_a_cut_is_never_undone_nor_anything_before_it(house: House, cut: str) -> None:
    sam = await speaker(house)
    await house.do("speaker.call", registration_id=sam)
    number = await step(house)
    await house.do(cut, house.second_clerk)
    assert (await staff_snapshot(house.desk, house.ref)).undo == []
    with pytest.raises(Conflict, match="What the public see was changed"):
        await house.do("step.undo", step=number)
    await house.do(cut)
    assert (await staff_snapshot(house.desk, house.ref)).undo == []
    assert not house.studio.open

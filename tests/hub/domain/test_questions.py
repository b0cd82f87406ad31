import pytest

from hub.domain.errors import Forbidden, IllegalTransition, Invalid, NotFound, TooMany
from hub.domain.views import chapters, own_questions, public_snapshot, staff_snapshot
from tests.hub.conftest import House

STAFF_COMMANDS = [
    "question.approve",
    "question.reject",
    "question.start_answer",
    "question.put_back",
    "question.finish_answer",
]


async def approved(house: House, text: str = "Why?", device: str = "device-1") -> int:
    number = await house.ask(text, device)
    await house.do("question.approve", question_id=number)
    return number


async def test_nobody_else_sees_a_question_before_it_is_approved(house: House) -> None:
    number = await house.ask("Why so dear?")
    assert (await public_snapshot(house.desk, house.ref)).questions == []
    assert [question.state for question in await own_questions(house.desk, house.ref, "device-1")] == [
        "pending"
    ]
    assert await own_questions(house.desk, house.ref, "device-2") == []
    assert [question.text for question in (await staff_snapshot(house.desk, house.ref)).pending] == [
        "Why so dear?"
    ]
    await house.do("question.approve", question_id=number)
    assert [question.text for question in (await public_snapshot(house.desk, house.ref)).questions] == [
        "Why so dear?"
    ]


async def test_way_to_an_answer(house: House) -> None:
    await house.live()
    number = await approved(house)
    house.clock.advance(seconds=45)
    await house.do("question.start_answer", question_id=number)
    point = (await chapters(house.desk, house.ref))[-1]
    assert (point.seconds, point.kind, point.question_id) == (45, "question", number)
    house.clock.advance(seconds=45)
    await house.do("question.finish_answer", question_id=number)
    (question,) = (await public_snapshot(house.desk, house.ref)).questions
    assert (question.state, question.answered_seconds) == ("answered", 45)


async def test_answer_without_a_start_is_the_moment_it_ends(house: House) -> None:
    await house.live()
    number = await approved(house)
    house.clock.advance(seconds=5)
    await house.do("question.finish_answer", question_id=number)
    assert (await public_snapshot(house.desk, house.ref)).questions[0].answered_seconds == 5


async def test_put_back_forgets_the_moment(house: House) -> None:
    await house.live()
    number = await approved(house)
    await house.do("question.start_answer", question_id=number)
    await house.do("question.put_back", question_id=number)
    (question,) = (await public_snapshot(house.desk, house.ref)).questions
    assert (question.state, question.answered_seconds) == ("approved", None)


async def test_no_answer_begins_in_private(house: House) -> None:
    await house.live()
    number = await approved(house)
    await house.do("meeting.private")
    with pytest.raises(IllegalTransition, match="excluded"):
        await house.do("question.start_answer", question_id=number)


async def test_rejected_can_be_approved_after_all(house: House) -> None:
    number = await house.ask()
    await house.do("question.reject", question_id=number, reason="not about this meeting")
    snapshot = await staff_snapshot(house.desk, house.ref)
    assert ([question.id for question in snapshot.rejected], snapshot.pending) == ([number], [])
    assert snapshot.audit[0].reason == "other: not about this meeting"
    await house.do("question.approve", question_id=number)


async def test_device_votes_once(house: House) -> None:
    number = await approved(house)
    for device, votes in (("a", 1), ("a", 1), ("b", 2)):
        answer = await house.do("question.vote", house.viewer(device), question_id=number)
        assert answer == {"votes": votes}


async def test_no_votes_for_what_is_not_public_or_answered(house: House) -> None:
    await house.live()
    number = await house.ask()
    with pytest.raises(NotFound):
        await house.do("question.vote", house.viewer("b"), question_id=number)
    await house.do("question.approve", question_id=number)
    await house.do("question.finish_answer", question_id=number)
    with pytest.raises(IllegalTransition):
        await house.do("question.vote", house.viewer("b"), question_id=number)


async def test_merging_adds_votes_and_counts_devices_once(house: House) -> None:
    kept, merged = await approved(house, "Why?"), await approved(house, "Why not?", "device-2")
    for device, number in (("a", kept), ("b", kept), ("b", merged), ("c", merged)):
        await house.do("question.vote", house.viewer(device), question_id=number)
    assert await house.do("question.merge", question_id=merged, into_id=kept) == {"votes": 3}
    assert [question.id for question in (await public_snapshot(house.desk, house.ref)).questions] == [kept]
    with pytest.raises(Invalid):
        await house.do("question.merge", question_id=kept, into_id=kept)
    with pytest.raises(IllegalTransition):
        await house.do("question.merge", question_id=kept, into_id=merged)


@pytest.mark.parametrize("name", STAFF_COMMANDS)
async def test_only_staff_moderate(house: House, name: str) -> None:
    number = await house.ask()
    with pytest.raises(Forbidden):
        await house.do(name, house.viewer(), question_id=number)
    with pytest.raises(Forbidden):
        await house.do("question.submit", house.clerk, text="Why?")


@pytest.mark.parametrize("name", ["question.start_answer", "question.put_back", "question.finish_answer"])
async def test_wrong_state_changes_nothing(house: House, name: str) -> None:
    number = await house.ask()
    version = (await house.meeting()).version
    with pytest.raises(IllegalTransition):
        await house.do(name, question_id=number)
    assert (await house.meeting()).version == version


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Enter your question"),
        (" \n\u200b\u202e ", "Enter your question"),
        ("x" * 10_000, "9500 too many"),
    ],
)
async def test_text_that_does_not_fit_is_a_form_error(house: House, text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words) as caught:
        await house.ask(text)
    assert caught.value.field == "text"


async def test_flood_of_emoji_is_counted_in_characters(house: House) -> None:
    await house.ask("😀" * 500)
    with pytest.raises(Invalid, match="1 too many"):
        await house.ask("😀" * 501)


async def test_html_and_marks_stay_text(house: House) -> None:
    await house.ask(
        "<script>alert(1)</script>  cafe\u0301 \x00\x07 🏴\U000e0067\U000e0062\U000e007f \u202eevil"
    )
    (question,) = (await staff_snapshot(house.desk, house.ref)).pending
    assert question.text == "<script>alert(1)</script> café 🏴\U000e0067\U000e0062\U000e007f evil"


async def test_unread_questions_are_bounded(house: House) -> None:
    for number in range(300):
        await house.ask(device=f"device-{number}")
        house.clock.advance(seconds=1)
    with pytest.raises(TooMany, match="wait to be read"):
        await house.ask(device="one-more")


async def test_closed_questions(house: House) -> None:
    await house.do("questions.open", open=False)
    with pytest.raises(Forbidden, match="closed"):
        await house.ask()
    await house.do("questions.open", open=True)
    await house.ask()
    with pytest.raises(Forbidden):
        await house.do("questions.open", house.viewer(), open=False)


async def test_replay_asks_once(house: House) -> None:
    first = await house.do("question.submit", house.viewer(), text="Why?", client_id="q")
    assert await house.do("question.submit", house.viewer(), text="Why?", client_id="q") == first
    assert len(await own_questions(house.desk, house.ref, "device-1")) == 1


async def test_question_about_a_heading_or_nothing(house: House) -> None:
    with pytest.raises(Invalid):
        await house.do("question.submit", house.viewer(), text="Why?", item_id=house.items[1])
    with pytest.raises(NotFound):
        await house.do("question.submit", house.viewer(), text="Why?", item_id=4711)


@pytest.mark.parametrize(
    "payload",
    [
        {"item_id": 2**40},
        {"item_id": 0},
        {"item_id": 10**30},
        {"client_id": "a\x00b"},
        {"client_id": "\ud800"},
        {"text": 7},
        {"text": None},
    ],
)
async def test_what_no_database_takes_is_refused_before(house: House, payload: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        await house.do("question.submit", house.viewer(), **({"text": "Why?"} | payload))


@pytest.mark.parametrize("device", ["", "x" * 65, "a\x00b"])
async def test_devices_are_named_sensibly(house: House, device: str) -> None:
    with pytest.raises(Invalid):
        await house.ask(device=device)


async def test_no_new_votes_once_questions_are_closed_or_the_meeting_is_over(house: House) -> None:
    number = await approved(house)
    await house.do("question.vote", house.viewer("a"), question_id=number)
    await house.do("questions.open", open=False)
    with pytest.raises(Forbidden, match="closed"):
        await house.do("question.vote", house.viewer("b"), question_id=number)
    await house.do("questions.open", open=True)
    await house.live()
    await house.do("meeting.end", confirmed=True)
    with pytest.raises(Forbidden, match="closed"):
        await house.do("question.vote", house.viewer("b"), question_id=number)
    assert await house.do("question.vote", house.viewer("a"), question_id=number) == {"votes": 1}

"""Polls: officers ask, a device answers once, and figures are public when officers show them."""

from typing import Any

import pytest

from hub.domain.errors import Forbidden, IllegalTransition, Invalid, NotFound, TooMany
from hub.domain.polls import PollKind, checked_choices, checked_options, counted, mean
from hub.domain.snapshots import PollFigures, StaffPoll
from hub.domain.states.poll import TRANSITIONS, PollEvent, PollState, after
from hub.domain.views import chapters, own_votes, polls_record, public_snapshot, staff_snapshot
from tests.hub.conftest import House
from tests.hub.webinar import hold

TEA: dict[str, Any] = {"text": "What helps most?", "kind": "single", "options": ["Time", "Money", "Company"]}


@pytest.fixture
async def webinar(house: House) -> House:
    return await hold(house)


async def create(webinar: House, **changes: Any) -> int:
    return int((await webinar.do("poll.create", **(TEA | changes)))["poll_id"])


async def opened(webinar: House, **changes: Any) -> int:
    number = await create(webinar, **changes)
    await webinar.do("poll.open", poll_id=number)
    return number


async def vote(webinar: House, number: int, *choices: int, device: str = "a", **more: Any) -> list[int]:
    answer = await webinar.do(
        "poll.vote", webinar.viewer(device), poll_id=number, choices=list(choices), **more
    )
    return list(answer["choices"])


async def row(webinar: House) -> StaffPoll:
    (only,) = (await staff_snapshot(webinar.desk, webinar.ref)).polls
    return only


@pytest.mark.parametrize("state", PollState)
@pytest.mark.parametrize("event", PollEvent)
def test_what_is_not_in_the_table_does_not_happen(state: PollState, event: PollEvent) -> None:
    if (state, event) in TRANSITIONS:
        assert after(state, event) is TRANSITIONS[state, event]
    else:
        with pytest.raises(IllegalTransition, match=f"poll is {state}"):
            after(state, event)


def test_a_draft_shows_no_figures_and_an_end_is_an_end() -> None:
    assert (PollState.DRAFT, PollEvent.SHOW) not in TRANSITIONS
    assert {event for state, event in TRANSITIONS if state is PollState.CLOSED} == {
        PollEvent.SHOW,
        PollEvent.HIDE,
    }
    assert PollState.DISCARDED not in {state for state, _ in TRANSITIONS}


def test_options_and_choices() -> None:
    assert checked_options(PollKind.SCALE, ["ignored"], 5) == ["1", "2", "3", "4", "5"]
    assert len(checked_options(PollKind.SCALE, [], 10)) == 10
    assert checked_options(PollKind.SINGLE, [" Yes ", "No\nnever"], 5) == ["Yes", "No never"]
    assert checked_choices(PollKind.MULTIPLE, 3, [3, 1, 3]) == [1, 3]
    assert counted([0, 2, 0], [1, 2]) == [1, 3, 0]
    assert mean(PollKind.SCALE, [1, 0, 0, 0, 2]) == 3.67
    assert mean(PollKind.SCALE, [0] * 5) is None
    assert mean(PollKind.SINGLE, [1, 2]) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " "},
        {"text": "x" * 201},
        {"kind": "essay"},
        {"options": []},
        {"options": ["Only one"]},
        {"options": ["Same", " Same"]},
        {"options": ["", "No"]},
        {"options": [str(number) for number in range(11)]},
        {"options": ["x" * 101, "No"]},
        {"kind": "scale", "top": 7},
    ],
)
async def test_what_is_no_poll_is_refused(webinar: House, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        await create(webinar, **wrong)
    assert (await staff_snapshot(webinar.desk, webinar.ref)).polls == []


@pytest.mark.parametrize(
    ("kind", "choices"),
    [("single", [1, 2]), ("single", []), ("multiple", [0]), ("multiple", [4]), ("scale", [6])],
)
async def test_what_is_no_answer_is_refused(webinar: House, kind: str, choices: list[int]) -> None:
    number = await opened(webinar, kind=kind)
    with pytest.raises(Invalid) as caught:
        await vote(webinar, number, *choices)
    assert caught.value.field == "choices"
    assert (await row(webinar)).figures.people == 0


async def test_nobody_but_officers_sees_a_draft(webinar: House) -> None:
    number = await create(webinar, text="DRAFT-SECRET")
    assert "DRAFT-SECRET" not in (await public_snapshot(webinar.desk, webinar.ref)).model_dump_json()
    assert (await row(webinar)).state == "draft"
    with pytest.raises(NotFound):
        await vote(webinar, number, 1)
    with pytest.raises(IllegalTransition):
        await webinar.do("poll.show", poll_id=number)
    await webinar.do("poll.discard", poll_id=number)
    assert (await staff_snapshot(webinar.desk, webinar.ref)).polls == []
    with pytest.raises(NotFound):
        await webinar.do("poll.open", poll_id=number)


async def test_officers_see_the_figures_live_and_the_public_when_they_are_shown(webinar: House) -> None:
    await webinar.live()
    number = await opened(webinar)
    for device, choice in (("a", 1), ("b", 3), ("c", 3)):
        await vote(webinar, number, choice, device=device)
    assert (await row(webinar)).figures == PollFigures(people=3, counts=[1, 0, 2])
    (poll,) = (await public_snapshot(webinar.desk, webinar.ref)).polls
    assert (poll.state, poll.options, poll.figures) == ("open", TEA["options"], None)
    webinar.clock.advance(seconds=7)
    await webinar.do("poll.show", poll_id=number)
    (poll,) = (await public_snapshot(webinar.desk, webinar.ref)).polls
    assert poll.figures == PollFigures(people=3, counts=[1, 0, 2])
    await vote(webinar, number, 2, device="d")
    (poll,) = (await public_snapshot(webinar.desk, webinar.ref)).polls
    assert poll.figures is not None
    assert poll.figures.counts == [1, 1, 2], "as they go on"
    await webinar.do("poll.hide", poll_id=number)
    assert (await public_snapshot(webinar.desk, webinar.ref)).polls[0].figures is None
    await webinar.do("poll.show", poll_id=number)
    (point,) = [one for one in await chapters(webinar.desk, webinar.ref) if one.kind == "poll"]
    assert (point.label, point.seconds) == ("Poll: What helps most?", 7), "the first time only"


async def test_a_closed_poll_is_gone_until_its_results_are_shown(webinar: House) -> None:
    await webinar.live()
    number = await opened(webinar)
    await vote(webinar, number, 2)
    await webinar.do("poll.close", poll_id=number)
    assert (await public_snapshot(webinar.desk, webinar.ref)).polls == []
    with pytest.raises(Forbidden, match="closed"):
        await vote(webinar, number, 1, device="b")
    await webinar.do("poll.show", poll_id=number)
    (poll,) = (await public_snapshot(webinar.desk, webinar.ref)).polls
    assert (poll.state, poll.figures) == ("closed", PollFigures(people=1, counts=[0, 1, 0]))
    with pytest.raises(IllegalTransition):
        await webinar.do("poll.open", poll_id=number)


async def test_a_device_counts_once_and_what_it_said_first_stands(webinar: House) -> None:
    number = await opened(webinar)
    assert await vote(webinar, number, 2, client_id="same") == [2]
    assert await vote(webinar, number, 2, client_id="same") == [2]
    assert await vote(webinar, number, 3) == [2]
    assert (await row(webinar)).figures == PollFigures(people=1, counts=[0, 1, 0])
    assert await own_votes(webinar.desk, webinar.ref, "a") == {number: [2]}
    assert await own_votes(webinar.desk, webinar.ref, "") == {}
    await webinar.do("poll.close", poll_id=number)
    assert await vote(webinar, number, 1) == [2], "who answered is told so, also later"


async def test_several_choices_and_a_scale(webinar: House) -> None:
    several = await opened(webinar, kind="multiple")
    await vote(webinar, several, 3, 1)
    await vote(webinar, several, 1, device="b")
    scale = await opened(webinar, kind="scale", top=10, options=[])
    for device, step in (("a", 10), ("b", 5)):
        await vote(webinar, scale, step, device=device)
    first, second = (await staff_snapshot(webinar.desk, webinar.ref)).polls
    assert first.figures == PollFigures(people=2, counts=[2, 0, 1])
    assert (second.figures.people, second.figures.mean) == (2, 7.5)
    record = await polls_record(webinar.desk, webinar.ref)
    assert [(line.option, line.votes) for line in record.options()[:3]] == [
        ("Time", 2),
        ("Money", 0),
        ("Company", 1),
    ]
    assert "device" not in record.model_dump_json()


async def test_nothing_begins_while_the_public_are_excluded(webinar: House) -> None:
    await webinar.live()
    number, later = await opened(webinar), await create(webinar, text="SECRET-POLL")
    await webinar.do("meeting.private", item_id=webinar.items[0])
    for command, which in (("poll.open", later), ("poll.show", number)):
        with pytest.raises(IllegalTransition, match="excluded"):
            await webinar.do(command, poll_id=which)
    public = await public_snapshot(webinar.desk, webinar.ref)
    assert "SECRET-POLL" not in public.model_dump_json()
    assert public.polls[0].figures is None
    await webinar.do("poll.close", poll_id=number)


async def test_the_end_closes_what_is_open(webinar: House) -> None:
    await webinar.live()
    number, late = await opened(webinar), await create(webinar)
    await vote(webinar, number, 1)
    await webinar.do("meeting.end", confirmed=True)
    assert (await public_snapshot(webinar.desk, webinar.ref)).polls == []
    with pytest.raises(Forbidden, match="closed"):
        await vote(webinar, number, 1, device="b")
    with pytest.raises(IllegalTransition, match="over"):
        await webinar.do("poll.open", poll_id=late)
    await webinar.do("poll.show", poll_id=number)
    assert (await public_snapshot(webinar.desk, webinar.ref)).polls[0].state == "closed"


async def test_who_was_removed_and_what_is_frozen_does_not_count(webinar: House) -> None:
    number = await opened(webinar)
    await webinar.do("questions.freeze", frozen=True)
    with pytest.raises(Forbidden, match="paused"):
        await vote(webinar, number, 1)
    await webinar.do("questions.freeze", frozen=False)
    asked = await webinar.ask("Rude", "rude")
    await webinar.do("person.remove", question_id=asked, reason="Rude")
    with pytest.raises(Forbidden, match="Rude"):
        await vote(webinar, number, 1, device="rude")
    assert (await row(webinar)).figures.people == 0


async def test_only_officers_make_polls_and_only_in_webinars(webinar: House, house: House) -> None:
    with pytest.raises(IllegalTransition, match="Only webinars"):
        await create(house)
    number = await create(webinar)
    for command in ("poll.open", "poll.close", "poll.show", "poll.hide", "poll.discard"):
        with pytest.raises(Forbidden):
            await webinar.do(command, webinar.viewer(), poll_id=number)
    with pytest.raises(Forbidden):
        await webinar.do("poll.create", webinar.viewer(), **TEA)
    with pytest.raises(NotFound):
        await house.do("poll.open", poll_id=number)


async def test_there_are_so_many_at_most(webinar: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.domain.commands.polls.POLLS_AT_MOST", 1)
    await create(webinar)
    with pytest.raises(TooMany):
        await create(webinar)

"""Answers of an origin that many share."""

import asyncio

import pytest

from tests.support.clock import HandClock
from web.live.shelf import Fetch, Kept, Shelf, TooManyWait


class Origin:
    """Answers when it is let to, and counts."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.asked = 0
        self.may = asyncio.Event()
        self.fault: OSError | None = None

    def answers(self, control: str, body: bytes = b"x" * 100) -> Fetch:
        async def fetch() -> Kept:
            self.asked += 1
            await self.may.wait()
            if self.fault is not None:
                raise self.fault
            return self.shelf.received(200, {"Cache-Control": control}, body)

        return fetch


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def origin(clock: HandClock) -> Origin:
    return Origin(Shelf(clock, limit=1000))


async def test_all_who_wait_get_the_one_answer(origin: Origin) -> None:
    fetch = origin.answers("no-store")
    waiting = [asyncio.create_task(origin.shelf.get(("a",), fetch)) for _ in range(50)]
    await asyncio.sleep(0)
    waiting[7].cancel()
    origin.may.set()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(answers.pop(7), asyncio.CancelledError)
    assert len(set(map(id, answers))) == 1
    assert origin.asked == 1


async def test_others_have_their_turn_while_hundreds_are_answered(origin: Origin) -> None:
    fetch = origin.answers("no-store")
    waiting = [asyncio.create_task(origin.shelf.get(("a",), fetch)) for _ in range(500)]
    await asyncio.sleep(0)
    origin.may.set()
    turns = 0
    while not all(one.done() for one in waiting):
        await asyncio.sleep(0)
        turns += any(one.done() for one in waiting)
    assert turns > 5


async def test_a_fault_is_everybodys_and_is_not_kept(origin: Origin) -> None:
    origin.fault = OSError("gone")
    waiting = [asyncio.create_task(origin.shelf.get(("a",), origin.answers("max-age=9"))) for _ in range(3)]
    await asyncio.sleep(0)
    origin.may.set()
    assert {type(one) for one in await asyncio.gather(*waiting, return_exceptions=True)} == {OSError}
    origin.fault = None
    assert (await origin.shelf.get(("a",), origin.answers("max-age=9"))).status == 200


@pytest.mark.parametrize(
    ("control", "seconds"),
    [
        ("public, max-age=12", 12),
        ("max-age=1, public", 1),
        ("no-store", 0),
        ("", 0),
        ("no-store, max-age=5", 0),
    ],
)
async def test_an_answer_is_kept_as_long_as_it_says(
    origin: Origin, clock: HandClock, control: str, seconds: int
) -> None:
    origin.may.set()
    first = await origin.shelf.get(("a",), origin.answers(control))
    for _ in range(seconds):
        assert await origin.shelf.get(("a",), origin.answers(control)) is first
        clock.now += 1
    assert origin.shelf.age(first) == seconds
    assert await origin.shelf.get(("a",), origin.answers(control)) is not first
    assert origin.asked == 2


async def test_what_nobody_asked_for_lately_gives_way(origin: Origin) -> None:
    origin.may.set()
    for name in "abc":
        await origin.shelf.get((name,), origin.answers("max-age=99", b"x" * 400))
        await origin.shelf.get(("a",), origin.answers("max-age=99", b"x" * 400))
    assert origin.asked == 3
    await origin.shelf.get(("a",), origin.answers("max-age=99"))
    assert origin.asked == 3
    await origin.shelf.get(("b",), origin.answers("max-age=99"))
    assert origin.asked == 4
    huge = await origin.shelf.get(("huge",), origin.answers("max-age=99", b"x" * 2000))
    assert await origin.shelf.get(("huge",), origin.answers("max-age=99")) is not huge


async def test_no_more_wait_than_are_held(origin: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.live.shelf.WAITING_LIMIT", 2)
    fetch = origin.answers("no-store")
    waiting = [asyncio.create_task(origin.shelf.get((name,), fetch, f"viewer {name}")) for name in "ab"]
    await asyncio.sleep(0)
    with pytest.raises(TooManyWait):
        await origin.shelf.get(("a",), fetch, "viewer c")
    origin.may.set()
    await asyncio.gather(*waiting)
    assert (await origin.shelf.get(("a",), origin.answers("no-store"))).status == 200


async def test_one_address_cannot_have_all_the_waiting(
    origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.live.shelf.WAITING_LIMIT", 8)
    fetch = origin.answers("no-store")

    def ask(place: str) -> asyncio.Task[Kept]:
        return asyncio.create_task(origin.shelf.get((place,), fetch, place))

    greedy = [ask("greedy") for _ in range(5)]
    await asyncio.sleep(0)
    assert [one.done() for one in greedy] == [False, False, True, True, True]
    others = [ask(f"viewer {number}") for number in range(6)]
    await asyncio.sleep(0)
    assert not any(one.done() for one in others)
    with pytest.raises(TooManyWait):
        await origin.shelf.get(("late",), fetch, "late")
    origin.may.set()
    answers = await asyncio.gather(*greedy, *others, return_exceptions=True)
    assert [type(one) for one in answers] == [Kept, Kept, *[TooManyWait] * 3, *[Kept] * 6]
    assert (await origin.shelf.get(("greedy",), fetch, "greedy")).status == 200


async def test_closing_tells_whoever_waits(origin: Origin) -> None:
    waiting = asyncio.create_task(origin.shelf.get(("a",), origin.answers("no-store")))
    await asyncio.sleep(0)
    await origin.shelf.close()
    assert isinstance((await asyncio.gather(waiting, return_exceptions=True))[0], asyncio.CancelledError)

"""Who is told of a change, and when: staff and speakers at once, the public once a second."""

import asyncio
from itertools import pairwise

import pytest

from signalling.broadcast import PUBLIC_INTERVAL
from tests.signalling.conftest import SECOND_CLERK, Hall
from tests.signalling.line import Line

AT_ONCE = 0.5
"""Seconds: far less than the public's interval, and enough for a busy machine."""


async def test_the_public_are_told_once_a_second_and_last_of_all_the_last(hall: Hall) -> None:
    viewers = [await hall.viewer(), await hall.viewer("device-of-bob")]
    for n in range(40):
        await hall.do("questions.open", open=n % 2 == 1)
    await hall.do("questions.open", open=False)
    last = await hall.version()
    for viewer in viewers:
        state = await viewer.version(last)
        assert state["questions_open"] is False
        told = [one.seconds for one in viewer.heard if one.event == "state"][1:]
        most = 2 + (told[-1] - told[0]) / PUBLIC_INTERVAL
        assert len(told) <= most, "forty changes in a moment are a handful of snapshots"
        assert all(after - before > 0.8 * PUBLIC_INTERVAL for before, after in pairwise(told))


async def test_the_first_change_after_a_silence_is_told_at_once(hall: Hall) -> None:
    viewer = await hall.viewer()
    await hall.do("questions.open", open=False)
    await viewer.version(await hall.version(), AT_ONCE)


async def test_a_change_in_the_waiting_second_is_not_forgotten(hall: Hall) -> None:
    viewer = await hall.viewer()
    await hall.do("questions.open", open=False)
    await viewer.version(await hall.version(), AT_ONCE)
    await hall.do("questions.open", open=True)
    state = await viewer.version(await hall.version(), 2 * PUBLIC_INTERVAL)
    assert state["questions_open"] is True


async def test_staff_and_speakers_are_told_every_change_at_once(hall: Hall) -> None:
    ann, bob, sam = await hall.console(), await hall.console(SECOND_CLERK), await hall.speaker()
    first = await hall.version()
    for n in range(5):
        await ann.ask("questions.open", client_id=f"toggle-{n}", open=n % 2 == 1)
        version = await hall.version()
        for line in (ann, bob, sam):
            await line.version(version, AT_ONCE)
    versions = [told["public"]["version"] for told in bob.payloads("state")]
    assert versions[-5:] == list(range(first + 1, first + 6)), "one for each change"


async def test_a_change_of_one_clerk_reaches_the_other(hall: Hall) -> None:
    ann, bob = await hall.console(), await hall.console(SECOND_CLERK)
    await hall.live()
    await bob.version(await hall.version())
    await ann.ask("item.next", client_id="next", expected_version=await hall.version())
    state = await bob.version(await hall.version(), AT_ONCE)
    assert state["public"]["now_item_id"] == state["public"]["agenda"][0]["id"]
    assert state["audit"][0]["who"] == "Ann Clark"


async def test_of_two_clerks_who_press_next_at_once_exactly_one_is_told_of_a_conflict(hall: Hall) -> None:
    await hall.live()
    ann, bob = await hall.console(), await hall.console(SECOND_CLERK)
    for n in range(6):
        version = await hall.version()
        answers = await asyncio.gather(
            *(line.ask("item.next", client_id=f"next-{n}", expected_version=version) for line in (ann, bob))
        )
        assert sorted(answer["ok"] for answer in answers) == [False, True]
        error = next(answer["error"] for answer in answers if not answer["ok"])
        assert error["code"] == "conflict"
        assert "moved the agenda a moment ago to" in error["message"]
        state = await ann.version(await hall.version())
        assert state["public"]["now_item_id"] == state["public"]["agenda"][n]["id"], "one step, not two"


async def test_nobody_is_told_an_older_state_after_a_newer_one(hall: Hall) -> None:
    ann, sam, viewer = await hall.console(), await hall.speaker(), await hall.viewer()
    await asyncio.gather(*(hall.ask(f"Question {n}", f"device-number-{n}") for n in range(30)))
    last = await hall.version()
    for line in (ann, sam, viewer):
        await line.version(last)
        assert _versions(line) == sorted(_versions(line))


async def test_other_meetings_are_not_told(hall: Hall) -> None:
    other = next(ref for ref in await hall.refs() if ref != hall.ref)
    elsewhere = await hall.line("/audience", {"meeting": other, "device": "device-of-bob"})
    here = await hall.viewer()
    await hall.do("questions.open", open=False)
    await here.version(await hall.version())
    assert len(elsewhere.payloads("state")) == 1


async def test_what_fails_while_telling_does_not_undo_the_command(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change is committed: to say that nothing was changed would be a lie."""
    line, viewer = await hall.console(), await hall.viewer()
    with monkeypatch.context() as broken:
        broken.setattr("hub.domain.views.staff_snapshot", _fail)
        broken.setattr("hub.domain.views.public_snapshot", _fail)
        answer = await line.ask("questions.open", client_id="one", open=False)
        assert answer == {"ok": True}
    state = await viewer.until("state", lambda told: told["questions_open"] is False, "the change", 5.0)
    assert state["version"] == await hall.version(), "told as soon as it can be"


async def _fail(*_: object) -> object:
    raise ConnectionError("the database is away")


def _versions(line: Line) -> list[int]:
    told = line.payloads("state")
    return [state["public"]["version"] if "public" in state else state["version"] for state in told]

"""Cuts that come by file: obeyed within a tick, before the first picture, and whatever is in the file."""

from pathlib import Path

import av
import pytest

from media.control.studio import GateState, SlateText
from media.gate.gate import PublicGate
from media.gate.journal import Journal
from media.gate.moment import Moment
from media.gate.wish import EMERGENCY, Wish, Wishes
from tests.media.studio.fakes import FakeClock

WAITING = SlateText(title="Soon")
PRIVATE = SlateText(title="The public have been excluded for item 9")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gate.jsonl"


def resume(path: Path, *, expected: bool = True) -> PublicGate:
    frame = av.VideoFrame(16, 16)
    return PublicGate.resume(Journal(path), WAITING, FakeClock(), lambda text: frame, expected=expected)


async def opened(path: Path) -> PublicGate:
    gate = resume(path, expected=False)
    await gate.move(GateState.OPEN, WAITING, "go live", "clerk", confirmed=True)
    return gate


async def test_a_running_gate_closes_at_the_next_tick(path: Path) -> None:
    gate = await opened(path)
    told: list[tuple[Moment, Wish]] = []
    gate.on_wish = lambda moment, wish: told.append((moment, wish))
    before = gate.begin()
    assert gate.is_open_for(before)
    Wishes(path).put(Wish(by="root", reason="somebody shouted a name"))
    tick = gate.begin()
    assert not gate.is_open_for(before)
    assert not gate.is_open_for(tick)
    assert (gate.now.state, gate.now.slate) == (GateState.TECHNICAL, EMERGENCY)
    assert Journal(path).read()[-1].state is GateState.OPEN, "the disk has not had its turn yet"
    killed_here = resume(path)
    assert killed_here.now.state is GateState.TECHNICAL

    await gate.write_down(*told[0])
    assert Journal(path).read()[-1].reason == "somebody shouted a name"
    assert resume(path).now.state is GateState.TECHNICAL
    assert not list(path.parent.glob("*cut*"))


async def test_a_starting_gate_is_shut_before_its_first_picture(path: Path) -> None:
    await opened(path)
    Wishes(path).put(Wish(state=GateState.PRIVATE, slate=PRIVATE, by="clerk"))
    gate = resume(path)
    assert (gate.now.state, gate.now.slate) == (GateState.PRIVATE, PRIVATE)
    assert Journal(path).read()[-1].state is GateState.PRIVATE
    await gate.move(GateState.OPEN, WAITING, "back", "clerk", confirmed=True)
    assert resume(path).now.open, "a wish is obeyed once"


async def test_an_emergency_keeps_a_closed_state_that_says_why_and_a_move_does_not(path: Path) -> None:
    gate = await opened(path)
    await gate.move(GateState.PRIVATE, PRIVATE, "item 9", "clerk", confirmed=False)
    Wishes(path).put(Wish())
    gate.begin()
    assert gate.now.slate == PRIVATE
    adjourned = SlateText(title="Adjourned")
    Wishes(path).put(Wish(state=GateState.ADJOURNED, slate=adjourned, even_if_closed=True))
    gate.begin()
    assert (gate.now.state, gate.now.slate) == (GateState.ADJOURNED, adjourned)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff" * 1000, b'{"state": "open"}', b"[]"])
async def test_anything_in_the_file_closes(path: Path, content: bytes) -> None:
    gate = await opened(path)
    path.with_name("gate.jsonl.cut").write_bytes(content)
    gate.begin()
    assert gate.now.state is GateState.TECHNICAL


async def test_nobody_opens_while_a_wish_lies_there(path: Path) -> None:
    gate = resume(path, expected=False)
    Wishes(path).put(Wish())
    with pytest.raises(Exception, match="Somebody else moved the gate"):
        await gate.move(GateState.OPEN, WAITING, "go live", "clerk", confirmed=True)
    assert not gate.now.open
    with pytest.raises(ValueError, match="by a file"):
        Wishes(path).put(Wish(state=GateState.OPEN))


def test_one_studio_at_a_time(path: Path) -> None:
    first, second = Journal(path), Journal(path)
    first.lock()
    with pytest.raises(BlockingIOError):
        second.lock()
    first.unlock()
    second.lock()
    second.unlock()


async def test_what_an_adjournment_still_lets_out_is_dropped_and_its_slate_stays(path: Path) -> None:
    gate = resume(path, expected=False)
    await gate.set_delay(30)
    await gate.move(GateState.OPEN, WAITING, "go live", "clerk", confirmed=True)
    paused = SlateText(title="Adjourned until 14:00")
    await gate.move(GateState.ADJOURNED, paused, "lunch", "clerk", confirmed=False)
    assert gate.status().held_until_ms
    drops = gate.now.drops
    Wishes(path).put(Wish())
    gate.begin()
    assert (gate.now.state, gate.now.slate) == (GateState.ADJOURNED, paused)
    assert gate.now.drops == drops + 1
    assert not gate.status().held_until_ms
    change = gate.now.change
    Wishes(path).put(Wish())
    gate.begin()
    assert gate.now.change == change, "there is nothing left to be dropped"

import asyncio
import threading
from pathlib import Path

import av
import numpy as np
import pytest

from media.control.command import Refused
from media.control.studio import GateState, SlateText
from media.gate.gate import PublicGate, PublicPicture, PublicSound
from media.gate.journal import Entry, Journal
from media.gate.moment import DOUBT, Moment
from media.gate.wish import Wish, Wishes
from tests.media.studio.fakes import FakeClock

WAITING = SlateText(title="Soon")
PRIVATE = SlateText(title="The public have been excluded for item 9")
LIVE = SlateText(title="Live")


class Easel:
    """Draws each slate as a frame of its own."""

    def __init__(self) -> None:
        self.frames: dict[str, av.VideoFrame] = {}

    def __call__(self, text: SlateText) -> av.VideoFrame:
        return self.frames.setdefault(text.title, av.VideoFrame(16, 16))


class SlowJournal(Journal):
    """Waits in ``append`` until it is let go, and fails when told to."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.go = threading.Event()
        self.go.set()
        self.broken = False

    def append(self, entry: Entry) -> None:
        self.go.wait(10)
        if self.broken:
            raise OSError("no space left on device")
        super().append(entry)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gate.journal"


@pytest.fixture
def easel() -> Easel:
    return Easel()


def resume(journal: Journal, easel: Easel, *, expected: bool = False) -> PublicGate:
    return PublicGate.resume(journal, WAITING, FakeClock(), easel, expected=expected)


async def open_(gate: PublicGate) -> None:
    await gate.move(GateState.OPEN, LIVE, "go live", "clerk", confirmed=True)


async def close(gate: PublicGate) -> None:
    await gate.move(GateState.PRIVATE, PRIVATE, "item 9", "clerk", confirmed=False)


def passes(gate: PublicGate) -> bool:
    tick = gate.begin()
    frame = av.VideoFrame(16, 16)
    sound = np.ones((960, 2), np.float32)
    seen = gate.pass_picture(tick, frame).frame is frame
    heard = bool(gate.pass_sound(tick, sound).samples.any())
    returned = bool(gate.pass_return(tick, sound).any())
    assert seen == heard == returned
    return seen


async def test_only_the_gate_makes_public_things() -> None:
    with pytest.raises(TypeError):
        PublicPicture(av.VideoFrame(16, 16), object())
    with pytest.raises(TypeError):
        PublicSound(np.zeros((960, 2), np.float32), object())


async def test_it_begins_closed_and_passes_only_while_open(path: Path, easel: Easel) -> None:
    gate = resume(Journal(path), easel)
    assert gate.status().state is GateState.WAITING
    assert not passes(gate)
    await open_(gate)
    assert passes(gate)
    await close(gate)
    assert not passes(gate)
    assert gate.pass_picture(gate.begin(), None).frame is easel.frames[PRIVATE.title]
    assert gate.status().changes == 3


async def test_a_refused_move_changes_nothing(path: Path, easel: Easel) -> None:
    gate = resume(Journal(path), easel)
    await gate.move(GateState.ENDED, PRIVATE, "over", "clerk", confirmed=False)
    before, written = gate.now, path.read_bytes()
    for state, confirmed in ((GateState.OPEN, True), (GateState.PRIVATE, False), (GateState.ENDED, True)):
        with pytest.raises(Refused) as refusal:
            await gate.move(state, LIVE, "", "clerk", confirmed=confirmed)
        assert refusal.value.code == "illegal_transition"
    assert (gate.now, path.read_bytes()) == (before, written)


async def test_opening_without_confirmation_changes_nothing(path: Path, easel: Easel) -> None:
    gate = resume(Journal(path), easel)
    before, written = gate.now, path.read_bytes()
    with pytest.raises(Refused) as refusal:
        await gate.move(GateState.OPEN, LIVE, "", "clerk", confirmed=False)
    assert refusal.value.code == "not_confirmed"
    assert (gate.now, path.read_bytes()) == (before, written)


async def test_what_was_composed_under_another_moment_never_passes(path: Path, easel: Easel) -> None:
    gate = resume(Journal(path), easel)
    frame = av.VideoFrame(16, 16)
    composed_while_closed = gate.begin()
    await open_(gate)
    assert gate.pass_picture(composed_while_closed, frame).frame is easel.frames[WAITING.title]
    composed_before = gate.begin()
    await close(gate)
    assert gate.pass_picture(composed_before, frame).frame is easel.frames[PRIVATE.title]
    await open_(gate)
    assert gate.pass_picture(composed_before, frame).frame is easel.frames[PRIVATE.title]
    assert gate.begin().opened
    assert not gate.begin().opened


async def test_a_tick_that_was_due_before_an_opening_is_not_of_it(path: Path, easel: Easel) -> None:
    clock = FakeClock()
    gate = PublicGate.resume(Journal(path), WAITING, clock, easel, expected=False)
    frame = av.VideoFrame(16, 16)
    due = clock.monotonic()
    assert not gate.begin(due).moment.open
    clock.advance(1)
    await open_(gate)
    late = gate.begin(due + 0.96)
    assert not late.opened
    assert gate.pass_picture(late, frame).frame is easel.frames[WAITING.title]
    punctual = gate.begin(due + 1)
    assert punctual.opened
    assert gate.pass_picture(punctual, frame).frame is frame


@pytest.mark.parametrize("states", [[], ["open"], ["open", "private"], ["adjourned"], ["ended"]])
async def test_a_restart_goes_on_where_it_was(path: Path, easel: Easel, states: list[str]) -> None:
    gate = resume(Journal(path), easel)
    for state in states:
        await gate.move(GateState(state), PRIVATE, "", "clerk", confirmed=True)
    again = resume(Journal(path), easel, expected=True)
    assert again.status() == gate.status()
    assert passes(again) == (states == ["open"])


async def test_new_words_survive_a_restart_and_move_nothing(path: Path, easel: Easel) -> None:
    gate = resume(Journal(path), easel)
    await close(gate)
    words = SlateText(title="Back about 19:40")
    status = await gate.reword(words)
    assert (status.slate, status.state, status.changes) == (words, GateState.PRIVATE, 2)
    again = resume(Journal(path), easel, expected=True)
    assert again.status() == status


async def test_every_doubt_is_the_technical_slate(path: Path, easel: Easel) -> None:
    gate = resume(Journal(path), easel)
    await open_(gate)
    with path.open("ab") as file:
        file.write(b'{"entry": "{')
    doubtful = resume(Journal(path), easel, expected=True)
    assert (doubtful.status().state, doubtful.status().slate) == (GateState.TECHNICAL, DOUBT)
    assert resume(Journal(path), easel, expected=True).status().state is GateState.TECHNICAL
    path.unlink()
    missing = resume(Journal(path), easel, expected=True)
    assert missing.status().state is GateState.TECHNICAL
    await open_(missing)
    assert passes(missing)


async def test_a_cut_by_file_that_is_written_after_a_later_one_is_no_doubt(path: Path, easel: Easel) -> None:
    gate = resume(Journal(path), easel)
    await gate.set_delay(20)
    await open_(gate)
    obeyed: list[tuple[Moment, Wish]] = []
    gate.on_wish = lambda moment, wish: obeyed.append((moment, wish))
    Wishes(path).put(Wish())
    gate.begin()
    await close(gate)
    await gate.write_down(*obeyed[0])
    assert resume(Journal(path), easel, expected=True).status() == gate.status()


async def test_a_doubt_keeps_the_broadcast_delay(path: Path, easel: Easel) -> None:
    gate = resume(Journal(path), easel)
    await gate.set_delay(20)
    await open_(gate)
    with path.open("ab") as file:
        file.write(b'{"entry": "{')
    doubtful = resume(Journal(path), easel, expected=True)
    assert (doubtful.status().state, doubtful.status().delay_seconds) == (GateState.TECHNICAL, 20)


async def test_a_cut_does_not_wait_for_the_disk(path: Path, easel: Easel) -> None:
    journal = SlowJournal(path)
    gate = resume(journal, easel)
    await open_(gate)
    journal.go.clear()
    cutting = asyncio.create_task(close(gate))
    await asyncio.sleep(0)
    assert not passes(gate)
    assert not cutting.done()
    journal.go.set()
    await cutting


async def test_an_opening_waits_for_the_disk_and_a_cut_overtakes_it(path: Path, easel: Easel) -> None:
    journal = SlowJournal(path)
    gate = resume(journal, easel)
    journal.go.clear()
    opening = asyncio.create_task(open_(gate))
    await asyncio.sleep(0)
    assert not passes(gate)
    cutting = asyncio.create_task(close(gate))
    await asyncio.sleep(0)
    journal.go.set()
    with pytest.raises(Refused) as refusal:
        await opening
    await cutting
    assert refusal.value.code == "overtaken"
    assert gate.status().state is GateState.PRIVATE
    assert resume(Journal(path), easel, expected=True).status() == gate.status()


async def test_a_broken_disk_refuses_to_open_and_obeys_a_cut(path: Path, easel: Easel) -> None:
    journal = SlowJournal(path)
    gate = resume(journal, easel)
    journal.broken = True
    with pytest.raises(Refused) as refusal:
        await open_(gate)
    assert refusal.value.code == "journal_failed"
    assert not passes(gate)
    journal.broken = False
    await open_(gate)
    journal.broken = True
    await close(gate)
    assert not passes(gate)
    assert resume(Journal(path), easel, expected=True).status().state is GateState.TECHNICAL


async def test_it_stays_secret_from_private_until_it_opens_whatever_lies_between(
    path: Path, easel: Easel
) -> None:
    gate = resume(Journal(path), easel)
    await open_(gate)
    await gate.move(GateState.ADJOURNED, PRIVATE, "", "clerk", confirmed=False)
    assert not gate.now.secret
    await open_(gate)
    await close(gate)
    await gate.move(GateState.TECHNICAL, PRIVATE, "", "clerk", confirmed=False)
    assert gate.now.secret
    assert gate.status().secret
    again = resume(Journal(path), easel, expected=True)
    assert (again.now.state, again.now.secret) == (GateState.TECHNICAL, True)
    await open_(again)
    assert not again.now.secret
    assert not resume(Journal(path), easel, expected=True).now.secret
    path.unlink()
    assert resume(Journal(path), easel, expected=True).now.secret, "in doubt"

"""A rehearsal's gate: as every gate to those who take part, and shut to the public whatever happens."""

from pathlib import Path

import av
import numpy as np
import pytest

from media.control.studio import GateState
from media.gate.gate import PublicGate
from media.gate.journal import Journal
from media.gate.rehearsal import RehearsalGate
from tests.media.gate.test_gate import LIVE, WAITING, Easel
from tests.media.studio.fakes import FakeClock

STATES = [GateState.OPEN, GateState.PRIVATE, GateState.ADJOURNED, GateState.TECHNICAL, GateState.OPEN]


def gate_of(kind: type[PublicGate], path: Path, clock: FakeClock, *, expected: bool = False) -> PublicGate:
    return kind.resume(Journal(path), WAITING, clock, Easel(), expected=expected)


def comes_out(gate: PublicGate, clock: FakeClock) -> list[str]:
    """What of the programme reaches the public."""
    tick = gate.begin()
    frame = av.VideoFrame(16, 16)
    out = ["picture"] if gate.pass_picture(tick, frame).frame is frame else []
    sound = gate.pass_sound(tick, np.ones((960, 2), np.float32)).samples
    assert sound.shape == (960, 2)
    out += ["sound"] if sound.any() else []
    if gate.now.open:
        words = gate.take_words("Carried.", None, round(clock.wall() * 1000))
        out += ["words"] if gate.pass_words(tick, words) is not None else []
    return out


@pytest.mark.parametrize(
    ("kind", "open_lets_out"), [(PublicGate, ["picture", "sound", "words"]), (RehearsalGate, [])]
)
async def test_nothing_comes_out_in_any_state(
    tmp_path: Path, kind: type[PublicGate], open_lets_out: list[str]
) -> None:
    clock = FakeClock()
    gate = gate_of(kind, tmp_path / "journal", clock)
    assert comes_out(gate, clock) == []
    for state in STATES:
        await gate.move(state, LIVE, "a test", "clerk", confirmed=True)
        clock.advance(20)
        assert comes_out(gate, clock) == (open_lets_out if state is GateState.OPEN else [])
    resumed = gate_of(kind, tmp_path / "journal", clock, expected=True)
    clock.advance(20)
    assert resumed.now.open
    assert set(comes_out(resumed, clock)) <= set(open_lets_out)


async def test_speakers_hear_the_room_as_in_a_meeting(tmp_path: Path) -> None:
    gate = gate_of(RehearsalGate, tmp_path / "journal", FakeClock())
    sound = np.ones((960, 2), np.float32)
    assert not gate.pass_return(gate.begin(), sound).any()
    await gate.move(GateState.OPEN, LIVE, "go live", "clerk", confirmed=True)
    assert gate.pass_return(gate.begin(), sound).all()
    await gate.move(GateState.PRIVATE, LIVE, "item 9", "clerk", confirmed=True)
    assert not gate.pass_return(gate.begin(), sound).any()

"""Which lines of a captioner pass: only what was said, written and sent while the public were there."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.control.command import Refused
from media.control.studio import GateState, SlateText
from media.gate.gate import PublicCaption, PublicGate
from media.gate.journal import Journal
from media.gate.moment import Moment
from media.gate.words import BEHIND_SECONDS, Words, take
from tests.media.gate.test_gate import Easel, close, open_, resume
from tests.media.studio.fakes import FakeClock

LINE = "The motion is carried."
SLATE = SlateText(title="The public have been excluded")


class Room:
    """A gate, and the clock by which it goes."""

    def __init__(self, path: Path) -> None:
        self.path, self.clock = path, FakeClock()
        self.gate = PublicGate.resume(Journal(path), SLATE, self.clock, Easel(), expected=False)

    def again(self) -> None:
        """The studio died and is back."""
        self.gate = PublicGate.resume(Journal(self.path), SLATE, self.clock, Easel(), expected=True)

    def say(self, ago: float = 0.0) -> Words:
        return self.gate.take_words(LINE, None, round((self.clock.wall() - ago) * 1000))

    def refusal(self, ago: float = 0.0) -> str:
        with pytest.raises(Refused) as refused:
            self.say(ago)
        assert "Do not send it again." in refused.value.message
        return refused.value.code


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "journal")


@pytest.fixture
async def public(room: Room) -> Room:
    """It has been public for long enough."""
    await open_(room.gate)
    room.clock.advance(BEHIND_SECONDS)
    return room


def test_only_the_gate_makes_public_captions() -> None:
    with pytest.raises(TypeError):
        PublicCaption(Words(LINE, 2.0, 1), object())


async def test_a_line_passes_while_the_public_are_there(public: Room) -> None:
    words = public.say()
    caption = public.gate.pass_words(public.gate.begin(), words)
    assert caption is not None
    assert (caption.text, caption.seconds) == (LINE, 2.0)


async def test_what_comes_behind_a_closed_gate_is_refused(public: Room) -> None:
    await close(public.gate)
    assert public.refusal() == "not_public"


async def test_a_line_that_waits_when_the_gate_closes_is_gone(public: Room) -> None:
    words, tick = public.say(), public.gate.begin()
    await close(public.gate)
    assert public.gate.pass_words(tick, words) is None
    assert public.gate.pass_words(public.gate.begin(), words) is None


async def test_nor_does_it_pass_when_the_gate_is_open_again(public: Room) -> None:
    words = public.say()
    await close(public.gate)
    await open_(public.gate)
    public.clock.advance(2 * BEHIND_SECONDS)
    public.gate.begin()
    assert public.gate.pass_words(public.gate.begin(), words) is None
    assert public.gate.pass_words(public.gate.begin(), public.say()) is not None


async def test_a_captioner_who_is_behind_is_not_heard_just_after_an_opening(public: Room) -> None:
    await close(public.gate)
    await open_(public.gate)
    assert public.refusal() == "too_soon"
    public.clock.advance(BEHIND_SECONDS - 0.1)
    assert public.refusal() == "too_soon"
    public.clock.advance(0.1)
    public.say()


async def test_what_was_said_longer_ago_waits_longer(public: Room) -> None:
    assert public.refusal(ago=0.5) == "too_soon"
    public.clock.advance(0.5)
    public.say(ago=0.5)


async def test_a_clock_that_is_set_on_lets_nothing_through(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_(room.gate)
    later = room.clock.wall() + 3600
    monkeypatch.setattr(room.clock, "wall", lambda: later)
    assert room.refusal() == "too_soon"


async def test_a_restart_soon_after_an_opening_does_not_shorten_the_wait(room: Room) -> None:
    await open_(room.gate)
    room.clock.advance(BEHIND_SECONDS - 1)
    room.again()
    assert room.gate.now.open
    assert room.refusal() == "too_soon"
    room.clock.advance(1)
    room.say()


async def test_a_tick_from_before_the_opening_carries_no_line(tmp_path: Path) -> None:
    easel, journal = Easel(), Journal(tmp_path / "journal")
    gate = resume(journal, easel)
    await open_(gate)
    tick = gate.begin(due=-1.0)
    assert gate.pass_words(tick, Words(LINE, 2.0, gate.now.change)) is None
    await asyncio.sleep(0)


@given(
    state=st.sampled_from(GateState),
    opened=st.integers(0, 10**6),
    said=st.integers(0, 10**6),
    open_for=st.floats(0, 1000),
)
def test_nothing_from_before_an_opening_is_ever_taken(
    state: GateState, opened: int, said: int, open_for: float
) -> None:
    moment = Moment(3, state, SLATE, opened, SLATE)
    try:
        words = take(moment, LINE, None, said, open_for)
    except Refused:
        return
    assert state is GateState.OPEN
    assert said - opened >= BEHIND_SECONDS * 1000
    assert open_for >= BEHIND_SECONDS
    assert words.change == moment.change


@pytest.mark.parametrize(("text", "shown"), [("Aye.", 2.0), ("x" * 60, 4.0), ("x" * 500, 10.0)])
def test_a_line_is_shown_for_as_long_as_it_takes_to_read(text: str, shown: float) -> None:
    moment = Moment(3, GateState.OPEN, SLATE, 0, SLATE)
    assert take(moment, text, None, 10**6, 1000.0).seconds == shown
    assert take(moment, text, 3.5, 10**6, 1000.0).seconds == 3.5

from pathlib import Path

import pytest

from media.control.studio import GateState, SlateText
from media.gate.journal import DamagedJournal, Entry, Journal

SLATE = SlateText(title="Preifat: ŵŷ")


def entry(change: int, state: GateState) -> Entry:
    return Entry(change=change, at_ms=change * 1000, state=state, slate=SLATE, reason="item 9", by="clerk")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "gate.journal"


def write(path: Path, *states: GateState) -> list[Entry]:
    entries = [entry(number, state) for number, state in enumerate(states, 1)]
    for each in entries:
        Journal(path).append(each)
    return entries


def test_what_was_appended_is_read_again(path: Path) -> None:
    entries = write(path, GateState.WAITING, GateState.OPEN, GateState.PRIVATE)
    assert Journal(path).read() == entries
    assert Journal(path.with_name("none")).read() == []


@pytest.mark.parametrize("kept", [1, 40, -1])
def test_a_torn_last_line_behind_a_closed_state_is_ignored_and_cut_off(path: Path, kept: int) -> None:
    entries = write(path, GateState.WAITING, GateState.PRIVATE)
    whole = path.read_bytes()
    write_torn(path, entry(3, GateState.OPEN), kept)
    assert Journal(path).read() == entries
    assert path.read_bytes() == whole


@pytest.mark.parametrize("kept", [1, 40, -1])
def test_a_torn_last_line_behind_open_may_have_been_a_cut(path: Path, kept: int) -> None:
    write(path, GateState.WAITING, GateState.OPEN)
    write_torn(path, entry(3, GateState.PRIVATE), kept)
    with pytest.raises(DamagedJournal, match="may have been a cut"):
        Journal(path).read()


def write_torn(path: Path, last: Entry, kept: int) -> None:
    before = path.read_bytes()
    Journal(path).append(last)
    line = path.read_bytes()[len(before) :]
    path.write_bytes(before + line[:kept])


def test_every_other_damage_is_a_doubt(path: Path) -> None:
    write(path, GateState.WAITING, GateState.OPEN, GateState.PRIVATE)
    good = path.read_bytes()
    for damage in (
        good.replace(b"item 9", b"item 8", 1),
        b"\n" + good,
        b"[]\n" + good,
        b"".join(good.splitlines(keepends=True)[::-1]),
        good + good.splitlines(keepends=True)[0],
        good.replace(b"private", b"opened!"),
        b"\x00" * 100 + b"\n",
    ):
        path.write_bytes(damage)
        with pytest.raises(DamagedJournal):
            Journal(path).read()


def test_two_cuts_at_one_moment_may_be_written_the_second_first(path: Path) -> None:
    states = (GateState.WAITING, GateState.OPEN, GateState.PRIVATE, GateState.TECHNICAL)
    entries = [entry(number, state) for number, state in enumerate(states, 1)]
    for each in (entries[0], entries[1], entries[3], entries[2]):
        Journal(path).append(each)
    assert Journal(path).read() == entries


@pytest.mark.parametrize("order", [(1, 3, 2), (1, 2, 4, 3)])
def test_an_opening_out_of_order_is_a_doubt(path: Path, order: tuple[int, ...]) -> None:
    states = (GateState.WAITING, GateState.OPEN, GateState.PRIVATE, GateState.OPEN)
    for number in order:
        Journal(path).append(entry(number, states[number - 1]))
    with pytest.raises(DamagedJournal):
        Journal(path).read()


def test_a_damaged_journal_still_tells_the_delay(path: Path) -> None:
    Journal(path).append(entry(1, GateState.WAITING).model_copy(update={"delay_seconds": 20}))
    path.write_bytes(b"[]\n" + path.read_bytes() + b'{"entry": "{')
    assert Journal(path).longest_delay() == 20
    Journal(path).set_aside()
    assert Journal(path).longest_delay() == 20
    assert Journal(path.with_name("none")).longest_delay() == 0


def test_a_journal_set_aside_is_kept_and_gone(path: Path) -> None:
    write(path, GateState.WAITING)
    Journal(path).set_aside()
    write(path, GateState.WAITING)
    Journal(path).set_aside()
    assert not Journal(path).exists()
    assert len(list(path.parent.iterdir())) == 2


def test_what_cannot_be_written_leaves_the_journal_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "gate.journal"
    path.mkdir()
    with pytest.raises(OSError, match="Is a directory"):
        Journal(path).append(entry(1, GateState.WAITING))

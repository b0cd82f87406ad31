import os
from collections.abc import Callable
from pathlib import Path

import pytest

from media.control.studio import GateState, SlateText
from media.gate.journal import DamagedJournal, Entry, Journal
from media.gate.wish import Wish, Wishes

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


class Disk:
    """What would be there after a power cut: each file as it was when it was last fsynced."""

    def __init__(self, fsync: Callable[[int], None]) -> None:
        self._fsync = fsync
        self._files: dict[int, bytes] = {}
        self._names: dict[Path, dict[str, int]] = {}

    def fsync(self, descriptor: int) -> None:
        """In the place of ``os.fsync``, which it calls."""
        self._fsync(descriptor)
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path.is_dir():
            self._names[path] = {each.name: each.stat().st_ino for each in path.iterdir()}
        else:
            self._files[path.stat().st_ino] = path.read_bytes()

    def has(self, path: Path) -> bytes | None:
        """A file's content, ``None`` when not even its name is there."""
        number = self._names.get(path.parent, {}).get(path.name)
        return None if number is None else self._files.get(number, b"")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Short of a power cut there is no other way to see it: what was written is read, synced or not."""
    disk = Disk(os.fsync)
    monkeypatch.setattr(os, "fsync", disk.fsync)
    return disk


def test_every_line_is_on_disk_before_it_is_acknowledged(path: Path, disk: Disk) -> None:
    journal = Journal(path)
    for number, state in enumerate((GateState.WAITING, GateState.OPEN, GateState.PRIVATE), 1):
        journal.append(entry(number, state))
        assert disk.has(path) == path.read_bytes(), f"line {number} would be lost with the power"


def test_a_journal_set_aside_and_a_torn_line_cut_off_are_so_on_disk(path: Path, disk: Disk) -> None:
    write(path, GateState.WAITING)
    whole = path.read_bytes()
    write_torn(path, entry(2, GateState.OPEN), 40)
    Journal(path).read()
    assert disk.has(path) == whole
    Journal(path).set_aside()
    assert disk.has(path) is None
    assert disk.has(path.with_name(f"{path.name}.damaged-0")) == whole


def test_a_cut_that_is_left_in_a_file_is_on_disk(path: Path, disk: Disk) -> None:
    write(path, GateState.WAITING, GateState.OPEN)
    Wishes(path).put(Wish(state=GateState.TECHNICAL, slate=SLATE, reason="", by="root"))
    left = disk.has(path.with_name(f"{path.name}.cut"))
    assert left is not None
    assert Wish.model_validate_json(left).state is GateState.TECHNICAL


def test_what_cannot_be_synced_is_not_acknowledged(path: Path) -> None:
    """A pipe takes what is written and cannot be synced, as a disk that fails when it is asked to."""
    path.parent.mkdir()
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(OSError, match="Invalid argument"):
        Journal(path).append(entry(1, GateState.OPEN))
    assert os.read(reader, 10_000).endswith(b"\n"), "it was written"
    os.close(reader)
    assert not path.exists(), "set aside: nobody knows what of it is on disk"

"""What the gate did, one JSON line for each change, on disk before it is acknowledged.

A line is ``{"entry": {…}, "crc": CRC-32 of the entry's JSON}``. Every entry tells the whole state, so that
the last good one is enough to go on from.
"""

import fcntl
import json
import os
import zlib
from collections.abc import Iterable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from pydantic import ValidationError

from media.control.command import Message
from media.control.studio import GateState, SlateText
from media.gate.states import TABLE


class Entry(Message):
    """One change, or one new wording of the slate."""

    change: int
    """Numbers the moves of the gate, from 1 upwards; a new wording repeats the number."""
    at_ms: int
    state: GateState
    slate: SlateText
    reason: str
    by: str
    delay_seconds: int = 0


class DamagedJournal(Exception):  # noqa: N818  names what was found
    """What is on disk leaves a doubt about the state; ``str`` says which."""


class Journal:
    """Append-only. Blocking: call from a worker thread, one call at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock: int | None = None

    def lock(self) -> None:
        """Keep a second studio of this meeting away for as long as this process lives.

        One that was thought dead and wakes up must find its programme taken, or else be found itself. Raises
        ``BlockingIOError`` when another process has it, and ``OSError`` when the disk refuses.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path.with_name(self._path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise
        self._lock = descriptor

    def unlock(self) -> None:
        """Let another have it. A process that ends, however, does so by itself."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def exists(self) -> bool:
        """Whether anything was ever written."""
        return self._path.exists()

    def read(self) -> list[Entry]:
        """Every entry, oldest first; cuts off a torn last line that cannot have mattered.

        A torn last line was never acknowledged, so it is ignored, unless the gate was open before it: then it
        can only have been a cut, and cuts take effect before they are written. Raises ``DamagedJournal`` for
        that and for every other doubt, and ``OSError`` when the disk cannot be read.
        """
        if not self._path.exists():
            return []
        lines = self._path.read_bytes().split(b"\n")
        torn = lines.pop()
        entries = _in_order(_decode(line, number) for number, line in enumerate(lines, 1))
        _check_order(entries)
        if torn:
            if entries and entries[-1].state is GateState.OPEN:
                raise DamagedJournal("the last line is torn and may have been a cut")
            self._truncate(sum(len(line) + 1 for line in lines))
        return entries

    def longest_delay(self) -> int:
        """The longest broadcast delay that any line tells of which can be read, for a start in doubt.

        What was set aside counts: a delay does not change once a meeting was live.
        """
        found = 0
        for path in (self._path, *self._path.parent.glob(f"{self._path.name}.damaged-*")):
            with suppress(OSError):
                for line in path.read_bytes().split(b"\n"):
                    with suppress(DamagedJournal):
                        found = max(found, _decode(line, 0).delay_seconds)
        return found

    def append(self, entry: Entry) -> None:
        """Write and fsync. Raises ``OSError``: then the entry is not in it, or the journal is set aside."""
        body = entry.model_dump_json()
        line = json.dumps({"entry": body, "crc": zlib.crc32(body.encode())}).encode() + b"\n"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        created = not self._path.exists()
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            length = os.fstat(descriptor).st_size
            try:
                _write_all(descriptor, line)
                os.fsync(descriptor)
            except OSError:
                self._undo(length)
                raise
        finally:
            os.close(descriptor)
        if created:
            sync_directory(self._path.parent)

    def set_aside(self) -> None:
        """Move the file out of the way, kept as evidence. A later start then finds its journal missing."""
        for number in range(1000):
            aside = self._path.with_name(f"{self._path.name}.damaged-{number}")
            if not aside.exists():
                self._path.rename(aside)
                sync_directory(self._path.parent)
                return
        raise FileExistsError("A thousand damaged journals lie here; somebody has to look.")

    def _undo(self, length: int) -> None:
        try:
            self._truncate(length)
        except OSError:
            with suppress(OSError):
                self.set_aside()

    def _truncate(self, length: int) -> None:
        descriptor = os.open(self._path, os.O_WRONLY)
        try:
            os.ftruncate(descriptor, length)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_directory(path: Path) -> None:
    """Make a new file's name as durable as its content. Raises ``OSError``."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _decode(line: bytes, number: int) -> Entry:
    try:
        record = json.loads(line)
        body: str = record["entry"]
        if zlib.crc32(body.encode()) != record["crc"]:
            raise DamagedJournal(f"line {number} fails its checksum")
        return Entry.model_validate_json(body)
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError) as error:
        raise DamagedJournal(f"line {number} cannot be read") from error


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Of two cuts at one moment the second may be on disk first. Of an opening that would be a doubt."""
    ordered: list[Entry] = []
    for entry in entries:
        place = len(ordered)
        if entry.state is not GateState.OPEN:
            while place and _is_later_cut(ordered[place - 1], entry):
                place -= 1
        ordered.insert(place, entry)
    return ordered


def _is_later_cut(other: Entry, entry: Entry) -> bool:
    return other.state is not GateState.OPEN and other.change > entry.change


def _check_order(entries: list[Entry]) -> None:
    for before, after in pairwise(entries):
        if after.change == before.change:
            legal = after.state is before.state
        else:
            # A number is missing where an opening could not be written.
            legal = after.change > before.change and after.state in TABLE[before.state]
        if not legal:
            raise DamagedJournal(f"change {after.change} cannot follow change {before.change}")

"""Processes that a test started: find all of them again, children of children too, and leave none behind."""

import contextlib
import os
import signal
from collections.abc import Iterable
from pathlib import Path

from tests.support.waiting import until

MARK = "MOOT_TEST_RUN"
"""Environment variable that every process of one run inherits, orphans too."""


def spare_of(module: str) -> str:
    """Stands for the command line of a process that is none yet (``hub.supervision.spare``)."""
    return f"a spare {module.rpartition('.')[2]} that waits"


SPARE = spare_of("media.studio")


def marked(run: str) -> dict[int, str]:
    """Ids and command lines of the living processes that carry the mark ``run``."""
    wanted = f"{MARK}={run}".encode()
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):  # it ended while we looked
            if wanted in (entry / "environ").read_bytes().split(b"\0") and _alive(entry):
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
                found[int(entry.name)] = _spare(command) if _waits(entry, command) else command
    return found


def _waits(entry: Path, command: str) -> bool:
    """Whether it is a spare that has not begun: its standard input is still the pipe from the hub."""
    return command.endswith("--spare") and str((entry / "fd/0").readlink()).startswith("pipe:")


def _spare(command: str) -> str:
    words = command.split()
    return spare_of(words[words.index("-m") + 1])


def reads_its_input(pid: int) -> bool:
    """Whether it waits at a pipe: a spare does, once it has imported everything."""
    return "pipe" in Path(f"/proc/{pid}/wchan").read_text()


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def ended(run: str, seconds: float) -> dict[int, str]:
    """Wait until no process of the run is left; those that still live after ``seconds`` are returned."""
    with contextlib.suppress(TimeoutError):
        await until(lambda: not marked(run), "the processes to end", seconds)
    return marked(run)


def send(number: signal.Signals, pids: Iterable[int]) -> list[int]:
    """Send a signal to these very processes; those that it reached."""
    reached = []
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
            reached.append(pid)
    return reached


def _alive(entry: Path) -> bool:
    return (entry / "stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"

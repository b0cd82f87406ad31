"""Finding the decoder processes of a process, to do them harm."""

import os
from pathlib import Path

DECODER = "media.sources.decoder"


def decoders(parent: int | None = None, module: str = DECODER) -> list[int]:
    """The ids of the running child processes of ``parent``, this process when not given.

    Of decoders, those that have a job.
    """
    found = _children(parent, module)
    return [pid for pid in found if _working(pid)] if module == DECODER else found


def spare_decoders(parent: int | None = None) -> list[int]:
    """Those that wait for one."""
    return [pid for pid in _children(parent, DECODER) if not _working(pid)]


def _children(parent: int | None, module: str) -> list[int]:
    threads = Path(f"/proc/{parent or os.getpid()}/task").iterdir()
    return [pid for thread in threads for pid in _of_thread(thread) if module.encode() in _words(pid)]


def _of_thread(thread: Path) -> list[int]:
    try:
        return [int(pid) for pid in (thread / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        # It ended a moment ago; its children are another's.
        return []


def _working(pid: int) -> bool:
    """A decoder with a job has the memory for its pictures mapped."""
    try:
        return "memfd:pictures" in Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return False


def _words(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        return []

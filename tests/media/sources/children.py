"""Finding the decoder processes of a process, to do them harm."""

import os
from pathlib import Path


def decoders(parent: int | None = None, module: str = "media.sources.decoder") -> list[int]:
    """The ids of the running child processes of ``parent``, this process when not given."""
    threads = Path(f"/proc/{parent or os.getpid()}/task").iterdir()
    children = [int(pid) for thread in threads for pid in (thread / "children").read_text().split()]
    return [pid for pid in children if module.encode() in _words(pid)]


def _words(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        return []

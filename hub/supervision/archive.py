"""Recordings on this machine's disk."""

import asyncio
import os
import shutil
from pathlib import Path

from hub.supervision.plans import RECORDING, REWIND

FOLDERS = (RECORDING, REWIND)
"""What the public were shown. The gate's journal stays, and so do sealed private recordings: their reader's
key is the council's, and so is how long it keeps them."""


class DiskArchive:
    """Implements ``hub.domain.ports.Archive``. ``meetings``: the directory with one for each meeting."""

    def __init__(self, meetings: Path) -> None:
        self._meetings = meetings

    async def held(self) -> list[str]:
        return await asyncio.to_thread(self._held)

    async def delete(self, ref: str) -> None:
        await asyncio.to_thread(self._delete, self._meetings / ref)

    def _held(self) -> list[str]:
        if not self._meetings.is_dir():
            return []
        found = (path for path in self._meetings.iterdir() if any((path / name).exists() for name in FOLDERS))
        return sorted(path.name for path in found)

    def _delete(self, directory: Path) -> None:
        for name in FOLDERS:
            if (directory / name).exists():
                shutil.rmtree(directory / name)
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

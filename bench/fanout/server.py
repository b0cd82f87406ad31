"""What the bench needs of a server, whichever it is."""

from collections.abc import Sequence
from typing import Protocol

from bench.crowd.process import CrowdProcess
from media.access_unit import AccessUnit


class Server(Protocol):
    """One running server process."""

    pid: int

    def tick(self, units: Sequence[AccessUnit]) -> None:
        """Feed it one tick."""

    async def admit(self, crowd: CrowdProcess, count: int) -> None:
        """Let so many more guests in; they connect by themselves afterwards."""

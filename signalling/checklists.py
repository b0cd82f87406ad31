"""Tells consoles how a meeting stands before it goes live."""

import asyncio
from collections.abc import Callable

import structlog

from hub.domain import views
from hub.domain.snapshots import Checklist
from media.client import EngineSnapshot
from media.control.studio import GateState
from signalling.console import ConsoleNamespace
from signalling.rooms import staff_room

log = structlog.get_logger(__name__)


class Checklists:
    """The event ``checklist``, whenever a line has changed; levels alone change none.

    ``console`` is asked for at each change, as the broadcaster asks.
    """

    def __init__(self, console: Callable[[], ConsoleNamespace]) -> None:
        self._console = console
        self._told: dict[str, Checklist] = {}
        """Of meetings that are not live yet."""
        self._turn = asyncio.Lock()

    async def engine_changed(self, ref: str, engine: EngineSnapshot) -> None:
        """Look again, unless the gate says that the meeting was live. The next change tries what failed."""
        if engine.studio is not None and engine.studio.gate.state is not GateState.WAITING:
            return
        try:
            await self.look(ref)
        except Exception:
            log.exception("checklist_not_told", meeting=ref)

    async def look(self, ref: str) -> None:
        """Put it together anew, and tell those who have another."""
        console = self._console()
        # In turn, so that nobody gets an older one after a newer one.
        async with self._turn:
            checklist = await views.checklist(console.desk, ref)
            if checklist == self._told.get(ref, Checklist(lines=[])):
                return
            self._told[ref] = checklist
            if not checklist.lines:
                del self._told[ref]
            await console.emit("checklist", checklist.model_dump(mode="json"), room=staff_room(ref))

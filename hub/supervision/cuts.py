"""Watches the gates, and has a cut written down that did not come by way of the hub."""

from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hub.domain.commands.foreign_cuts import take_down
from hub.domain.desk import Desk
from hub.domain.errors import DomainError
from hub.domain.ports import Slate
from hub.domain.states.meeting import MeetingEvent
from media.client import Engine
from media.control.studio import GateState, GateStatus

log = structlog.get_logger(__name__)

PATIENCE = timedelta(seconds=2)
"""How long a command of ours has to write down its own cut."""

EVENTS = {
    GateState.ADJOURNED: MeetingEvent.ADJOURN,
    GateState.PRIVATE: MeetingEvent.GO_PRIVATE,
    GateState.TECHNICAL: MeetingEvent.FAULT,
}
"""Waiting and ended are not here: only the hub begins and ends a meeting."""


class CutWatch:
    """One for all meetings of a hub."""

    def __init__(self, desk: Desk, engine: Engine) -> None:
        self._desk = desk
        self._engine = engine
        self._closed: dict[str, tuple[int, datetime]] = {}
        """The change that closed a gate, and when it was first seen here."""
        self._settled: dict[str, int] = {}
        """The change of which the database is known to know."""

    async def follow(self) -> None:
        """For ever. Statuses come four times a second, so that time passes here as well."""
        async for ref in self._engine.changes():
            try:
                await self.look(ref)
            except (DomainError, SQLAlchemyError, OSError) as error:
                log.warning("cut_not_taken_down_yet", meeting=ref, error=str(error))

    async def look(self, ref: str) -> None:
        """Take down a cut that stays unwritten for two seconds. Raises as ``take_down``; look again then."""
        gate = await self._closed_gate(ref)
        if gate is None or self._settled.get(ref) == gate.changes:
            return
        now = self._desk.clock.now()
        change, seen = self._closed.get(ref, (-1, now))
        if change != gate.changes:
            self._closed[ref] = (gate.changes, now)
            return
        if now - seen < PATIENCE:
            return
        async with self._desk.room(ref).turn:
            # It may have been opened while others had their turn.
            gate = await self._closed_gate(ref)
            if gate is None or gate.changes != change:
                return
            since = datetime.fromtimestamp(gate.since_ms / 1000, UTC)
            slate = Slate(gate.slate.title, tuple(gate.slate.lines), gate.slate.kind)
            if await take_down(self._desk, ref, EVENTS[gate.state], slate, since):
                log.warning("cut_taken_down", meeting=ref, state=gate.state)
        self._settled[ref] = change

    async def _closed_gate(self, ref: str) -> GateStatus | None:
        status = (await self._engine.snapshot(ref)).studio
        return status.gate if status is not None and status.gate.state in EVENTS else None

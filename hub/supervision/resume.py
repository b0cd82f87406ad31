"""After a hub restart: take up the meetings that were running, never less private than before."""

import structlog

from hub.domain import views
from hub.domain.desk import Desk
from hub.domain.errors import DomainError
from hub.domain.ports import Slate
from hub.domain.states.meeting import CLOSED, MeetingState
from hub.supervision.engine import ProcessEngine
from media.control.studio import GateState

log = structlog.get_logger(__name__)


async def resume_meetings(desk: Desk, engine: ProcessEngine) -> None:
    """Find or start the studio, packager and recorder of every running meeting."""
    for ref, state in await views.running_meetings(desk):
        try:
            await _resume(desk, engine, ref, state)
        except DomainError as error:
            log.error("meeting_not_resumed", meeting=ref, error=error.message)


async def _resume(desk: Desk, engine: ProcessEngine, ref: str, state: MeetingState) -> None:
    await desk.studio.open_room(ref, Slate("The meeting will start shortly"))
    if state is not MeetingState.PRE_SHOW:
        await desk.studio.start_recording(ref)
    status = engine.media(ref).status
    if state in CLOSED and status is not None and status.gate.state is GateState.OPEN:
        # The database was told of a cut that the studio's journal does not know: the cut wins.
        await desk.studio.cut(
            ref, state, Slate("The meeting is paused"), by="Moot Hall", reason="restart of the hub"
        )
    log.info("meeting_resumed", meeting=ref, state=state, gate=status.gate.state if status else None)

"""After a hub restart: take up the meetings that were running, never less private than before."""

import structlog

from hub.domain import views
from hub.domain.commands.closing import shut
from hub.domain.desk import Desk
from hub.domain.errors import DomainError
from hub.domain.ports import Slate
from hub.domain.states.meeting import MeetingState
from hub.domain.views import Running
from hub.supervision.engine import ProcessEngine
from media.control.command import Disconnected, Refused
from media.control.studio import GateState

log = structlog.get_logger(__name__)


async def resume_meetings(desk: Desk, engine: ProcessEngine) -> None:
    """Find or start the studio, packager and recorder of every running meeting."""
    for running in await views.running_meetings(desk):
        try:
            await _resume(desk, engine, running)
        except DomainError as error:
            log.error("meeting_not_resumed", meeting=running.ref, error=error.message)


async def _resume(desk: Desk, engine: ProcessEngine, running: Running) -> None:
    ref, state = running.ref, running.state
    await desk.studio.open_room(ref, Slate("The meeting will start shortly"), rehearsal=running.rehearsal)
    if state is not MeetingState.PRE_SHOW:
        await desk.studio.start_recording(ref)
    status = engine.media(ref).status
    if state is not MeetingState.LIVE and status is not None and status.gate.state is GateState.OPEN:
        # A cut that the studio's journal does not know, or an opening never written down: closed wins.
        log.warning("gate_was_open", meeting=ref, state=state)
        slate = await _slate(desk, ref)
        await shut(desk.studio, ref, state, slate, by="Moot Hall", reason="restart of the hub")
    speakers = await views.speakers_on_air(desk, ref)
    try:
        await engine.media(ref).on_air.restore([str(speaker) for speaker in speakers])
    except (Refused, Disconnected) as error:
        # It is put right as soon as the studio answers again, or a speaker connects.
        log.warning("on_air_not_restored", meeting=ref, error=str(error))
    log.info("meeting_resumed", meeting=ref, state=state, gate=status.gate.state if status else None)


async def _slate(desk: Desk, ref: str) -> Slate:
    notice = (await views.staff_snapshot(desk, ref)).public.notice
    return Slate(notice.title, tuple(notice.lines)) if notice is not None else Slate("The meeting is paused")

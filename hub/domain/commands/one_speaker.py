"""A command about one speaker, and whether they still are as the officer saw them."""

from pydantic import Field
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.commands.core import Args, Call, Change, Id
from hub.domain.errors import Conflict
from hub.domain.models import AuditEntry, Registration
from hub.domain.states.speaker import SpeakerState


class OneSpeaker(Args):
    """``seen`` is the state of the speaker that the officer was looking at."""

    registration_id: Id
    seen: SpeakerState | None = Field(default=None, strict=False)


async def taken_up(change: Change, args: OneSpeaker) -> Registration:
    """The speaker, if they still are as the officer saw them. Raises ``NotFound`` and ``Conflict``."""
    speaker = await change.speaker(args.registration_id)
    if args.seen is not None and args.seen is not speaker.state:
        raise await _changed(change.session, speaker)
    return speaker


async def refuse_if_changed(call: Call, args: OneSpeaker, state: SpeakerState) -> None:
    """The same before the studio is told anything."""
    if args.seen is None or args.seen is state:
        return
    async with call.desk.store.read() as session:
        raise await _changed(session, await session.get_one(Registration, args.registration_id))


async def _changed(session: AsyncSession, speaker: Registration) -> Conflict:
    done = select(AuditEntry.who).where(
        AuditEntry.meeting_id == speaker.meeting_id, AuditEntry.subject == f"speaker {speaker.id}"
    )
    mover = (await session.exec(done.order_by(col(AuditEntry.id).desc()))).first()
    theirs = mover is None or mover == f"speaker {speaker.id}"
    return Conflict(
        f"{speaker.name if theirs else mover} changed this a moment ago: "
        f"{speaker.name} is {speaker.state.replace('_', ' ')} now."
    )

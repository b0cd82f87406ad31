"""How a meeting is found by its ref, by whoever may know of it, and whether it is cancelled."""

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.errors import NotFound
from hub.domain.models import Meeting
from hub.domain.text import is_plain


async def find_meeting(
    session: AsyncSession, ref: str, *, lock: bool = False, rehearsals: bool = False
) -> Meeting:
    """The meeting's row, locked against other writers when asked. Raises ``NotFound``.

    ``rehearsals``: whether whoever asks may know of one. The public may not, so nobody does unless told.
    """
    if not is_plain(ref):
        raise NotFound("There is no such meeting.")
    query = select(Meeting).where(Meeting.ref == ref)
    meeting = (await session.exec(query.with_for_update() if lock else query)).first()
    if meeting is None or (meeting.rehearsal and not rehearsals):
        raise NotFound("There is no such meeting.")
    return meeting


def is_cancelled(meeting: Meeting) -> bool:
    """Whether the agenda system says so, in its words."""
    return "cancelled" in meeting.agenda_status.lower()

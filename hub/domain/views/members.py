"""Who is expected at a meeting, for officers to pick from."""

from sqlmodel import col, select

from hub.domain.desk import Desk
from hub.domain.meetings import find_meeting
from hub.domain.models import Attendee


async def expected_names(desk: Desk, ref: str) -> list[str]:
    """Members and officers in the order of the agenda system, each once. Raises ``NotFound``."""
    async with desk.store.read() as session:
        meeting = await find_meeting(session, ref, rehearsals=True)
        expected = select(Attendee.name).where(Attendee.meeting_id == meeting.id).order_by(col(Attendee.id))
        return list(dict.fromkeys(await session.exec(expected)))

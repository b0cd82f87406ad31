"""What officers bring into a meeting beside commands: documents and screens. All of it is taken down."""

from hub.domain.desk import Desk
from hub.domain.meetings import find_meeting
from hub.domain.models import AuditEntry
from hub.domain.people import Staff


async def take_down(desk: Desk, officer: Staff, ref: str, action: str, subject: str) -> None:
    """Write into the log of the meeting. Raises ``NotFound``."""
    async with desk.store.write() as session:
        meeting = await find_meeting(session, ref, lock=True, rehearsals=True)
        meeting.version += 1
        session.add(
            AuditEntry(
                meeting_id=meeting.id, at=desk.clock.now(), who=officer.name, action=action, subject=subject
            )
        )
    await desk.announcer.meeting_changed(ref)

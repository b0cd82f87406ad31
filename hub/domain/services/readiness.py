"""The checklist of one meeting, put together from the engine and the database."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.checklist import KeyPerson, Line, Office, checklist
from hub.domain.desk import Desk
from hub.domain.kind import MeetingKind
from hub.domain.meetings import find_meeting
from hub.domain.models import Attendee, Meeting
from hub.domain.states.meeting import MeetingState

BEFORE = (MeetingState.SCHEDULED, MeetingState.PRE_SHOW)
_AWAY = ("apologies", "absent")
_CHAIRS = ("chair", "vice-chair", "vice chair")
"""How roles begin that preside: who comes first, and who when they are away."""


async def find_readiness(desk: Desk, ref: str) -> list[Line]:
    """The checklist until the meeting is live, and nothing any more afterwards. Raises ``NotFound``."""
    async with desk.store.read() as session:
        meeting = await find_meeting(session, ref, rehearsals=True)
        if meeting.state not in BEFORE:
            return []
        webinar = meeting.kind is MeetingKind.WEBINAR
        people = [] if webinar else await _key_people(session, meeting)
    return checklist(await desk.studio.equipment(ref), people)


async def _key_people(session: AsyncSession, meeting: Meeting) -> list[KeyPerson]:
    expected = select(Attendee).where(Attendee.meeting_id == meeting.id).order_by(col(Attendee.id))
    attendees = [
        attendee
        for attendee in await session.exec(expected)
        if not attendee.attendance.casefold().startswith(_AWAY)
    ]
    return [
        KeyPerson(Office.CHAIR, _first(attendees, _CHAIRS), meeting.chair_present),
        KeyPerson(Office.CLERK, _first(attendees, ("clerk",)), meeting.clerk_present),
    ]


def _first(attendees: list[Attendee], roles: tuple[str, ...]) -> str:
    """The name of whoever has the first of these roles; "" when the agenda system names nobody."""
    for role in roles:
        for attendee in attendees:
            if attendee.role.casefold().startswith(role):
                return attendee.name
    return ""

"""What the hub itself needs to know: which meetings run, and which keys open which sources."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import col, select

from hub.domain.desk import Desk
from hub.domain.meetings import find_meeting
from hub.domain.models import AuditEntry, Meeting, Registration, StreamKey, key
from hub.domain.people import Part
from hub.domain.services.agenda import IMPORTS
from hub.domain.states.meeting import RUNNING, MeetingState
from hub.domain.states.speaker import SpeakerState


@dataclass(frozen=True, slots=True)
class Running:
    """A meeting that should have a studio."""

    ref: str
    state: MeetingState
    rehearsal: bool


async def meeting_id(desk: Desk, ref: str, *, rehearsals: bool = False) -> int:
    """The meeting's number. Raises ``NotFound``."""
    async with desk.store.read() as session:
        return key(await find_meeting(session, ref, rehearsals=rehearsals))


async def running_meetings(desk: Desk) -> list[Running]:
    """All meetings that should have a studio."""
    async with desk.store.read() as session:
        found = select(Meeting).where(col(Meeting.state).in_(RUNNING))
        return [Running(row.ref, MeetingState(row.state), row.rehearsal) for row in await session.exec(found)]


async def speakers_on_air(desk: Desk, ref: str) -> list[int]:
    """Who is on air by way of the studio, in the order in which they were admitted."""
    async with desk.store.read() as session:
        meeting = await find_meeting(session, ref, rehearsals=True)
        found = select(Registration).where(
            Registration.meeting_id == meeting.id,
            col(Registration.state) == SpeakerState.ON_AIR,
            col(Registration.part) == Part.SPEAKER,
            col(Registration.by_phone).is_(False),
        )
        rows = (await session.exec(found.order_by(col(Registration.on_air_at)))).all()
        return [key(row) for row in rows]


async def stream_keys(desk: Desk, refs: Collection[str]) -> dict[str, dict[str, str]]:
    """{ref: {key: source}} of these meetings."""
    async with desk.store.read() as session:
        found = select(Meeting.ref, StreamKey).join(StreamKey, col(StreamKey.meeting_id) == Meeting.id)
        keys: dict[str, dict[str, str]] = {}
        for ref, stream in (await session.exec(found.where(col(Meeting.ref).in_(refs)))).all():
            keys.setdefault(ref, {})[stream.key] = stream.source
        return keys


async def newest_entry(desk: Desk) -> int:
    """The number of the newest audit entry; 0 when there is none."""
    async with desk.store.read() as session:
        return (await session.exec(select(func.max(AuditEntry.id)))).one() or 0


async def imports_after(desk: Desk, entry: int) -> dict[int, str]:
    """The imports with a later audit entry than this: entry → ref of the meeting, at most 1000."""
    found = (
        select(AuditEntry.id, Meeting.ref)
        .join(Meeting, col(Meeting.id) == AuditEntry.meeting_id)
        .where(col(AuditEntry.id) > entry, col(AuditEntry.action).in_(IMPORTS))
        .order_by(col(AuditEntry.id))
        .limit(1000)
    )
    async with desk.store.read() as session:
        return {number: ref for number, ref in await session.exec(found) if number is not None}

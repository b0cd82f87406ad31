"""What the hub itself needs to know: which meetings run, and which keys open which sources."""

from collections.abc import Collection

from sqlmodel import col, select

from hub.domain.commands.core import find_meeting
from hub.domain.desk import Desk
from hub.domain.models import Meeting, Question, Registration, StreamKey, key
from hub.domain.people import Part
from hub.domain.snapshots import OwnQuestion
from hub.domain.states.meeting import RUNNING, MeetingState
from hub.domain.states.speaker import SpeakerState
from hub.domain.views.speaker import OWN_QUESTIONS_AT_MOST


async def meeting_id(desk: Desk, ref: str) -> int:
    """The meeting's number. Raises ``NotFound``."""
    async with desk.store.read() as session:
        return key(await find_meeting(session, ref))


async def running_meetings(desk: Desk) -> list[tuple[str, MeetingState]]:
    """Refs and states of all meetings that should have a studio."""
    async with desk.store.read() as session:
        found = select(Meeting).where(col(Meeting.state).in_(RUNNING))
        return [(meeting.ref, MeetingState(meeting.state)) for meeting in (await session.exec(found)).all()]


async def speakers_on_air(desk: Desk, ref: str) -> list[int]:
    """The registrations of the speakers who are on air, in the order in which they were admitted."""
    async with desk.store.read() as session:
        meeting = await find_meeting(session, ref)
        found = select(Registration).where(
            Registration.meeting_id == meeting.id,
            col(Registration.state) == SpeakerState.ON_AIR,
            col(Registration.part) == Part.SPEAKER,
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


async def questions_by_device(desk: Desk, ref: str, devices: Collection[str]) -> dict[str, list[OwnQuestion]]:
    """What each of these devices has asked, the newest last; devices that asked nothing are not in it."""
    if not devices:
        return {}
    async with desk.store.read() as session:
        meeting = await find_meeting(session, ref)
        asked = select(Question).where(Question.meeting_id == meeting.id).order_by(col(Question.id).desc())
        own: dict[str, list[OwnQuestion]] = {}
        for row in (await session.exec(asked)).all():
            mine = own.setdefault(row.device, []) if row.device in devices else []
            if len(mine) < OWN_QUESTIONS_AT_MOST:
                mine.insert(0, OwnQuestion(id=key(row), text=row.text, state=row.state))
        return own

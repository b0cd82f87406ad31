"""The keys that encoders show: one for each source of a meeting."""

from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.clock import Tokens
from hub.domain.models import Meeting, StreamKey, key
from hub.domain.states.meeting import MeetingState
from hub.domain.store import Store
from hub.domain.text import is_plain

CHAMBER = "chamber"
SIGN = "sign"
"""The interpreter of sign language, for whom there may be an encoder of their own."""
SOURCES = (CHAMBER, SIGN)


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """What a stream key opens."""

    meeting_ref: str
    source: str
    state: MeetingState


async def ensure_key(session: AsyncSession, tokens: Tokens, meeting: Meeting, source: str = CHAMBER) -> str:
    """The key of a source, made when there is none."""
    found = select(StreamKey).where(StreamKey.meeting_id == meeting.id, StreamKey.source == source)
    stream = (await session.exec(found)).first()
    if stream is None:
        stream = StreamKey(meeting_id=key(meeting), source=source, key=tokens.new())
        session.add(stream)
    return stream.key


async def holder_of_key(store: Store, text: str) -> KeyHolder | None:
    """What this key opens; None for an unknown one."""
    if not is_plain(text):
        return None
    async with store.read() as session:
        found = select(Meeting, StreamKey).join(StreamKey, col(StreamKey.meeting_id) == Meeting.id)
        row = (await session.exec(found.where(StreamKey.key == text))).first()
        return None if row is None else KeyHolder(row[0].ref, row[1].source, row[0].state)

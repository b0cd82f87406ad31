"""The meetings to come, as digests, calendars and feeds that are narrowed to a topic look at them."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.digest import Facts
from hub.domain.models import AgendaItem, Meeting, key
from hub.domain.titles import published_title

AT_MOST = 500


async def ahead(session: AsyncSession, now: datetime) -> list[Facts]:
    """In order."""
    planned = select(Meeting).where(Meeting.starts_at > now, col(Meeting.rehearsal_of).is_(None))
    meetings = (await session.exec(planned.order_by(col(Meeting.starts_at)).limit(AT_MOST))).all()
    titles = await titles_of(session, [key(meeting) for meeting in meetings])
    return [
        Facts(
            ref=meeting.ref,
            committee_id=meeting.committee_id,
            starts_at=meeting.starts_at,
            location=meeting.location,
            status=meeting.agenda_status,
            titles=titles.get(key(meeting), ()),
        )
        for meeting in meetings
    ]


async def titles_of(session: AsyncSession, meetings: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Meeting → the published titles of its items, in order."""
    listed = (
        select(AgendaItem)
        .where(col(AgendaItem.meeting_id).in_(set(meetings)), col(AgendaItem.removed).is_(False))
        .order_by(col(AgendaItem.position))
    )
    found: dict[int, tuple[str, ...]] = {}
    for item in await session.exec(listed):
        found[item.meeting_id] = (*found.get(item.meeting_id, ()), published_title(item))
    return found

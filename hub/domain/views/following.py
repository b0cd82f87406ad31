"""What somebody follows, and what can be followed."""

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.desk import Desk
from hub.domain.models import AgendaItem, Committee, Follow, Meeting, key
from hub.domain.services.following import by_stop_key
from hub.domain.snapshots import FollowView, Snapshot
from hub.domain.titles import published_title


class CommitteeView(Snapshot):
    """A body that meets."""

    id: int
    name: str


async def committees(desk: Desk) -> list[CommitteeView]:
    """All of them, by name."""
    async with desk.store.read() as session:
        rows = (await session.exec(select(Committee).order_by(col(Committee.name), col(Committee.id)))).all()
    return [CommitteeView(id=key(row), name=row.name) for row in rows]


async def followed_by_stop_key(desk: Desk, shown: str) -> list[FollowView]:
    """What a link to stop is about. Looking changes nothing. Raises ``NotFound``."""
    async with desk.store.read() as session:
        address = await by_stop_key(desk, session, shown)
        return await follows_where(session, col(Follow.address_id) == address.id)


async def follows_where(session: AsyncSession, which: ColumnElement[bool]) -> list[FollowView]:
    """Wishes for their owner."""
    query = select(Follow).where(which)
    rows = (await session.exec(query.order_by(col(Follow.id)))).all()
    return [await _view(session, row) for row in rows]


async def _view(session: AsyncSession, row: Follow) -> FollowView:
    meeting = await session.get(Meeting, row.meeting_id) if row.meeting_id is not None else None
    item = await session.get(AgendaItem, row.item_id) if row.item_id is not None else None
    committee = await session.get(Committee, row.committee_id) if row.committee_id is not None else None
    return FollowView(
        id=key(row),
        kind=row.kind,
        meeting_ref=meeting.ref if meeting is not None else "",
        meeting_title=meeting.title if meeting is not None else "",
        item=f"{item.number} {published_title(item)}".strip() if item is not None else "",
        committee=committee.name if committee is not None else "",
        topic=row.topic,
        told=row.told_at is not None,
    )

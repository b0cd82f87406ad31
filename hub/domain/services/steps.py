"""The log of a meeting, as far as it matters for taking back the last step."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.last_step import WITHIN, Step, last_step
from hub.domain.models import AuditEntry, StaffUser


async def find_last_step(session: AsyncSession, meeting_id: int, now: datetime) -> Step | None:
    """The last move of the agenda within reach, or None."""
    log = select(AuditEntry).where(AuditEntry.meeting_id == meeting_id, col(AuditEntry.at) >= now - WITHIN)
    entries = (await session.exec(log.order_by(col(AuditEntry.id)))).all()
    officers = (await session.exec(select(StaffUser.name))).all()
    return last_step(entries, officers, now)

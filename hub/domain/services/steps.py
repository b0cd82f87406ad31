"""The log of a meeting, as far as it matters for taking back the last step."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.last_step import WITHIN, Step, last_step, last_steps
from hub.domain.models import AuditEntry, StaffUser


async def find_last_step(session: AsyncSession, meeting_id: int, now: datetime) -> Step | None:
    """The last move of the agenda within reach, or None."""
    return last_step(*await _log(session, meeting_id, now), now)


async def find_last_steps(session: AsyncSession, meeting_id: int, now: datetime) -> list[Step]:
    """What each officer did last, within reach."""
    return last_steps(*await _log(session, meeting_id, now), now)


async def _log(
    session: AsyncSession, meeting_id: int, now: datetime
) -> tuple[Sequence[AuditEntry], Sequence[str]]:
    log = select(AuditEntry).where(AuditEntry.meeting_id == meeting_id, col(AuditEntry.at) >= now - WITHIN)
    entries = (await session.exec(log.order_by(col(AuditEntry.id)))).all()
    return entries, (await session.exec(select(StaffUser.name))).all()

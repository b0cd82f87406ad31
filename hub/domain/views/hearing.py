"""How many viewers cannot hear the meeting, for the console."""

from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.clock import milliseconds
from hub.domain.models import HearingReport, Meeting
from hub.domain.snapshots import HearingView

NEWS_FOR = timedelta(minutes=5)


async def load_hearing(session: AsyncSession, meeting: Meeting, now: datetime) -> HearingView | None:
    """Those of the last five minutes of whom no officer has taken note; None when there are none."""
    begin = max(now - NEWS_FOR, meeting.hearing_seen_at or now - NEWS_FOR)
    new = select(HearingReport).where(HearingReport.meeting_id == meeting.id, col(HearingReport.at) > begin)
    reports = (await session.exec(new.order_by(col(HearingReport.at)))).all()
    if not reports:
        return None
    return HearingView(
        people=len({report.device for report in reports}),
        since_ms=milliseconds(reports[0].at),
        last_ms=milliseconds(reports[-1].at),
        seconds=reports[0].seconds,
    )

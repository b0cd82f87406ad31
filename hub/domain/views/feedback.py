"""Feedback on a webinar, for officers and their records."""

from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.deletion import KEPT, deleted_on
from hub.domain.desk import Desk
from hub.domain.kind import MeetingKind
from hub.domain.meetings import find_meeting
from hub.domain.models import Feedback, Meeting
from hub.domain.models.webinar import BEST
from hub.domain.snapshots import FeedbackView, Snapshot
from hub.domain.states.meeting import OVER
from hub.domain.text import is_plain

NEWEST = 50


class FeedbackRecord(Snapshot):
    """What one person said. Nothing names them or their device."""

    at: datetime
    rating: int
    text: str
    personal_data_deleted_on: str
    """The day on which the words are deleted, or ``not set``; ``kept`` where there are none."""


class FeedbackRecords(Snapshot):
    """All of one meeting."""

    meeting: str
    people: int
    mean: float | None
    feedback: list[FeedbackRecord]


async def load_feedback(session: AsyncSession, meeting: Meeting) -> FeedbackView | None:
    """The figures and the newest texts; None where there is nothing of it yet."""
    if meeting.kind is not MeetingKind.WEBINAR or meeting.state not in OVER:
        return None
    mine = Feedback.meeting_id == meeting.id
    by_rating = select(Feedback.rating, func.count()).where(mine).group_by(col(Feedback.rating))
    found = dict((await session.exec(by_rating)).all())
    written = select(Feedback.text).where(mine, Feedback.text != "").order_by(col(Feedback.id).desc())
    counts = [found.get(rating, 0) for rating in range(1, BEST + 1)]
    return FeedbackView(
        people=sum(counts),
        counts=counts,
        mean=mean(counts),
        texts=list((await session.exec(written.limit(NEWEST))).all()),
    )


async def has_told(desk: Desk, ref: str, device: str) -> bool:
    """Whether this device gave its feedback. Raises ``NotFound``."""
    async with desk.store.read() as session:
        meeting = await find_meeting(session, ref)
        if not (device and is_plain(device)):
            return False
        given = select(Feedback.id).where(Feedback.meeting_id == meeting.id, Feedback.device == device)
        return (await session.exec(given)).first() is not None


async def feedback_records(desk: Desk, ref: str) -> FeedbackRecords:
    """All of it, in the order in which it came. Raises ``NotFound``."""
    async with desk.store.read() as session:
        meeting = await find_meeting(session, ref, rehearsals=True)
        given = select(Feedback).where(Feedback.meeting_id == meeting.id).order_by(col(Feedback.id))
        rows = (await session.exec(given)).all()
    deleted = deleted_on(meeting, desk.kept_after_meeting)
    counts = [sum(row.rating == rating for row in rows) for rating in range(1, BEST + 1)]
    return FeedbackRecords(
        meeting=ref,
        people=len(rows),
        mean=mean(counts),
        feedback=[
            FeedbackRecord(
                at=row.at,
                rating=row.rating,
                text=row.text,
                personal_data_deleted_on=deleted if row.text else KEPT,
            )
            for row in rows
        ],
    )


def mean(counts: list[int]) -> float | None:
    """Of ratings from 1; None when nobody gave one."""
    people = sum(counts)
    return round(sum(place * count for place, count in enumerate(counts, 1)) / people, 2) if people else None

"""What people left of themselves at a meeting is deleted when it is long over.

Till then an officer can still answer somebody, or look into what was refused (``Desk.kept_after_meeting``).

What the public have read stays: published questions with the names under them, who spoke, figures. What they
have not goes, and so does every address and every random number of a device.
"""

from sqlalchemy import String, cast
from sqlmodel import col, delete, func, literal, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.deletion import due
from hub.domain.desk import Desk
from hub.domain.models import (
    AuditEntry,
    ChatLine,
    Feedback,
    HearingReport,
    Mail,
    Meeting,
    Poll,
    PollVote,
    Question,
    RaisedHand,
    Receipt,
    Registration,
    Removal,
    Vote,
    key,
)
from hub.domain.models.records import EDITED
from hub.domain.people import Part
from hub.domain.states.meeting import OVER, MeetingState
from hub.domain.states.question import PUBLIC, AnswerKind

AT_ONCE = 10
"""Meetings of one round: the first one finds the meetings of years."""


async def sweep(desk: Desk) -> int:
    """Delete it of meetings that are over for so long. Of how many."""
    before = desk.clock.now() - desk.kept_after_meeting
    # One that was never held is over when it would have been.
    over = or_(
        col(Meeting.state).in_(OVER) & (func.coalesce(Meeting.ended_at, Meeting.starts_at) <= before),
        (col(Meeting.state) == MeetingState.SCHEDULED) & (col(Meeting.starts_at) <= before),
    )
    wanted = select(Meeting.ref).where(col(Meeting.swept_at).is_(None), over).order_by(col(Meeting.id))
    async with desk.store.read() as session:
        overdue = list(await session.exec(wanted.limit(AT_ONCE)))
    swept = [ref for ref in overdue if await _sweep(desk, ref)]
    for ref in swept:
        await desk.announcer.meeting_changed(ref)
    return len(swept)


async def _sweep(desk: Desk, ref: str) -> bool:
    async with desk.store.write() as session:
        meeting = (await session.exec(select(Meeting).where(Meeting.ref == ref).with_for_update())).one()
        when = due(meeting, desk.kept_after_meeting)
        if when is None or when > desk.clock.now():  # opened a moment ago, after all
            return False
        await _audience(session, key(meeting))
        await _speakers(session, key(meeting))
        await _answers(session, ref)
        meeting.swept_at = desk.clock.now()
        meeting.version += 1
    return True


async def _audience(session: AsyncSession, meeting: int) -> None:
    """Those who watched. Figures were counted with each answer, so they stand without the answers."""
    questions = select(Question.id).where(Question.meeting_id == meeting)
    polls = select(Poll.id).where(Poll.meeting_id == meeting)
    await session.exec(delete(Vote).where(col(Vote.question_id).in_(questions)))
    await session.exec(delete(PollVote).where(col(PollVote.poll_id).in_(polls)))
    for table in (HearingReport, RaisedHand, Removal):
        await session.exec(delete(table).where(col(table.meeting_id) == meeting))
    mine = col(Question.meeting_id) == meeting
    await session.exec(delete(Question).where(mine, col(Question.state).not_in(PUBLIC)))
    await session.exec(update(Question).where(mine).values(device=""))
    private = col(Question.answered_how) == AnswerKind.PRIVATE
    await session.exec(update(Question).where(mine, private).values(answer=""))
    # The log goes on saying that a question was changed, when and by whom, not what it said before.
    edited = col(AuditEntry.meeting_id) == meeting, col(AuditEntry.action) == EDITED
    await session.exec(update(AuditEntry).where(*edited).values(before="", after=""))
    # Of each device there is one: what stands for it now must be of one row, too.
    nobody = literal("row ") + cast(col(Feedback.id), String)
    told = col(Feedback.meeting_id) == meeting
    await session.exec(update(Feedback).where(told).values(device=nobody, text=""))


async def _answers(session: AsyncSession, ref: str) -> None:
    """What messages were answered, for who sends them again: it repeats what people wrote."""
    await session.exec(delete(Receipt).where(col(Receipt.actor).endswith(f"@{ref}", autoescape=True)))


async def _speakers(session: AsyncSession, meeting: int) -> None:
    """Those with a personal link, which still leads to their moment in the recording."""
    mine = col(Registration.meeting_id) == meeting
    for table in (ChatLine, Mail):
        await session.exec(delete(table).where(col(table.meeting_id) == meeting))
    nothing = {"email": "", "phone": "", "access_needs": "", "removed_for": "", "device_check": {}}
    await session.exec(update(Registration).where(mine).values(**nothing))
    attending = col(Registration.part) == Part.ATTENDEE
    await session.exec(update(Registration).where(mine, attending).values(name=""))

"""Everything about the questions of a meeting, for the council's own records."""

from datetime import datetime

from sqlmodel import col, or_, select

from hub.domain.deletion import KEPT, deleted_on
from hub.domain.desk import Desk
from hub.domain.meetings import find_meeting
from hub.domain.models import AgendaItem, AuditEntry, Question, key
from hub.domain.models.records import EDITED, VOTES_MOVED
from hub.domain.snapshots import Snapshot
from hub.domain.states.question import PUBLIC, AnswerKind
from hub.domain.titles import index_label

MODERATION = ("question.", "questions.", "person.")
"""Beginnings of what the log calls a decision about questions or about those who ask."""


class QuestionRecord(Snapshot):
    """A question with all that became of it. Nothing names the device it came from."""

    id: int
    asked_at: datetime | None
    item: str
    author: str
    text: str
    state: str
    rejected_for: str
    merged_into: int | None
    votes: int
    answered_how: str
    answered_seconds: float | None
    """Programme time."""
    answer: str
    personal_data_deleted_on: str
    """The day on which what is not public of it is deleted, ``not set``, or ``kept``: all of it is public."""


class DecisionRecord(Snapshot):
    """One line of the moderation log."""

    at: datetime
    who: str
    action: str
    subject: str
    before: str
    after: str
    reason: str
    personal_data_deleted_on: str
    """The day on which what people wrote is deleted from it; ``kept``: the log itself is not deleted."""


class QuestionsRecord(Snapshot):
    """Both."""

    meeting: str
    personal_data_deleted_on: str
    """The day on which what is not public of the lines below is deleted, or ``not set``."""
    questions: list[QuestionRecord]
    log: list[DecisionRecord]


async def questions_record(desk: Desk, ref: str) -> QuestionsRecord:
    """The record of one meeting, in the order of events. Raises ``NotFound``."""
    async with desk.store.read() as session:
        meeting = await find_meeting(session, ref, rehearsals=True)
        of_meeting = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id)
        items = {key(item): index_label(item) for item in await session.exec(of_meeting)}
        asked = select(Question).where(Question.meeting_id == meeting.id).order_by(col(Question.id))
        rows = (await session.exec(asked)).all()
        decided = select(AuditEntry).where(
            AuditEntry.meeting_id == meeting.id,
            or_(*(col(AuditEntry.action).startswith(begin) for begin in MODERATION)),
            # A note of which votes went with a merger is for taking it back, and no decision.
            AuditEntry.action != VOTES_MOVED,
        )
        log = (await session.exec(decided.order_by(col(AuditEntry.id)))).all()
    deleted = deleted_on(meeting, desk.kept_after_meeting)
    return QuestionsRecord(
        meeting=ref,
        personal_data_deleted_on=deleted,
        questions=[_question(row, items.get(row.item_id or 0, ""), deleted) for row in rows],
        log=[decision(entry, deleted) for entry in log],
    )


def _question(row: Question, item: str, deleted: str) -> QuestionRecord:
    is_public = row.state in PUBLIC and row.answered_how is not AnswerKind.PRIVATE
    return QuestionRecord(
        id=key(row),
        asked_at=row.asked_at,
        item=item,
        author=row.author,
        text=row.text,
        state=row.state,
        rejected_for=row.rejected_for or "",
        merged_into=row.merged_into,
        votes=row.votes,
        answered_how=row.answered_how or "",
        answered_seconds=row.answered_seconds,
        answer=row.answer,
        personal_data_deleted_on=KEPT if is_public else deleted,
    )


def decision(entry: AuditEntry, deleted: str = KEPT) -> DecisionRecord:
    """A line of the log; ``deleted`` is when the words that were changed go from it."""
    return DecisionRecord(
        at=entry.at,
        who=entry.who,
        action=entry.action,
        subject=entry.subject,
        before=entry.before,
        after=entry.after,
        reason=entry.reason,
        personal_data_deleted_on=deleted if entry.action == EDITED else KEPT,
    )

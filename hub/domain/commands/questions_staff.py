"""What officers decide about questions."""

from collections.abc import Sequence

from pydantic import Field
from sqlmodel import col, delete, func, select

from hub.domain.commands.core import Args, Call, Change, Id, Version, Words, command
from hub.domain.errors import Conflict, IllegalTransition, Invalid
from hub.domain.models import AuditEntry, IndexPoint, Question, Vote, key
from hub.domain.models.records import VOTES_MOVED
from hub.domain.people import Staff
from hub.domain.states.question import QuestionEvent, QuestionState, RejectReason, after


class OneQuestion(Args):
    """``seen`` is the version of the question that the officer was looking at."""

    question_id: Id
    seen: Version | None = None


class Reject(OneQuestion):
    """``code`` is what the author is told; ``reason`` goes into the log only."""

    code: RejectReason = Field(default=RejectReason.OTHER, strict=False)
    reason: Words = Field(default="", max_length=200)


class Merge(OneQuestion):
    into_id: Id


@command("question.approve", Staff)
async def approve(call: Call, args: OneQuestion) -> None:
    """Everybody may see it."""
    async with call.change() as change:
        question = await taken_up(change, args)
        move(change, question, QuestionEvent.APPROVE)
        question.rejected_for = None


@command("question.reject", Staff)
async def reject(call: Call, args: Reject) -> None:
    """Nobody sees it but its author, who is told why."""
    async with call.change() as change:
        question = await taken_up(change, args)
        reason = f"{args.code}: {args.reason}" if args.reason else str(args.code)
        move(change, question, QuestionEvent.REJECT, reason=reason)
        question.rejected_for = args.code


@command("question.put_back", Staff)
async def put_back(call: Call, args: OneQuestion) -> None:
    """One step back, after a mistake: to be read again, or not being answered after all."""
    async with call.change() as change:
        question = await taken_up(change, args)
        move(change, question, QuestionEvent.PUT_BACK)
        question.rejected_for = question.merged_into = None
        question.answered_seconds, question.answered_how, question.answer = None, None, ""
        await change.session.exec(delete(IndexPoint).where(col(IndexPoint.question_id) == question.id))


@command("question.merge", Staff)
async def merge(call: Call, args: Merge) -> None:
    """Two questions ask the same: one goes on, with the support of both. A device still counts once."""
    async with call.change() as change:
        question = await taken_up(change, args)
        into = await change.question(args.into_id, "into_id")
        if key(question) == key(into):
            raise Invalid("A question cannot be merged into itself.", field="into_id")
        if into.state not in (QuestionState.PENDING, QuestionState.APPROVED, QuestionState.ANSWERING):
            raise IllegalTransition(f"The other question is {into.state}, so nothing can be merged into it.")
        # Noted first: the merger itself is what can be taken back as the last step.
        await _bring_votes(change, question, into)
        move(change, question, QuestionEvent.MERGE, reason=f"into question {into.id}")
        question.merged_into = into.id
        change.answer = {"votes": into.votes}


async def taken_up(change: Change, args: OneQuestion) -> Question:
    """The question, if it still is what the officer saw. Raises ``NotFound`` and ``Conflict``."""
    question = await change.question(args.question_id)
    if args.seen is None or args.seen == question.version:
        return question
    done = select(AuditEntry).where(
        AuditEntry.meeting_id == change.meeting.id, AuditEntry.subject == subject(question)
    )
    last = (await change.session.exec(done.order_by(col(AuditEntry.id).desc()))).first()
    mover = last.who if last is not None else "Somebody"
    if mover == "viewer":
        mover = "Its author"
    raise Conflict(f"{mover} changed this question a moment ago: it is {question.state} now.")


def move(
    change: Change,
    question: Question,
    event: QuestionEvent,
    reason: str = "",
    words: tuple[str, str] | None = None,
) -> None:
    """Move a question and take it down: its states, or what it said ``words`` before and after.

    Raises ``IllegalTransition``.
    """
    was = question.state
    question.state = after(was, event)
    question.version += 1
    before, now = words or (was, question.state)
    change.audit(f"question.{event}", subject(question), before=before, after=now, reason=reason)


def subject(question: Question) -> str:
    """The question in the log."""
    return f"question {question.id}"


async def _bring_votes(change: Change, question: Question, into: Question) -> None:
    theirs = select(Vote.device).where(Vote.question_id == into.id)
    have = set((await change.session.exec(theirs)).all())
    votes = (await change.session.exec(select(Vote).where(Vote.question_id == question.id))).all()
    moved = [vote for vote in votes if vote.device not in have]
    for vote in moved:
        vote.question_id = key(into)
    await _count_votes(change, into)
    change.audit(VOTES_MOVED, subject(into), before=subject(question), after=_numbers(moved))


async def unmerge(change: Change, question: Question) -> None:
    """Give a question that was merged its votes back. Its state is the caller's."""
    into = await change.question(question.merged_into or 0)
    noted = select(AuditEntry.after).where(
        AuditEntry.meeting_id == change.meeting.id,
        AuditEntry.action == VOTES_MOVED,
        AuditEntry.before == subject(question),
    )
    last = (await change.session.exec(noted.order_by(col(AuditEntry.id).desc()))).first() or ""
    numbers = [int(number) for number in last.split(",") if number]
    for vote in await change.session.exec(select(Vote).where(col(Vote.id).in_(numbers))):
        vote.question_id = key(question)
    question.merged_into = None
    await _count_votes(change, into)
    await _count_votes(change, question)


async def _count_votes(change: Change, question: Question) -> None:
    await change.session.flush()
    count = select(func.count()).where(col(Vote.question_id) == question.id)
    question.votes = (await change.session.exec(count)).one()


def _numbers(votes: Sequence[Vote]) -> str:
    return ",".join(str(vote.id) for vote in votes)

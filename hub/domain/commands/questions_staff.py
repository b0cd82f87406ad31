"""What officers do with questions."""

from pydantic import Field
from sqlmodel import col, func, select

from hub.domain.commands.core import Args, Call, Change, Id, Words, command
from hub.domain.commands.moves import look
from hub.domain.errors import IllegalTransition, Invalid
from hub.domain.models import Question, Vote, key
from hub.domain.people import Staff
from hub.domain.programme import seconds_now
from hub.domain.states.meeting import MeetingState
from hub.domain.states.question import QuestionEvent, QuestionState, after

_LABEL_CHARACTERS = 80


class OneQuestion(Args):
    question_id: Id


class Reject(OneQuestion):
    """The reason goes into the log."""

    reason: Words = Field(default="", max_length=200)


class Merge(OneQuestion):
    into_id: Id


class OpenQuestions(Args):
    open: bool


@command("question.approve", Staff)
async def approve(call: Call, args: OneQuestion) -> None:
    """Everybody may see it."""
    async with call.change() as change:
        _move(change, await change.question(args.question_id), QuestionEvent.APPROVE)


@command("question.reject", Staff)
async def reject(call: Call, args: Reject) -> None:
    """Nobody sees it but its author."""
    async with call.change() as change:
        _move(change, await change.question(args.question_id), QuestionEvent.REJECT, reason=args.reason)


@command("question.put_back", Staff)
async def put_back(call: Call, args: OneQuestion) -> None:
    """It is not being answered after all."""
    async with call.change() as change:
        question = await change.question(args.question_id)
        _move(change, question, QuestionEvent.PUT_BACK)
        question.answered_seconds = None


@command("question.start_answer", Staff)
async def start_answer(call: Call, args: OneQuestion) -> None:
    """The answer begins now: the moment goes into the index."""
    seconds = await seconds_now(call.desk, call.ref, (await look(call)).epoch_ms)
    async with call.change() as change:
        question = await change.question(args.question_id)
        if change.meeting.state is MeetingState.PRIVATE:
            raise IllegalTransition("The public are excluded: answer questions when they are back.")
        _move(change, question, QuestionEvent.START_ANSWER)
        _stamp(change, question, seconds)


@command("question.finish_answer", Staff)
async def finish_answer(call: Call, args: OneQuestion) -> None:
    """Answered. Without a start, the answer is the moment of this."""
    seconds = await seconds_now(call.desk, call.ref, (await look(call)).epoch_ms)
    async with call.change() as change:
        question = await change.question(args.question_id)
        _move(change, question, QuestionEvent.FINISH_ANSWER)
        if question.answered_seconds is None:
            _stamp(change, question, seconds)


@command("question.merge", Staff)
async def merge(call: Call, args: Merge) -> None:
    """Two questions ask the same: one goes on, with the support of both. A device still counts once."""
    async with call.change() as change:
        question = await change.question(args.question_id)
        into = await change.question(args.into_id, "into_id")
        if key(question) == key(into):
            raise Invalid("A question cannot be merged into itself.", field="into_id")
        if into.state not in (QuestionState.PENDING, QuestionState.APPROVED, QuestionState.ANSWERING):
            raise IllegalTransition(f"The other question is {into.state}, so nothing can be merged into it.")
        _move(change, question, QuestionEvent.MERGE, reason=f"into question {into.id}")
        question.merged_into = into.id
        await _bring_votes(change, question, into)
        change.answer = {"votes": into.votes}


@command("questions.open", Staff)
async def open_questions(call: Call, args: OpenQuestions) -> None:
    """Take questions, or stop taking them. What was sent stays."""
    async with call.change() as change:
        before = change.meeting.questions_open
        change.meeting.questions_open = args.open
        change.audit(
            "questions.open",
            change.meeting.ref,
            before=_open_or_closed(before),
            after=_open_or_closed(args.open),
        )


def _open_or_closed(is_open: bool) -> str:
    return "open" if is_open else "closed"


def _move(change: Change, question: Question, event: QuestionEvent, reason: str = "") -> None:
    before = question.state
    question.state = after(before, event)
    change.audit(
        f"question.{event}", f"question {question.id}", before=before, after=question.state, reason=reason
    )


def _stamp(change: Change, question: Question, seconds: float) -> None:
    """Only what the public could hear goes into the index."""
    if change.meeting.state is not MeetingState.LIVE:
        return
    question.answered_seconds = round(seconds, 3)
    text = question.text.replace("\n", " ")
    label = text if len(text) <= _LABEL_CHARACTERS else f"{text[: _LABEL_CHARACTERS - 1].rstrip()}…"
    change.stamp("question", label, seconds, question_id=question.id)


async def _bring_votes(change: Change, question: Question, into: Question) -> None:
    theirs = select(Vote.device).where(Vote.question_id == into.id)
    have = set((await change.session.exec(theirs)).all())
    for vote in await change.session.exec(select(Vote).where(Vote.question_id == question.id)):
        if vote.device not in have:
            vote.question_id = key(into)
    await change.session.flush()
    count = select(func.count()).where(col(Vote.question_id) == into.id)
    into.votes = (await change.session.exec(count)).one()

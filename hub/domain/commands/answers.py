"""How questions are answered: spoken, in writing for everybody, or in writing to who asked."""

from pydantic import Field

from hub.domain.commands.core import Call, Change, command
from hub.domain.commands.moves import look
from hub.domain.commands.questions_staff import OneQuestion, move, taken_up
from hub.domain.errors import IllegalTransition
from hub.domain.models import Question
from hub.domain.people import Staff
from hub.domain.programme import seconds_now
from hub.domain.states.meeting import MeetingState
from hub.domain.states.question import AnswerKind, QuestionEvent
from hub.domain.text import required

ANSWER_CHARACTERS = 2000
_LABEL_CHARACTERS = 80


class WrittenAnswer(OneQuestion):
    """``private``: to who asked, and to nobody else."""

    text: str = Field(max_length=20_000)
    private: bool = False


@command("question.start_answer", Staff)
async def start_answer(call: Call, args: OneQuestion) -> None:
    """The answer begins now: the moment goes into the index."""
    seconds = await seconds_now(call.desk, call.ref, (await look(call)).epoch_ms)
    async with call.change() as change:
        question = await taken_up(change, args)
        if change.meeting.state is MeetingState.PRIVATE:
            raise IllegalTransition("The public are excluded: answer questions when they are back.")
        move(change, question, QuestionEvent.START_ANSWER)
        _stamp(change, question, seconds)


@command("question.finish_answer", Staff)
async def finish_answer(call: Call, args: OneQuestion) -> None:
    """Answered. Without a start, the answer is the moment of this."""
    seconds = await seconds_now(call.desk, call.ref, (await look(call)).epoch_ms)
    async with call.change() as change:
        question = await taken_up(change, args)
        move(change, question, QuestionEvent.FINISH_ANSWER)
        question.answered_how = AnswerKind.SPOKEN
        if question.answered_seconds is None:
            _stamp(change, question, seconds)


@command("question.answer", Staff)
async def answer(call: Call, args: WrittenAnswer) -> None:
    """Answer in writing. The words go to everybody, or to who asked; the log keeps who wrote them."""
    text = required(args.text, "text", "the answer", at_most=ANSWER_CHARACTERS)
    async with call.change() as change:
        question = await taken_up(change, args)
        move(change, question, QuestionEvent.REPLY if args.private else QuestionEvent.ANSWER, reason=text)
        question.answered_how = AnswerKind.PRIVATE if args.private else AnswerKind.WRITTEN
        question.answer, question.rejected_for = text, None


def _stamp(change: Change, question: Question, seconds: float) -> None:
    """Only what the public could hear goes into the index."""
    if change.meeting.state is not MeetingState.LIVE:
        return
    question.answered_seconds = round(seconds, 3)
    text = question.text.replace("\n", " ")
    label = text if len(text) <= _LABEL_CHARACTERS else f"{text[: _LABEL_CHARACTERS - 1].rstrip()}…"
    change.stamp("question", label, seconds, question_id=question.id)

"""What viewers do with their own questions: change one while it is nobody else's business, take it back."""

from pydantic import Field
from sqlmodel import col, select

from hub.domain.commands.audience import device_of, take_part
from hub.domain.commands.core import Call, Change, Id, command
from hub.domain.commands.questions import (
    OneQuestion,
    about,
    author_name,
    flags_of,
    fresh,
    question_text,
    refuse_when_closed,
)
from hub.domain.commands.questions_staff import move
from hub.domain.editing import why_fixed
from hub.domain.errors import IllegalTransition, NotFound
from hub.domain.limits import ASKING
from hub.domain.models import Question
from hub.domain.people import Viewer
from hub.domain.states.question import QuestionEvent


class Edit(OneQuestion):
    """``author`` and ``item_id`` stay when they are left out; ``item_id: null`` is the meeting as a whole."""

    text: str = Field(max_length=20_000)
    author: str | None = Field(default=None, max_length=20_000)
    item_id: Id | None = None


@command("question.edit", Viewer)
async def edit(call: Call, args: Edit) -> None:
    """Say it in other words, before an officer has decided and while it speaks for nobody else.

    It waits as before, also where questions are public at once: an officer has it before them.
    """
    text = question_text(args.text)
    async with call.change() as change:
        question = await _own(call, change, args.question_id)
        author = question.author if args.author is None else author_name(args.author)
        item_id = args.item_id if "item_id" in args.model_fields_set else question.item_id
        if reason := why_fixed(question, await _stands_for_others(change, question)):
            raise IllegalTransition(reason)
        refuse_when_closed(change)
        if item_id is not None:
            await about(change, item_id)
        if (text, author, item_id) != (question.text, question.author, question.item_id):
            await take_part(call, change, ASKING)
            before = question.as_written
            question.text, question.author, question.item_id = text, author, item_id
            question.flags = await flags_of(change, text, author)
            question.edited_at = change.now
            move(change, question, QuestionEvent.EDIT, words=(before, question.as_written))
        change.answer = {"question": fresh(question).model_dump()}


@command("question.withdraw", Viewer)
async def withdraw(call: Call, args: OneQuestion) -> None:
    """Take back one's own question, while it waits or is published and not answered."""
    async with call.change() as change:
        move(change, await _own(call, change, args.question_id), QuestionEvent.WITHDRAW)


async def _own(call: Call, change: Change, question_id: int) -> Question:
    question = await change.question(question_id)
    if question.device != device_of(call):
        raise NotFound("You asked no such question on this device.", field="question_id")
    return question


async def _stands_for_others(change: Change, question: Question) -> bool:
    merged = select(Question.id).where(col(Question.merged_into) == question.id).limit(1)
    return (await change.session.exec(merged)).first() is not None

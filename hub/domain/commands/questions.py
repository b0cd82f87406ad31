"""What viewers do: ask, and support what others asked."""

from pydantic import Field
from sqlmodel import col, func, select

from hub.domain.commands.audience import device_of, take_part
from hub.domain.commands.core import Args, Call, Change, Id, command
from hub.domain.errors import Forbidden, IllegalTransition, Invalid, NotFound, TooMany
from hub.domain.flags import flags
from hub.domain.limits import ASKING, VOTING
from hub.domain.models import Committee, Question, Vote, key
from hub.domain.people import Viewer
from hub.domain.services.rules import is_moderated
from hub.domain.services.words import current_words
from hub.domain.snapshots import OwnQuestion
from hub.domain.states.meeting import OVER
from hub.domain.states.question import PUBLIC, QuestionState
from hub.domain.text import optional, required

QUESTION_CHARACTERS = 500
AUTHOR_CHARACTERS = 80
PENDING_AT_MOST = 300
"""Waiting for a decision in one meeting: more than a moderator can read is refused, not lost."""


class Submit(Args):
    """The lengths here only keep out floods; the function says the true limits in words."""

    text: str = Field(max_length=20_000)
    author: str = Field(default="", max_length=20_000)
    item_id: Id | None = None


class OneQuestion(Args):
    question_id: Id


@command("question.submit", Viewer)
async def submit(call: Call, args: Submit) -> None:
    """Ask. Nobody else sees the question before an officer approves it, where questions are moderated."""
    text, author = question_text(args.text), author_name(args.author)
    device = device_of(call)
    async with call.change() as change:
        refuse_when_closed(change)
        if args.item_id is not None:
            await about(change, args.item_id)
        await _refuse_heaps(change)
        await take_part(call, change, ASKING)
        question = Question(
            meeting_id=key(change.meeting),
            item_id=args.item_id,
            text=text,
            author=author,
            device=device,
            asked_at=change.now,
            flags=await flags_of(change, text, author),
        )
        if not (question.flags or await _is_moderated(change)):
            question.state = QuestionState.APPROVED
        change.session.add(question)
        await change.session.flush()
        change.answer = {"question": fresh(question).model_dump()}


@command("question.vote", Viewer)
async def vote(call: Call, args: OneQuestion) -> None:
    """Support a question. A device counts once, however often it votes."""
    device = device_of(call)
    async with call.change() as change:
        question = await change.question(args.question_id)
        if question.state not in PUBLIC:
            raise NotFound("This meeting has no such question.", field="question_id")
        if question.state is QuestionState.ANSWERED:
            raise IllegalTransition("This question is answered already.")
        cast = select(Vote).where(Vote.question_id == question.id, Vote.device == device)
        if (await change.session.exec(cast)).first() is None:
            refuse_when_closed(change)
            await take_part(call, change, VOTING)
            change.session.add(Vote(question_id=key(question), device=device))
            question.votes += 1
        change.answer = {"votes": question.votes}


def question_text(text: str) -> str:
    """A question as it is kept. Raises ``Invalid``."""
    return required(text, "text", "your question", at_most=QUESTION_CHARACTERS)


def author_name(name: str) -> str:
    """The name under it. Raises ``Invalid``."""
    return optional(name, "author", "your name", at_most=AUTHOR_CHARACTERS).replace("\n", " ")


async def flags_of(change: Change, text: str, author: str) -> list[str]:
    """What the moderator's eye is drawn to in it."""
    return flags(f"{author}\n{text}", (await current_words(change.session)).words)


def fresh(question: Question) -> OwnQuestion:
    """A question as its author sees it who has just sent it, or changed it."""
    return OwnQuestion(
        id=key(question),
        text=question.text,
        author=question.author,
        state=question.state,
        may_withdraw=True,
        may_edit=question.state is QuestionState.PENDING,
    )


def refuse_when_closed(change: Change) -> None:
    """Raise ``Forbidden`` while the meeting takes no questions."""
    if not change.meeting.questions_open or change.meeting.state in OVER:
        raise Forbidden("Questions are closed for this meeting.")


async def about(change: Change, item_id: int) -> None:
    """Refuse an item on which nothing can be asked now."""
    item = await change.item(item_id)
    if item.heading:
        raise Invalid("Choose an item of the agenda.", field="item_id")
    if not item.questions_open:
        raise Forbidden("Questions on this item are closed.", field="item_id")


async def _is_moderated(change: Change) -> bool:
    committee = await change.session.get_one(Committee, change.meeting.committee_id)
    return is_moderated(change.meeting, committee)


async def _refuse_heaps(change: Change) -> None:
    waiting = select(func.count()).where(
        Question.meeting_id == change.meeting.id, col(Question.state) == QuestionState.PENDING
    )
    if (await change.session.exec(waiting)).one() >= PENDING_AT_MOST:
        raise TooMany("Too many questions wait to be read. Try again in some minutes.", seconds=120)

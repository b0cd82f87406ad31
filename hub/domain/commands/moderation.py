"""Under which rules questions are taken, and who looks at which."""

from hub.domain.commands.core import Args, Call, Id, command
from hub.domain.commands.moves import look
from hub.domain.desk import Hand
from hub.domain.errors import Invalid, NotConfirmed
from hub.domain.people import Staff


class OpenQuestions(Args):
    """``item_id``: on this item only; without it, of the whole meeting."""

    open: bool
    item_id: Id | None = None


class Moderation(Args):
    strict: bool
    confirmed: bool = False


class Freeze(Args):
    frozen: bool


class Look(Args):
    question_id: Id | None = None


@command("questions.open", Staff)
async def open_questions(call: Call, args: OpenQuestions) -> None:
    """Take questions, or stop taking them. What was sent stays."""
    async with call.change() as change:
        if args.item_id is None:
            taking, subject = change.meeting, change.meeting.ref
            before, taking.questions_open = taking.questions_open, args.open
        else:
            item = await change.item(args.item_id)
            if item.heading:
                raise Invalid("This is a heading, not an item of business.", field="item_id")
            before, item.questions_open = item.questions_open, args.open
            subject = f"item {item.id}"
        change.audit(
            "questions.open", subject, before=_open_or_closed(before), after=_open_or_closed(args.open)
        )


@command("questions.moderation", Staff)
async def moderation(call: Call, args: Moderation) -> None:
    """Whether an officer reads questions before others do. Nothing else ever changes that."""
    if not args.strict and not args.confirmed:
        raise NotConfirmed("Questions will be public before anybody has read them. Confirm it.")
    async with call.change() as change:
        before = change.meeting.moderated
        change.meeting.moderated = args.strict
        change.audit(
            "questions.moderation",
            change.meeting.ref,
            before="as the rules" if before is None else _strict_or_not(before),
            after=_strict_or_not(args.strict),
        )


@command("questions.freeze", Staff)
async def freeze(call: Call, args: Freeze) -> None:
    """Nobody asks or votes until it thaws. What is public stays, and what waits can be read."""
    async with call.change() as change:
        before, change.meeting.questions_frozen = change.meeting.questions_frozen, args.frozen
        change.audit(
            "questions.freeze", change.meeting.ref, before=_frozen(before), after=_frozen(args.frozen)
        )


@command("question.look", Staff)
async def look_at(call: Call, args: Look) -> None:
    """Tell the other officers which question one is at; none: at no question any more."""
    await look(call)
    hands = call.desk.room(call.ref).hands
    if isinstance(call.actor, Staff):
        hands.pop(call.actor.id, None)
        if args.question_id is not None:
            hands[call.actor.id] = Hand(args.question_id, call.actor.name, call.desk.clock.now())


def _open_or_closed(is_open: bool) -> str:
    return "open" if is_open else "closed"


def _frozen(frozen: bool) -> str:
    return "frozen" if frozen else "flowing"


def _strict_or_not(strict: bool) -> str:
    return "read first" if strict else "public at once"

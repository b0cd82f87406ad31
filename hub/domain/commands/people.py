"""Who may no longer take part in the questions of a meeting."""

from pydantic import Field
from sqlmodel import col, select

from hub.domain.commands.core import Args, Call, Id, command
from hub.domain.commands.questions_staff import OneQuestion, move, subject, taken_up
from hub.domain.errors import Conflict, NotFound
from hub.domain.models import Question, Removal, key
from hub.domain.people import Staff
from hub.domain.states.question import QuestionEvent, QuestionState, RejectReason
from hub.domain.text import required


class Remove(OneQuestion):
    """The person is who asked this question; ``reason`` is what they are told."""

    reason: str = Field(max_length=20_000)


class Restore(Args):
    removal_id: Id


@command("person.remove", Staff)
async def remove(call: Call, args: Remove) -> None:
    """Their device can no longer ask or vote, and what waits of theirs is rejected. They are told why."""
    reason = required(args.reason, "reason", "the reason", at_most=200).replace("\n", " ")
    async with call.change() as change:
        question = await taken_up(change, args)
        mine = Removal.meeting_id == change.meeting.id, Removal.device == question.device
        known = select(Removal).where(*mine, col(Removal.ended_at).is_(None))
        if (await change.session.exec(known)).first() is not None:
            raise Conflict("This person has been removed already.")
        removal = Removal(
            meeting_id=key(change.meeting),
            device=question.device,
            author=question.author,
            reason=reason,
            by=call.actor.name if isinstance(call.actor, Staff) else "",
            at=change.now,
        )
        change.session.add(removal)
        await change.session.flush()
        waiting = select(Question).where(
            Question.meeting_id == change.meeting.id,
            Question.device == question.device,
            col(Question.state) == QuestionState.PENDING,
        )
        for one in await change.session.exec(waiting):
            move(change, one, QuestionEvent.REJECT, reason=f"{RejectReason.OTHER}: {reason}")
            one.rejected_for = RejectReason.OTHER
        change.audit("person.remove", f"removal {removal.id}, for {subject(question)}", reason=reason)


@command("person.restore", Staff)
async def restore(call: Call, args: Restore) -> None:
    """They may ask and vote again."""
    async with call.change() as change:
        removal = await change.session.get(Removal, args.removal_id)
        if removal is None or removal.meeting_id != change.meeting.id or removal.ended_at is not None:
            raise NotFound("Nobody is removed under this number.", field="removal_id")
        removal.ended_at = change.now
        change.audit("person.restore", f"removal {removal.id}")

"""Taking back what one did last: as it was, where that is sane, and never a step of the gate.

Nobody gets on air by it: who was taken off by mistake waits again, and is called and admitted anew.
"""

from collections.abc import Awaitable, Callable

from sqlmodel import col, delete, select

from hub.domain.commands import business, timetable
from hub.domain.commands.core import Args, Call, Change, Id, command, who
from hub.domain.commands.items import take_back
from hub.domain.commands.layout import layout_called
from hub.domain.commands.moves import look
from hub.domain.commands.questions_staff import subject, unmerge
from hub.domain.commands.results import strike_out
from hub.domain.commands.speakers_staff import find_slot, hang_up_slot
from hub.domain.last_step import Step, pick
from hub.domain.models import AuditEntry, IndexPoint, Question, VoteResult, key
from hub.domain.people import Staff
from hub.domain.services.steps import find_last_steps
from hub.domain.states.question import QuestionEvent, QuestionState, RejectReason
from hub.domain.states.question import after as question_after
from hub.domain.states.speaker import SpeakerEvent, SpeakerState, after

_S, _E = SpeakerState, SpeakerEvent
SPEAKERS = {
    "speaker.call": _E.STAND_BACK,
    "speaker.stand_back": _E.CALL,
    "speaker.admit": _E.TAKE_BACK,
    "speaker.finish": _E.WAIT_AGAIN,
    "speaker.miss": _E.WAIT_AGAIN,
    "speaker.read_out": _E.TAKE_BACK,
}

_Q, _QE = QuestionState, QuestionEvent
QUESTIONS: dict[tuple[QuestionState, QuestionState], tuple[QuestionEvent, ...]] = {
    (_Q.APPROVED, _Q.PENDING): (_QE.PUT_BACK,),
    (_Q.APPROVED, _Q.REJECTED): (_QE.REJECT,),
    (_Q.REJECTED, _Q.PENDING): (_QE.PUT_BACK,),
    (_Q.REJECTED, _Q.APPROVED): (_QE.APPROVE,),
    (_Q.MERGED, _Q.PENDING): (_QE.PUT_BACK,),
    (_Q.MERGED, _Q.APPROVED): (_QE.PUT_BACK, _QE.APPROVE),
    (_Q.ANSWERING, _Q.APPROVED): (_QE.PUT_BACK,),
    (_Q.ANSWERED, _Q.APPROVED): (_QE.PUT_BACK,),
    (_Q.ANSWERED, _Q.ANSWERING): (_QE.PUT_BACK, _QE.START_ANSWER),
}
"""From where a step led to where it began, by moves that the table has."""


class UndoStep(Args):
    """``step``: the number of the step, as the snapshot has it (``undo``)."""

    step: Id


@command("step.undo", Staff)
async def undo(call: Call, args: UndoStep) -> None:
    """Take back one's own last step. Refused ``conflict`` when it is another, or was changed since."""
    async with call.desk.room(call.ref).turn:
        seen = await look(call)
        async with call.desk.store.read() as session:
            steps = await find_last_steps(session, seen.meeting_id, call.desk.clock.now())
        step = pick(steps, who(call.actor), args.step)
        await _WAYS[step.noun](call, step)


async def _still(change: Change, step: Step) -> None:
    """Raise ``Conflict`` when something was changed since the step was looked up."""
    steps = await find_last_steps(change.session, key(change.meeting), change.now)
    pick(steps, who(change.actor), key(step.move))


async def _item(call: Call, step: Step) -> None:
    async with call.change() as change:
        await _still(change, step)
        await take_back(change, step)


async def _business(call: Call, step: Step) -> None:
    async with call.change() as change:
        await _still(change, step)
        await business.take_back(change, step)


async def _timetable(call: Call, step: Step) -> None:
    async with call.change() as change:
        await _still(change, step)
        await timetable.take_back(change, step)


async def _layout(call: Call, step: Step) -> None:
    await call.desk.studio.set_layout(call.ref, layout_called(step.move.before))
    async with call.change() as change:
        await _still(change, step)
        change.audit("layout.undo", step.move.subject, before=step.move.after, after=step.move.before)


async def _result(call: Call, step: Step) -> None:
    async with call.change() as change:
        await _still(change, step)
        result = await change.session.get_one(VoteResult, step.number)
        await strike_out(change, result, "result.undo", "Taken back by who entered it.")


async def _speaker(call: Call, step: Step) -> None:
    number, event = step.number, SPEAKERS[step.move.action]
    if step.move.before == SpeakerState.CONFIRMED:
        event = SpeakerEvent.TAKE_BACK
    slot = await find_slot(call, number)
    after(slot.speaker, event)
    warning = ""
    if event is SpeakerEvent.STAND_BACK:
        warning = await hang_up_slot(call, slot, number)
    elif slot.speaker is SpeakerState.ON_AIR and not slot.by_phone:
        await call.desk.studio.set_on_air(call.ref, [other for other in slot.on_air if other != number])
    async with call.change() as change:
        await _still(change, step)
        speaker = await change.speaker(number)
        before, speaker.state = speaker.state, after(speaker.state, event)
        speaker.ends_at = speaker.left_ms = None
        for point in await _stamped(change, step):
            if speaker.spoke_at_seconds == point.seconds:
                speaker.spoke_at_seconds = None
            await change.session.delete(point)
        change.audit("speaker.undo", step.move.subject, before=before, after=speaker.state)
        change.answer = {"warning": warning} if warning else {}


async def _question(call: Call, step: Step) -> None:
    async with call.change() as change:
        await _still(change, step)
        question = await change.question(step.number)
        before, wanted = question.state, QuestionState(step.move.before)
        for event in QUESTIONS[before, wanted]:
            question.state = question_after(question.state, event)
        question.version += 1
        question.rejected_for = await _rejected_for(change, step) if wanted is _Q.REJECTED else None
        if before is _Q.MERGED:
            await unmerge(change, question)
        if before in (_Q.ANSWERING, _Q.ANSWERED):
            await _unanswer(change, question)
        change.audit("question.undo", subject(question), before=before, after=question.state)


async def _unanswer(change: Change, question: Question) -> None:
    question.answered_how = None
    if question.state is _Q.ANSWERING:
        return
    question.answered_seconds = None
    await change.session.exec(delete(IndexPoint).where(col(IndexPoint.question_id) == question.id))


async def _rejected_for(change: Change, step: Step) -> RejectReason:
    """Why it had been rejected before it was approved after all: the code begins the reason in the log."""
    rejections = select(AuditEntry).where(
        AuditEntry.meeting_id == change.meeting.id,
        AuditEntry.subject == step.move.subject,
        AuditEntry.action == f"question.{_QE.REJECT}",
    )
    last = (await change.session.exec(rejections.order_by(col(AuditEntry.id).desc()))).first()
    return RejectReason(last.reason.partition(":")[0]) if last is not None else RejectReason.OTHER


async def _stamped(change: Change, step: Step) -> list[IndexPoint]:
    """What somebody's beginning to speak put into the index."""
    if step.move.action not in ("speaker.admit", "speaker.read_out"):
        return []
    stamped = select(IndexPoint).where(
        IndexPoint.meeting_id == change.meeting.id,
        IndexPoint.kind == "speaker",
        IndexPoint.created_by == step.move.who,
        IndexPoint.created_at == step.move.at,
    )
    return list(await change.session.exec(stamped))


_WAYS: dict[str, Callable[[Call, Step], Awaitable[None]]] = {
    "item": _item,
    "business": _business,
    "timetable": _timetable,
    "speaker": _speaker,
    "question": _question,
    "result": _result,
    "layout": _layout,
}

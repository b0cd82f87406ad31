"""Who runs the meeting: one officer at a time, handed over by an offer that the other accepts.

It blocks nobody: every officer may press everything, under their own name. It says whom alarms are for.
"""

from typing import Annotated

from pydantic import Field

from hub.domain.commands.core import Args, Call, Change, Id, Words, command
from hub.domain.commands.gate import Bare
from hub.domain.errors import Conflict, Forbidden, NotFound
from hub.domain.models import StaffUser
from hub.domain.people import Staff
from hub.domain.states.meeting import OVER


class Offer(Args):
    """``note``: what the other has to know."""

    staff_id: Id
    note: Annotated[Words, Field(max_length=300)] = ""


@command("duty.offer", Staff)
async def offer(call: Call, args: Offer) -> None:
    """Ask another officer, who has the console open, to run the meeting from now on."""
    async with call.change() as change:
        _refuse_when_over(change)
        await _refuse_for_others(change)
        other = await change.session.get(StaffUser, args.staff_id)
        if other is None or not other.active or args.staff_id == _me(change):
            raise NotFound("There is no such officer to hand over to.", field="staff_id")
        if args.staff_id not in call.desk.room(call.ref).clerks:
            raise Conflict(f"{other.name} does not have this console open: nobody would see to it.")
        change.meeting.duty_staff_id = _me(change)
        change.meeting.duty_offered_to, change.meeting.duty_note = args.staff_id, args.note
        change.audit("duty.offer", f"officer {args.staff_id}", after=other.name, reason=args.note)


@command("duty.accept", Staff)
async def accept(call: Call, args: Bare) -> None:
    """Run the meeting from now on."""
    async with call.change() as change:
        _refuse_when_over(change)
        if change.meeting.duty_offered_to != _me(change):
            raise Conflict("Nobody hands this meeting over to you now.")
        before = await name_of(change, change.meeting.duty_staff_id)
        note = change.meeting.duty_note
        _take(change)
        change.audit("duty.accept", change.meeting.ref, before=before, reason=note)


@command("duty.drop", Staff)
async def drop(call: Call, args: Bare) -> None:
    """The offer is off: taken back by who made it, or not taken up by whom it was made to."""
    async with call.change() as change:
        meeting = change.meeting
        if meeting.duty_offered_to is None:
            raise Conflict("Nobody hands this meeting over now.")
        if _me(change) not in (meeting.duty_staff_id, meeting.duty_offered_to):
            raise Forbidden("It is between the two of them.")
        meeting.duty_offered_to, meeting.duty_note = None, ""
        change.audit("duty.drop", meeting.ref)


@command("duty.take", Staff)
async def take(call: Call, args: Bare) -> None:
    """Run the meeting when nobody does, or who did has closed the console."""
    async with call.change() as change:
        _refuse_when_over(change)
        holder = change.meeting.duty_staff_id
        if holder == _me(change):
            raise Conflict("You run this meeting already.")
        before = await name_of(change, holder)
        if holder is not None and holder in call.desk.room(call.ref).clerks:
            raise Conflict(f"{before} runs this meeting and has the console open: ask them to hand it over.")
        _take(change)
        change.audit("duty.take", change.meeting.ref, before=before)


async def name_of(change: Change, staff_id: int | None) -> str:
    """Of an officer; "" for nobody."""
    officer = await change.session.get(StaffUser, staff_id) if staff_id is not None else None
    return officer.name if officer is not None else ""


def _take(change: Change) -> None:
    change.meeting.duty_staff_id = _me(change)
    change.meeting.duty_offered_to, change.meeting.duty_note = None, ""


def _me(change: Change) -> int:
    return change.actor.id if isinstance(change.actor, Staff) else 0


def _refuse_when_over(change: Change) -> None:
    if change.meeting.state in OVER:
        raise Conflict("The meeting is over, so nobody runs it any more.")


async def _refuse_for_others(change: Change) -> None:
    holder = change.meeting.duty_staff_id
    if holder is not None and holder != _me(change):
        raise Conflict(f"{await name_of(change, holder)} runs this meeting, so only they hand it over.")

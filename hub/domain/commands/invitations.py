"""Interpreters, signers and presenters: invited by an officer, brought in and sent out, never in the queue.

Being connected is being seen or heard for them: their browser connects only once an officer brought them in.
"""

from typing import Annotated, Literal

from pydantic import Field
from sqlmodel import col, select

from hub.domain.commands.core import Args, Call, Change, Id, Words, command
from hub.domain.commands.moves import DATABASE_DOWN, look
from hub.domain.commands.speakers import hang_up, move_speaker
from hub.domain.errors import IllegalTransition, Invalid, NotFound, NotSaved
from hub.domain.hashes import hashed
from hub.domain.meetings import find_meeting
from hub.domain.models import Registration, key
from hub.domain.people import Part, Staff
from hub.domain.services.registration import last_place
from hub.domain.states.meeting import RUNNING, MeetingState
from hub.domain.states.speaker import SpeakerEvent, SpeakerState, after
from hub.domain.text import required

UNKNOWN = "This meeting has no such invitation."

NOT_INVITED = (Part.SPEAKER, Part.ATTENDEE)

ONE_AT_A_TIME = {
    Part.SIGNER: "{name} is the signer now. Send them out first.",
    Part.PRESENTER: "{name} is the presenter now. Send them out first.",
}
"""Parts that are one place in the picture."""


class Invite(Args):
    name: Annotated[Words, Field(max_length=80)]
    part: Literal["interpreter", "signer", "presenter"]


class OneInvited(Args):
    registration_id: Id


@command("invitation.issue", Staff)
async def issue(call: Call, args: Invite) -> None:
    """A personal link for one person; it is in the answer once, and only its hash is stored."""
    part = Part(args.part)
    if part is Part.INTERPRETER and not call.desk.interpreted_language:
        raise Invalid(
            "Meetings here have no interpreted language, so nobody could hear an interpreter. "
            "Set MOOTHALL_INTERPRETED_LANGUAGE first.",
            field="part",
        )
    name = required(args.name, "name", "a name", at_most=80).replace("\n", " ")
    token = call.desk.tokens.new()
    async with call.change() as change:
        if change.meeting.state not in (MeetingState.SCHEDULED, *RUNNING):
            raise IllegalTransition("The meeting is over: nobody can be invited to it.")
        invited = Registration(
            meeting_id=key(change.meeting),
            name=name,
            part=part,
            state=SpeakerState.CONFIRMED,
            token_hash=hashed(token),
            place=await last_place(change.session, change.meeting) + 1,
            submitted_at=change.now,
        )
        change.session.add(invited)
        await change.session.flush()
        change.audit("invitation.issue", f"{part} {invited.id}", after=invited.state)
        change.answer = {"registration_id": key(invited), "token": None}
        change.secret = {"token": token}


@command("invitation.bring_in", Staff)
async def bring_in(call: Call, args: OneInvited) -> None:
    """They may begin: their browser connects by itself. One signer and one presenter at a time."""
    async with call.desk.room(call.ref).turn, call.change() as change:
        if change.meeting.state not in RUNNING:
            raise IllegalTransition("The room is not open, so nobody can be brought in.")
        invited = await _invited(change, args.registration_id)
        await _refuse_second(change, invited)
        move_speaker(change, invited, SpeakerEvent.BRING_IN)
        invited.on_air_at = change.now


@command("invitation.send_out", Staff)
async def send_out(call: Call, args: OneInvited) -> None:
    """Neither seen nor heard any more; they wait, and can be brought in again."""
    await _leave(call, args.registration_id, SpeakerEvent.SEND_OUT)


@command("invitation.revoke", Staff)
async def revoke(call: Call, args: OneInvited) -> None:
    """The link stops working, and who holds it is hung up."""
    await _leave(call, args.registration_id, SpeakerEvent.REVOKE)


async def end_presentations(call: Call) -> None:
    """Send out whoever presents: the screen they shared in a private session is not for those who come back.

    Written down first, so that a page that connects again by itself is refused. Raises ``NotFound`` and the
    database's errors.
    """
    async with call.desk.store.write() as session:
        meeting = await find_meeting(session, call.ref, lock=True, rehearsals=True)
        presenting = select(Registration).where(
            Registration.meeting_id == meeting.id,
            Registration.part == Part.PRESENTER,
            col(Registration.state) == SpeakerState.ON_AIR,
        )
        presenters = (await session.exec(presenting)).all()
        change = Change(session, meeting, call.actor, call.desk.clock.now())
        for presenter in presenters:
            move_speaker(change, presenter, SpeakerEvent.SEND_OUT, "The private session ended.")
            meeting.version += 1
        numbers = [key(presenter) for presenter in presenters]
    for number in numbers:
        # Without an answer it is enough that the studio ends all presentations when it opens.
        await hang_up(call, number)
    if numbers:
        await call.desk.announcer.meeting_changed(call.ref)


async def _leave(call: Call, number: int, event: SpeakerEvent) -> None:
    """Hung up first, then written down: a part must be able to end, whatever the studio says."""
    async with call.desk.room(call.ref).turn:
        await look(call)
        async with call.desk.store.read() as session:
            meeting = await find_meeting(session, call.ref, rehearsals=True)
            invited = await session.get(Registration, number)
        if invited is None or invited.meeting_id != meeting.id or invited.part in NOT_INVITED:
            raise NotFound(UNKNOWN, field="registration_id")
        after(invited.state, event, invited.part)
        warning = await hang_up(call, number) if invited.state is SpeakerState.ON_AIR else ""
        try:
            async with call.change() as change:
                move_speaker(change, await _invited(change, number), event)
                change.answer = {"warning": warning} if warning else {}
        except DATABASE_DOWN as error:
            raise NotSaved(
                "They are hung up, but the database did not take it down, and they can connect again: "
                f"{type(error).__name__}."
            ) from error


async def _invited(change: Change, number: int) -> Registration:
    invited = await change.registration(number)
    if invited.part in NOT_INVITED:
        raise NotFound(UNKNOWN, field="registration_id")
    return invited


async def _refuse_second(change: Change, invited: Registration) -> None:
    words = ONE_AT_A_TIME.get(invited.part)
    if words is None:
        return
    same = select(Registration).where(
        Registration.meeting_id == change.meeting.id,
        Registration.part == invited.part,
        col(Registration.state) == SpeakerState.ON_AIR,
        Registration.id != invited.id,
    )
    other = (await change.session.exec(same)).first()
    if other is not None:
        raise IllegalTransition(words.format(name=other.name))

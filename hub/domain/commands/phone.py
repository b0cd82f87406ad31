"""Residents on the telephone, through the chamber's desk: the same row, timer and log, and no browser."""

from hub.domain.commands.assistance import no_help_needed
from hub.domain.commands.core import Args, Call, Id, command
from hub.domain.commands.moves import DATABASE_DOWN
from hub.domain.commands.speakers import move_speaker
from hub.domain.commands.speakers_staff import find_slot, hang_up_slot, refuse_invited
from hub.domain.errors import IllegalTransition, NotSaved
from hub.domain.people import Staff
from hub.domain.states.speaker import SpeakerEvent, after


class ByPhone(Args):
    registration_id: Id
    on: bool


@command("speaker.by_phone", Staff)
async def by_phone(call: Call, args: ByPhone) -> None:
    """They are on the telephone now, or not any more. Who is on air stays so, and their time runs on."""
    event = SpeakerEvent.JOIN_BY_PHONE if args.on else SpeakerEvent.LEAVE_PHONE
    async with call.desk.room(call.ref).turn:
        slot = await find_slot(call, args.registration_id)
        refuse_invited(slot)
        if slot.by_phone is args.on:
            raise IllegalTransition(
                "They are on the telephone already." if args.on else "They are not on the telephone."
            )
        if slot.written:
            raise IllegalTransition("An officer reads out what they wrote: they need not be called.")
        after(slot.speaker, event)
        warning = await hang_up_slot(call, slot, args.registration_id)
        try:
            async with call.change() as change:
                registration = await change.speaker(args.registration_id)
                time = registration.ends_at, registration.left_ms
                move_speaker(change, registration, event)
                registration.ends_at, registration.left_ms = time
                registration.by_phone = args.on
                if args.on:
                    registration.checked_in_at = registration.checked_in_at or change.now
                    no_help_needed(registration)
                change.answer = {"warning": warning} if warning else {}
        except DATABASE_DOWN as error:
            raise NotSaved(
                "Their browser is hung up, but the database did not take down that they are on the "
                f"telephone: {type(error).__name__}. Try again."
            ) from error

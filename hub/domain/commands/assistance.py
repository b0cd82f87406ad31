"""“I need help, call me”: an alarm at the console, until an officer says that it is seen to."""

from typing import Annotated, Literal

from pydantic import Field

from hub.domain.commands.core import Args, Call, Id, Words, command
from hub.domain.contact import phone_number
from hub.domain.errors import Forbidden, IllegalTransition
from hub.domain.models import Registration
from hub.domain.people import Resident, Staff
from hub.domain.states.meeting import RUNNING, MeetingState
from hub.domain.states.speaker import LINK_WORKS


class AskForHelp(Args):
    reason: Literal["help", "connection"] = "help"
    """``connection``: camera and microphone do not reach the meeting, whatever their page tries."""
    phone: Annotated[Words, Field(max_length=40)] = ""
    """Where they can be called now; empty: at the number that they gave."""


class Withdrawn(Args):
    """No arguments."""


class Helped(Args):
    registration_id: Id


@command("speaker.ask_for_help", Resident)
async def ask_for_help(call: Call, args: AskForHelp) -> None:
    """The officers are told at once. Asking again changes the number, not the time since when they wait."""
    phone = phone_number(args.phone)
    async with call.change() as change:
        resident = call.actor.registration_id if isinstance(call.actor, Resident) else 0
        registration = await change.registration(resident)
        if change.meeting.state not in (MeetingState.SCHEDULED, *RUNNING):
            raise Forbidden("The meeting is over: nobody reads this any more.")
        if registration.state not in LINK_WORKS:
            raise Forbidden("This link has been used. Your slot is over.")
        registration.phone = phone or registration.phone
        if registration.help_at is None or registration.help_reason != args.reason:
            change.audit("speaker.ask_for_help", f"speaker {registration.id}", reason=args.reason)
        registration.help_at = registration.help_at or change.now
        registration.help_reason = args.reason


@command("speaker.need_no_help", Resident)
async def need_no_help(call: Call, args: Withdrawn) -> None:
    """It works after all. Nothing happens when nobody had asked."""
    async with call.change() as change:
        resident = call.actor.registration_id if isinstance(call.actor, Resident) else 0
        registration = await change.registration(resident)
        if registration.help_at is not None:
            no_help_needed(registration)
            change.audit("speaker.need_no_help", f"speaker {registration.id}")


@command("speaker.helped", Staff)
async def helped(call: Call, args: Helped) -> None:
    """An officer has seen to it."""
    async with call.change() as change:
        registration = await change.registration(args.registration_id)
        if registration.help_at is None:
            raise IllegalTransition("They do not ask for help any more.")
        no_help_needed(registration)
        change.audit("speaker.helped", f"speaker {registration.id}")


def no_help_needed(registration: Registration) -> None:
    """End the alarm."""
    registration.help_at, registration.help_reason = None, ""

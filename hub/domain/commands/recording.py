"""What officers do with a recording: take it from the public, give it back, and keep it for longer."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from hub.domain.commands.core import Args, Call, command
from hub.domain.commands.gate import Confirmed
from hub.domain.commands.moves import look, move
from hub.domain.errors import IllegalTransition, Invalid, NotConfirmed
from hub.domain.people import Staff
from hub.domain.services.retention import kept_until
from hub.domain.states.meeting import MeetingEvent, after
from hub.domain.text import cleaned


class Withhold(Args):
    reason: Annotated[str, AfterValidator(cleaned), Field(min_length=1, max_length=200)]
    """For the log; the public are told that it is withheld, not why."""


@command("recording.withhold", Staff)
async def withhold(call: Call, args: Withhold) -> None:
    """From the next request on nobody but officers gets anything of it; it stays on disk."""
    async with call.change() as change:
        move(change, MeetingEvent.WITHHOLD, reason=args.reason)


class Keep(Args):
    until: str
    """The last day, ``2027-12-03``."""
    reason: Annotated[str, AfterValidator(cleaned), Field(min_length=1, max_length=200)]
    """For the log; the public read the day."""


@command("recording.keep", Staff)
async def keep(call: Call, args: Keep) -> None:
    """Keep one recording for longer. Never for less: the public were told the day."""
    async with call.change() as change:
        until = kept_until(change.meeting, call.desk.recordings_kept)
        if until is None:
            raise IllegalTransition("There is no recording of this meeting that would be deleted.")
        change.meeting.recording_kept_until = _later_day(args.until, until)
        change.audit(
            "recording.keep", change.meeting.ref, before=f"{until}", after=args.until, reason=args.reason
        )


def _later_day(text: str, until: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid("Give the day, such as 2027-12-03.", field="until") from None
    if day <= until:
        raise Invalid(f"It is kept until {until} already. Give a later day.", field="until")
    return day


@command("recording.publish", Staff)
async def publish(call: Call, args: Confirmed) -> None:
    """The public have it again. Raises ``NotConfirmed``: what was withheld had a reason."""
    after((await look(call)).state, MeetingEvent.PUBLISH)
    if not args.confirmed:
        raise NotConfirmed("The public will have the recording again. Confirm it.")
    async with call.change() as change:
        if change.meeting.rehearsal:
            raise IllegalTransition("A rehearsal is not recorded, and nothing of it is ever public.")
        move(change, MeetingEvent.PUBLISH)

"""What officers do with a recording: take it from the public, and give it back."""

from typing import Annotated

from pydantic import AfterValidator, Field

from hub.domain.commands.core import Args, Call, command
from hub.domain.commands.gate import Confirmed
from hub.domain.commands.moves import look, move
from hub.domain.errors import IllegalTransition, NotConfirmed
from hub.domain.people import Staff
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

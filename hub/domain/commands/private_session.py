"""What goes on behind a closed gate, and how far behind the room the public are."""

import asyncio

from pydantic import Field

from hub.domain.commands.core import Args, Call, Id, command
from hub.domain.commands.moves import DATABASE_DOWN, look
from hub.domain.errors import IllegalTransition, NotSaved
from hub.domain.people import Staff
from hub.domain.states.meeting import MeetingState
from hub.domain.states.speaker import SpeakerState

CONNECTED = (SpeakerState.CALLED, SpeakerState.ON_AIR)


class Admit(Args):
    """The whole list of who takes part; an empty one sends everybody out."""

    registration_ids: list[Id] = Field(max_length=12)


class Delay(Args):
    seconds: int = Field(ge=0, le=60)


@command("private.admit", Staff)
async def admit(call: Call, args: Admit) -> None:
    """They see and hear the private session and each other. Everybody else keeps silence and the slate."""
    wanted = list(dict.fromkeys(args.registration_ids))
    async with call.desk.room(call.ref).turn:
        seen = await look(call)
        if seen.state is not MeetingState.PRIVATE:
            raise IllegalTransition("The meeting is not in private session: nobody is admitted to one.")
        try:
            async with call.change() as change:
                for number in wanted:
                    registration = await change.registration(number)
                    if registration.state not in CONNECTED or registration.by_phone:
                        raise IllegalTransition(
                            f"{registration.name} is not connected. Call them first, then admit them."
                        )
                names = ", ".join(f"speaker {number}" for number in wanted) or "nobody"
                change.audit("private.admit", change.meeting.ref, after=names)
                await call.desk.studio.admit_privately(call.ref, wanted)
        except DATABASE_DOWN as error:
            # Nobody takes part in a private session without its being in the log.
            await asyncio.shield(call.desk.studio.admit_privately(call.ref, []))
            raise NotSaved(
                "Nobody is admitted to the private session, because the database did not take it down: "
                f"{type(error).__name__}."
            ) from error


@command("delay.set", Staff)
async def set_delay(call: Call, args: Delay) -> None:
    """The public see the meeting so many seconds later, so that a cut can drop what was just said."""
    async with call.desk.room(call.ref).turn:
        seen = await look(call)
        if seen.state is not MeetingState.PRE_SHOW:
            raise IllegalTransition("The delay is chosen in the open room, before the meeting is live.")
        async with call.change() as change:
            change.audit("delay.set", change.meeting.ref, after=f"{args.seconds} s")
            await call.desk.studio.set_delay(call.ref, args.seconds)

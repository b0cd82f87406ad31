"""The two ends of a meeting."""

from sqlmodel import col, select

from hub.domain import slates
from hub.domain.clock import milliseconds
from hub.domain.commands.core import Call, Change, command
from hub.domain.commands.gate import Bare, Confirmed
from hub.domain.commands.moves import DATABASE_DOWN, look, move, refuse_if_moved
from hub.domain.errors import NotConfirmed, NotSaved
from hub.domain.models import Registration, key
from hub.domain.people import Staff
from hub.domain.programme import seconds_now
from hub.domain.states import speaker
from hub.domain.states.meeting import MeetingEvent, after
from hub.domain.states.speaker import SpeakerEvent, SpeakerState


@command("meeting.open_room", Staff)
async def open_room(call: Call, args: Bare) -> None:
    """Start the studio with the slate "starting soon"."""
    async with call.desk.room(call.ref).turn:
        seen = await look(call)
        after(seen.state, MeetingEvent.OPEN_ROOM)
        await call.desk.studio.open_room(call.ref, seen.waiting, rehearsal=seen.rehearsal)
        seconds = await seconds_now(call.desk, call.ref, None)
        async with call.change() as change:
            move(change, MeetingEvent.OPEN_ROOM, seen.waiting)
            if change.meeting.duty_staff_id is None and isinstance(call.actor, Staff):
                change.meeting.duty_staff_id = call.actor.id
            change.meeting.epoch_ms = round(milliseconds(change.now) - seconds * 1000)


@command("meeting.end", Staff)
async def end(call: Call, args: Confirmed) -> None:
    """Close for good: the recording is finished, everybody is hung up, and the recording is published."""
    async with call.desk.room(call.ref).turn:
        seen = await look(call)
        after(seen.state, MeetingEvent.END)
        await refuse_if_moved(call, seen, args.since)
        if not args.confirmed:
            raise NotConfirmed("The meeting will end for everybody. Confirm it.")
        await call.desk.studio.finish(call.ref, slates.ended(seen.title))
        try:
            async with call.change() as change:
                move(change, MeetingEvent.END)
                if not seen.rehearsal:
                    move(change, MeetingEvent.PUBLISH)
                change.meeting.ended_at = change.now
                await _dismiss_speakers(change)
        except DATABASE_DOWN as error:
            raise NotSaved(
                "The broadcast has ended and the recording is finished, but the database did not note it: "
                f"{type(error).__name__}. End the meeting again."
            ) from error


async def _dismiss_speakers(change: Change) -> None:
    """The studio's end hung up on them; here their slots end too."""
    ends = {SpeakerState.ON_AIR: SpeakerEvent.FINISH, SpeakerState.CALLED: SpeakerEvent.STAND_BACK}
    of_meeting = select(Registration).where(Registration.meeting_id == key(change.meeting))
    for registration in await change.session.exec(of_meeting.where(col(Registration.state).in_(ends))):
        before = registration.state
        registration.state = speaker.after(before, ends[before], registration.part)
        registration.ends_at = registration.left_ms = None
        change.audit(
            f"speaker.{ends[before]}", f"speaker {registration.id}", before=before, after=registration.state
        )

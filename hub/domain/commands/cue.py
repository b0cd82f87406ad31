"""A resident is told some seconds ahead that they are about to be on air. Nobody is let in by that."""

from datetime import timedelta

from pydantic import Field

from hub.domain.commands.core import Call, command
from hub.domain.commands.one_speaker import OneSpeaker, refuse_if_changed
from hub.domain.commands.speakers_staff import find_slot, refuse_invited
from hub.domain.errors import IllegalTransition
from hub.domain.people import Staff
from hub.domain.states.meeting import MeetingState
from hub.domain.states.speaker import SpeakerEvent, after

LONGEST = 10


class Cue(OneSpeaker):
    seconds: int = Field(ge=0, le=LONGEST)
    """0 calls it off."""


@command("speaker.cue", Staff)
async def cue(call: Call, args: Cue) -> None:
    """Count down for who is called. In memory only: it says what an officer is about to do."""
    slot = await find_slot(call, args.registration_id)
    refuse_invited(slot)
    await refuse_if_changed(call, args, slot.speaker)
    after(slot.speaker, SpeakerEvent.ADMIT)
    if slot.meeting is not MeetingState.LIVE:
        raise IllegalTransition("The meeting is not live: nobody is about to be on air.")
    async with call.change() as change:
        now = change.now
    cues = {speaker: at for speaker, at in call.desk.room(call.ref).cues.items() if at > now}
    cues.pop(args.registration_id, None)
    if args.seconds:
        cues[args.registration_id] = now + timedelta(seconds=args.seconds)
    call.desk.room(call.ref).cues = cues

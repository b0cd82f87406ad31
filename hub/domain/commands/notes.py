"""What officers note for the minutes. A table of its own, of which no public view knows."""

from pydantic import Field

from hub.domain.commands.core import Args, Call, Id, command, who
from hub.domain.commands.moves import look
from hub.domain.models import Note, key
from hub.domain.people import Staff
from hub.domain.programme import seconds_now
from hub.domain.states.meeting import RUNNING, MeetingState
from hub.domain.text import required

NOTE_CHARACTERS = 2000


class WriteNote(Args):
    item_id: Id | None
    """None: of no item in particular."""
    text: str = Field(max_length=20_000)


@command("note.write", Staff)
async def write(call: Call, args: WriteNote) -> None:
    """With the moment in the programme, when there is one: the minutes find it in the recording."""
    text = required(args.text, "text", "the note", at_most=NOTE_CHARACTERS)
    seconds = await seconds_now(call.desk, call.ref, (await look(call)).epoch_ms)
    async with call.change() as change:
        if args.item_id is not None:
            await change.item(args.item_id)
        state = change.meeting.state
        note = Note(
            meeting_id=key(change.meeting),
            item_id=args.item_id,
            seconds=round(seconds, 3) if state in RUNNING - {MeetingState.PRE_SHOW} else None,
            text=text,
            by=who(change.actor),
            at=change.now,
        )
        change.session.add(note)
        await change.session.flush()
        change.audit("note.write", f"note {note.id}")
        change.answer = {"note_id": key(note)}

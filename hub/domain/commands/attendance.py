"""Who was seen in the room."""

from pydantic import Field

from hub.domain.checklist import Office
from hub.domain.commands.core import Args, Call, command
from hub.domain.errors import IllegalTransition
from hub.domain.people import Staff
from hub.domain.states.meeting import OVER


class Mark(Args):
    office: Office = Field(strict=False)
    present: bool


@command("attendance.mark", Staff)
async def mark(call: Call, args: Mark) -> None:
    """The chair, or the clerk, is here; or is not, after all."""
    async with call.change() as change:
        meeting = change.meeting
        if meeting.state in OVER:
            raise IllegalTransition("The meeting is over.")
        if args.office is Office.CHAIR:
            before, meeting.chair_present = meeting.chair_present, args.present
        else:
            before, meeting.clerk_present = meeting.clerk_present, args.present
        change.audit("attendance.mark", args.office, before=_here(before), after=_here(args.present))


def _here(present: bool) -> str:
    return "here" if present else "not here"

"""How long officers expect an item to take. Before the meeting and while it runs; it moves nothing."""

from pydantic import Field

from hub.domain.commands.core import Args, Call, Change, Id, command
from hub.domain.errors import Conflict, IllegalTransition, Invalid
from hub.domain.last_step import Step
from hub.domain.people import Staff
from hub.domain.states.meeting import RUNNING, MeetingState
from hub.domain.timetable import MINUTES_AT_MOST
from hub.domain.titles import index_label


class ExpectItem(Args):
    """``minutes``: None when nothing is expected any more."""

    item_id: Id
    minutes: int | None = Field(ge=1, le=MINUTES_AT_MOST)


@command("timetable.expect", Staff)
async def expect(call: Call, args: ExpectItem) -> None:
    """The console counts against it, and everybody reads when the items behind it are expected."""
    async with call.change() as change:
        if change.meeting.state not in (MeetingState.SCHEDULED, *RUNNING):
            raise IllegalTransition("The meeting is over: nothing more is expected of its items.")
        item = await change.item(args.item_id)
        if item.heading:
            raise Invalid("This is a heading, not an item of business.", field="item_id")
        if item.expected_minutes == args.minutes:
            raise Conflict("That is expected of it already.")
        before, item.expected_minutes = item.expected_minutes, args.minutes
        change.audit("timetable.expect", f"item {item.id}", before=str(before or ""), after=index_label(item))


async def take_back(change: Change, step: Step) -> None:
    """What was expected before the step."""
    item = await change.item(step.number)
    item.expected_minutes = int(step.move.before) if step.move.before else None
    change.audit("timetable.undo", step.move.subject, before=step.move.action, after=step.move.before)

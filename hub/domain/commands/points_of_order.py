"""A member raises a point of order: it comes before whoever speaks, and their time stands still meanwhile."""

from typing import Annotated

from pydantic import Field
from sqlmodel import col, select

from hub.domain.clock import milliseconds
from hub.domain.commands.core import Args, Call, Change, command
from hub.domain.commands.heard import drop, label
from hub.domain.commands.moves import look
from hub.domain.commands.speaking_time import go_on, stand_still
from hub.domain.errors import Conflict, IllegalTransition
from hub.domain.models import Registration, key
from hub.domain.people import Part, Staff
from hub.domain.programme import seconds_now
from hub.domain.states.meeting import MeetingState
from hub.domain.states.speaker import SpeakerState
from hub.domain.text import optional

NAME_CHARACTERS = 80
REASON = "point of order"
"""In the log, why somebody's time stopped and went on."""


class Raise(Args):
    """``name`` of the member; it may be empty: the clerk is quicker than that."""

    name: str = Field(default="", max_length=20_000)


class End(Args):
    """``since``: ``since_ms`` of the one that the officer had before them."""

    since: Annotated[int, Field(ge=0, le=2**53)] | None = None


@command("point_of_order.raise", Staff)
async def raise_one(call: Call, args: Raise) -> None:
    """The chair sees it at once, and the time of everybody on air stands still. One at a time."""
    name = optional(args.name, "name", "the name", at_most=NAME_CHARACTERS).replace("\n", " ")
    seen = await look(call)
    seconds = await seconds_now(call.desk, call.ref, seen.epoch_ms)
    async with call.change() as change:
        meeting = change.meeting
        if meeting.state is not MeetingState.LIVE:
            words = meeting.state.replace("_", " ")
            raise IllegalTransition(f"The meeting is {words}: a point of order is raised while it is live.")
        if meeting.point_of_order_at is not None:
            raise Conflict(f"{label(meeting.point_of_order_by)} is being heard: end that first.")
        speaking = await _speaking(change)
        for row in speaking:
            stand_still(change, row, REASON)
        meeting.point_of_order_at, meeting.point_of_order_by = change.now, name
        meeting.point_of_order_paused = [key(row) for row in speaking]
        change.stamp("point_of_order", label(name), seconds, item_id=meeting.current_item_id)
        change.audit("point_of_order.raise", meeting.ref, after=name)


@command("point_of_order.end", Staff)
async def end(call: Call, args: End) -> None:
    """It is dealt with: the time that it stopped goes on, of whoever is still on air."""
    async with call.change() as change:
        meeting = change.meeting
        if meeting.point_of_order_at is None:
            raise IllegalTransition("No point of order is being heard.")
        if args.since is not None and args.since != milliseconds(meeting.point_of_order_at):
            raise Conflict(f"{label(meeting.point_of_order_by)} is another one, raised a moment ago.")
        standing = select(Registration).where(
            col(Registration.id).in_(meeting.point_of_order_paused),
            col(Registration.state) == SpeakerState.ON_AIR,
            col(Registration.left_ms).is_not(None),
        )
        for row in await change.session.exec(standing.order_by(col(Registration.id))):
            go_on(change, row, REASON)
        drop(change)


async def _speaking(change: Change) -> list[Registration]:
    """Those on air whose time runs."""
    running = select(Registration).where(
        Registration.meeting_id == key(change.meeting),
        col(Registration.state) == SpeakerState.ON_AIR,
        col(Registration.part) == Part.SPEAKER,
        col(Registration.ends_at).is_not(None),
    )
    return list(await change.session.exec(running.order_by(col(Registration.id))))

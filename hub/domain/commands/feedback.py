"""What those who watched thought of a webinar, when it is over."""

from pydantic import Field
from sqlmodel import select

from hub.domain.commands.audience import device_of, spend
from hub.domain.commands.core import Args, Call, command
from hub.domain.errors import Conflict, Forbidden, Invalid, NotFound
from hub.domain.kind import MeetingKind
from hub.domain.limits import TELLING
from hub.domain.models import Feedback, key
from hub.domain.models.webinar import BEST
from hub.domain.people import Viewer
from hub.domain.states.meeting import OVER, MeetingState
from hub.domain.text import optional

TEXT_CHARACTERS = 1000


class Give(Args):
    rating: int
    text: str = Field(default="", max_length=20_000)


@command("feedback.give", Viewer)
async def give(call: Call, args: Give) -> None:
    """Once for each device, until traces are swept. Officers read it, and nobody else."""
    if not 1 <= args.rating <= BEST:
        raise Invalid("Choose one from the list.", field="rating")
    text = optional(args.text, "text", "your text", at_most=TEXT_CHARACTERS)
    device = device_of(call)
    async with call.change() as change:
        meeting = change.meeting
        if meeting.kind is not MeetingKind.WEBINAR:
            raise NotFound("This meeting is no webinar.")
        if meeting.state not in OVER or meeting.state is MeetingState.EXPIRED:
            raise Forbidden("Feedback is taken when the webinar is over.")
        if meeting.swept_at is not None:
            raise Forbidden("The webinar was long ago: feedback is not taken any more.")
        given = select(Feedback).where(Feedback.meeting_id == meeting.id, Feedback.device == device)
        if (await change.session.exec(given)).first() is not None:
            raise Conflict("You have told us already. Thank you.")
        spend(call, change, TELLING)
        change.session.add(
            Feedback(meeting_id=key(meeting), device=device, rating=args.rating, text=text, at=change.now)
        )

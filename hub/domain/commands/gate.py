"""Taking the meeting from the public, and giving it back."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from hub.domain import slates
from hub.domain.commands.closing import Cut, close, emergency
from hub.domain.commands.core import Args, Call, Change, Id, Words, command
from hub.domain.commands.moves import Seen
from hub.domain.commands.opening import open_to_public
from hub.domain.desk import Desk
from hub.domain.errors import Invalid
from hub.domain.local_time import next_clock_time
from hub.domain.people import Staff
from hub.domain.states.meeting import MeetingEvent, MeetingState
from hub.domain.titles import PRIVATE_SESSION

Paragraph = Annotated[int, Field(ge=1, le=18)]
Reason = Annotated[Words, Field(max_length=200)]
ClockText = Annotated[str, Field(max_length=200)]


class GoPrivate(Args):
    """Which item, on what ground. Nothing is obligatory: a form must not stand in the way of a cut."""

    item_id: Id | None = None
    paragraphs: list[Paragraph] = Field(default=[], max_length=18)
    reason: Reason = ""
    """For the log; the slate gives the ground in the words of the Act."""
    expected_back: ClockText | None = None
    drop: bool = True
    """Also drop what the broadcast delay holds; else the public see it to its end first."""


class Adjourn(Args):
    """``reason`` is shown to the public."""

    reason: Reason = ""
    expected_back: ClockText | None = None
    drop: bool = False


class Suspend(Args):
    """The chair's reason, as webcasting protocols name them."""

    reason: Literal["disturbance", "rights", "prejudice"]
    drop: bool = True


class Technical(Args):
    """``reason`` is shown to the public."""

    reason: Reason = ""
    drop: bool = True


class Confirmed(Args):
    """What shows something to the public asks first.

    ``since``: ``state_since_ms`` of what the officer had before them, which alone is what they confirm.
    """

    confirmed: bool = False
    since: Annotated[int, Field(ge=0, le=2**53)] | None = None


class Bare(Args):
    """No arguments."""


@command("meeting.private", Staff)
async def private(call: Call, args: GoPrivate) -> None:
    """Exclude the public from an item."""
    back, warning = _expected(call.desk, args.expected_back)

    def plan(seen: Seen | None) -> Cut:
        slate = slates.private(seen.item if seen else None, args.paragraphs, back)
        return Cut(
            MeetingEvent.GO_PRIVATE, MeetingState.PRIVATE, slate, PRIVATE_SESSION, args.reason, args.drop
        )

    def note(change: Change) -> None:
        change.meeting.expected_back_at = back
        change.meeting.exclusion_item_id = args.item_id
        change.answer = warning

    await close(call, plan, note, args.item_id)


@command("meeting.adjourn", Staff)
async def adjourn(call: Call, args: Adjourn) -> None:
    """Pause."""
    back, warning = _expected(call.desk, args.expected_back)
    slate = slates.adjourned(args.reason, back)
    cut = Cut(MeetingEvent.ADJOURN, MeetingState.ADJOURNED, slate, "Adjourned", args.reason, args.drop)

    def note(change: Change) -> None:
        change.meeting.expected_back_at = back
        change.answer = warning

    await close(call, lambda _: cut, note)


@command("meeting.suspend", Staff)
async def suspend(call: Call, args: Suspend) -> None:
    """Stop the broadcast on the chair's word."""
    slate = slates.suspended(args.reason)
    cut = Cut(
        MeetingEvent.SUSPEND, MeetingState.SUSPENDED, slate, "Broadcast suspended", args.reason, args.drop
    )
    await close(call, lambda _: cut, _nothing)


@command("meeting.technical", Staff)
async def technical(call: Call, args: Technical) -> None:
    """Put up the slate while something is mended."""
    slate = slates.technical(args.reason)
    cut = Cut(
        MeetingEvent.FAULT, MeetingState.TECHNICAL, slate, "Broadcast interrupted", args.reason, args.drop
    )
    await close(call, lambda _: cut, _nothing)


@command("gate.cut", Staff)
async def cut_everything(call: Call, args: Bare) -> None:
    """The emergency cut."""
    await emergency(call)


@command("meeting.go_live", Staff)
async def go_live(call: Call, args: Confirmed) -> None:
    """The public see and hear; recording begins."""
    await open_to_public(call, MeetingEvent.GO_LIVE, "Meeting opened", args.since, confirmed=args.confirmed)


@command("meeting.return", Staff)
async def return_to_public(call: Call, args: Confirmed) -> None:
    """Back to the public."""
    await open_to_public(
        call, MeetingEvent.RETURN_TO_PUBLIC, "Meeting resumed", args.since, confirmed=args.confirmed
    )


def _nothing(change: Change) -> None:
    """Nothing to add."""


def _expected(desk: Desk, text: str | None) -> tuple[datetime | None, dict[str, str]]:
    """The time, or a warning for the answer: a time that cannot be read must not delay a cut."""
    try:
        return next_clock_time(text, desk.clock.now(), "expected_back"), {}
    except Invalid as error:
        return None, {"warning": f"The expected time is not shown. {error.message}"}

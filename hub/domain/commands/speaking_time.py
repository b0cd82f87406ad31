"""The time of who is on air stands still while somebody else speaks, and goes on."""

from datetime import timedelta

from hub.domain.clock import milliseconds
from hub.domain.commands.core import Call, Change, command
from hub.domain.commands.one_speaker import OneSpeaker, taken_up
from hub.domain.errors import IllegalTransition
from hub.domain.models import Registration, key
from hub.domain.people import Staff


@command("speaker.pause", Staff)
async def pause(call: Call, args: OneSpeaker) -> None:
    """A fault of the line, a question of the chair: the time stands. They stay on air."""
    async with call.change() as change:
        stand_still(change, await taken_up(change, args))


@command("speaker.resume", Staff)
async def resume(call: Call, args: OneSpeaker) -> None:
    """The time goes on where it stood."""
    async with call.change() as change:
        go_on(change, await taken_up(change, args))


def begin(change: Change, registration: Registration) -> None:
    """Their whole time begins. While a point of order is heard it stands still until that has ended."""
    meeting, number = change.meeting, key(registration)
    if meeting.point_of_order_at is None:
        registration.ends_at = change.now + timedelta(seconds=registration.seconds)
        return
    registration.left_ms = registration.seconds * 1000
    meeting.point_of_order_paused = [*set(meeting.point_of_order_paused) - {number}, number]


def stand_still(change: Change, registration: Registration, reason: str = "") -> None:
    """Stop their time. Raises ``IllegalTransition`` when it does not run."""
    if registration.ends_at is None:
        raise IllegalTransition("Their time does not run.")
    left = milliseconds(registration.ends_at) - milliseconds(change.now)
    registration.ends_at, registration.left_ms = None, left
    _forget(change, registration)
    change.audit(
        "speaker.pause", f"speaker {registration.id}", after=f"{left / 1000:.0f} s left", reason=reason
    )


def go_on(change: Change, registration: Registration, reason: str = "") -> None:
    """Let it go on. Raises ``IllegalTransition`` when it does not stand still."""
    if registration.left_ms is None:
        raise IllegalTransition("Their time does not stand still.")
    registration.ends_at = change.now + timedelta(milliseconds=registration.left_ms)
    registration.left_ms = None
    _forget(change, registration)
    change.audit("speaker.resume", f"speaker {registration.id}", reason=reason)


def _forget(change: Change, registration: Registration) -> None:
    """Whoever's time was stopped or let go on by itself is none of those that a point of order stopped."""
    paused = change.meeting.point_of_order_paused
    change.meeting.point_of_order_paused = [number for number in paused if number != registration.id]

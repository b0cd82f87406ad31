"""What a resident with a personal link does."""

from contextlib import suppress
from typing import Annotated

from pydantic import Field

from hub.domain.commands.core import Args, Call, Change, Words, command
from hub.domain.commands.moves import look
from hub.domain.errors import IllegalTransition, MediaUnavailable
from hub.domain.models import Committee, MailKind, Registration, key
from hub.domain.people import Capacity, Resident
from hub.domain.services.allotment import allot_again
from hub.domain.services.outbox import queue
from hub.domain.services.rules import rules_for
from hub.domain.states.meeting import RUNNING, MeetingState
from hub.domain.states.speaker import LINK_WORKS, WAITING, SpeakerEvent, SpeakerState, after

_Key = Annotated[Words, Field(max_length=40)]
_Text = Annotated[Words, Field(max_length=200)]


class CheckIn(Args):
    """What the browser found: camera, microphone, browser."""

    device_check: dict[_Key, bool | int | _Text | None] = Field(default={}, max_length=12)


class TestDevice(Args):
    """The same, without arriving."""

    device_check: dict[_Key, bool | int | _Text | None] = Field(min_length=1, max_length=12)


class Withdraw(Args):
    """No arguments."""


@command("speaker.check_in", Resident)
async def check_in(call: Call, args: CheckIn) -> None:
    """Arriving is waiting. A page that was loaded again arrives again and loses nothing."""
    async with call.change() as change:
        if change.meeting.state not in (MeetingState.SCHEDULED, *RUNNING):
            raise IllegalTransition("The meeting has ended.")
        registration = await _own(change)
        if registration.written:
            raise IllegalTransition(
                "An officer brings what you wrote to the meeting: you need not wait here."
            )
        if args.device_check:
            registration.device_check, registration.device_checked_at = dict(args.device_check), change.now
        if registration.state not in (*WAITING, SpeakerState.ON_AIR):
            move_speaker(change, registration, SpeakerEvent.CHECK_IN)
            registration.checked_in_at = change.now
            if registration.capacity is not Capacity.RESIDENT and change.meeting.state in RUNNING:
                # An officer asked them to come: nothing is to be decided but when they are on air.
                move_speaker(change, registration, SpeakerEvent.CALL)


@command("speaker.test_device", Resident)
async def test_device(call: Call, args: TestDevice) -> None:
    """What a test of their device found, days before or on the day. They do not arrive by it."""
    async with call.change() as change:
        registration = await _own(change)
        if change.meeting.state not in (MeetingState.SCHEDULED, *RUNNING):
            raise IllegalTransition("The meeting has ended.")
        if registration.state not in LINK_WORKS or registration.written:
            raise IllegalTransition("No device is needed for this registration.")
        registration.device_check, registration.device_checked_at = dict(args.device_check), change.now


@command("speaker.withdraw", Resident)
async def withdraw(call: Call, args: Withdraw) -> None:
    """Give the slot up."""
    async with call.desk.room(call.ref).turn:
        await look(call)
        async with call.change() as change:
            registration = await _own(change)
            connected = registration.state is SpeakerState.CALLED and not registration.by_phone
            move_speaker(change, registration, SpeakerEvent.WITHDRAW)
            await queue(change.session, registration, MailKind.WITHDRAWN, change.now)
            await give_place_away(change)
        if connected:
            warning = await hang_up(call, key(registration))
            call.answer |= {"warning": warning} if warning else {}


async def hang_up(call: Call, speaker: int, still_on_air: list[int] | None = None) -> str:
    """Off air and disconnected, whatever state things are in. Says what must be known if it failed.

    ``still_on_air`` are the others, when the speaker was on air.
    """
    studio = call.desk.studio
    if still_on_air is not None:
        # Closing takes them off air as well, and it is closing that must succeed.
        with suppress(MediaUnavailable):
            await studio.set_on_air(call.ref, still_on_air)
    try:
        await studio.close_speaker(call.ref, speaker)
    except MediaUnavailable as error:
        return f"If the speaker is still seen or heard, cut. {error.message}"
    return ""


async def give_place_away(change: Change) -> None:
    """Who waits for the place that came free moves up, by the committee's rules."""
    committee = await change.session.get_one(Committee, change.meeting.committee_id)
    await allot_again(change.session, change.meeting, rules_for(change.meeting, committee), change.now)


def move_speaker(change: Change, registration: Registration, event: SpeakerEvent, reason: str = "") -> None:
    """Move a speaker's state and take it down."""
    before = registration.state
    registration.state = after(before, event, registration.part)
    if registration.state is not SpeakerState.ON_AIR:
        registration.ends_at = registration.left_ms = None
    if registration.state not in LINK_WORKS:
        # Nobody is waited for any more, so nobody waits for help.
        registration.help_at, registration.help_reason = None, ""
    change.audit(
        f"speaker.{event}",
        f"speaker {registration.id}",
        before=before,
        after=registration.state,
        reason=reason,
    )


async def _own(change: Change) -> Registration:
    number = change.actor.registration_id if isinstance(change.actor, Resident) else 0
    return await change.registration(number)

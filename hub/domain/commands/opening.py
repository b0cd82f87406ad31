"""How a meeting is shown to the public: all is checked first, and any failure closes the gate again."""

import asyncio

from hub.domain.checklist import missing
from hub.domain.clock import milliseconds
from hub.domain.commands.closing import shut
from hub.domain.commands.core import Call, Change, who
from hub.domain.commands.invitations import end_presentations
from hub.domain.commands.moves import DATABASE_DOWN, Seen, look, move, refuse_if_moved, stamp_item
from hub.domain.errors import Conflict, MediaUnavailable, NotConfirmed, NotSaved
from hub.domain.programme import seconds_now
from hub.domain.services.readiness import find_readiness
from hub.domain.states.meeting import MeetingEvent, after


async def open_to_public(
    call: Call, event: MeetingEvent, label: str, since: int | None, *, confirmed: bool
) -> None:
    """Open the gate and write it down.

    ``since``: of the state that the officer confirmed to leave, in milliseconds.
    Raises ``NotConfirmed``, ``IllegalTransition``, ``Conflict`` when somebody closed or cut meanwhile,
    ``MediaUnavailable`` and ``NotSaved``; the public then see the slate.
    """
    room = call.desk.room(call.ref)
    async with room.turn:
        seen = await look(call)
        after(seen.state, event)
        await refuse_if_moved(call, seen, since)
        if not confirmed:
            raise NotConfirmed(await _question(call, event))
        cuts = room.cuts
        try:
            if event is MeetingEvent.GO_LIVE:
                await call.desk.studio.start_recording(call.ref)
            if await call.desk.studio.was_private(call.ref):
                await end_presentations(call)
            async with call.change() as change:
                move(change, event)
                # What the database would refuse is refused before anybody sees anything.
                await change.session.flush()
                await call.desk.studio.open_gate(call.ref, by=who(call.actor), reason=event)
                if room.cuts != cuts:
                    raise Conflict("Somebody cut the broadcast a moment ago, so it stays closed.")
                seconds = await seconds_now(call.desk, call.ref, seen.epoch_ms)
                await _stamp(change, event, label, seconds)
        except BaseException as error:
            await asyncio.shield(_shut_again(call, seen))
            if isinstance(error, DATABASE_DOWN):
                raise NotSaved(
                    "The meeting was not opened, because the database did not take it down: "
                    f"{type(error).__name__}. The public see the slate."
                ) from error
            raise


async def _question(call: Call, event: MeetingEvent) -> str:
    """What is to be confirmed. What is missing is said and forbids nothing: the officer decides."""
    words = "The public will see and hear the meeting. Confirm it."
    if event is not MeetingEvent.GO_LIVE:
        return words
    return " ".join([words, *missing(await find_readiness(call.desk, call.ref))])


async def _stamp(change: Change, event: MeetingEvent, label: str, seconds: float) -> None:
    meeting = change.meeting
    if event is MeetingEvent.GO_LIVE:
        meeting.live_at = change.now
        meeting.epoch_ms = round(milliseconds(change.now) - seconds * 1000)
        await stamp_item(change, seconds)
    change.stamp("gate", label, seconds)


async def _shut_again(call: Call, seen: Seen) -> None:
    studio, by = call.desk.studio, who(call.actor)
    try:
        await shut(studio, call.ref, seen.state, seen.slate, by=by, reason="The opening failed")
    except MediaUnavailable as error:
        raise MediaUnavailable(
            "The opening failed, and the studio does not say that it closed again. "
            f"The public may see the meeting: look at the public page. {error.message}"
        ) from error

"""How a meeting is taken from the public: the studio first, the database second.

The cut must not wait for anything that may be broken. It looks at the database for a quarter of a second, to
refuse what makes no sense and to name the item on the slate; without an answer it cuts all the same.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlmodel import col, select

from hub.domain.commands.core import Call, Change, who
from hub.domain.commands.moves import DATABASE_DOWN, Seen, look_in_haste, move
from hub.domain.errors import IllegalTransition, NotSaved
from hub.domain.models import IndexPoint, Question, key
from hub.domain.ports import Slate, StudioPort
from hub.domain.programme import seconds_now
from hub.domain.slates import technical
from hub.domain.states.meeting import CLOSED, MeetingEvent, MeetingState, after


@dataclass(frozen=True, slots=True)
class Cut:
    """What a closing command wants the public to see."""

    event: MeetingEvent
    state: MeetingState
    slate: Slate
    label: str
    """In the index."""
    reason: str = ""
    drop: bool = True
    """Also drop what the broadcast delay holds."""


async def close(
    call: Call, plan: Callable[[Seen | None], Cut], note: Callable[[Change], None], item_id: int | None = None
) -> None:
    """Cut, then write down. ``note`` adds to the meeting's row what only this command knows.

    Raises ``IllegalTransition`` before anything happened, ``MediaUnavailable`` when the studio did not cut,
    and ``NotSaved`` when it did and the database did not take it down.
    """
    seen = await look_in_haste(call, item_id)
    cut = plan(seen)
    if seen is not None:
        after(seen.state, cut.event)
    await cut_now(call, cut.state, cut.slate, cut.reason, drop=cut.drop)

    async def write_down(seconds: float) -> None:
        async with call.change() as change:
            before = change.meeting.state
            move(change, cut.event, cut.slate, cut.reason)
            note(change)
            await bring_forward(change, seconds)
            if before != change.meeting.state:
                change.stamp("gate", cut.label, seconds, item_id=change.meeting.exclusion_item_id)

    await _saved(call, seen, write_down)


async def emergency(call: Call) -> None:
    """Slate and silence, whatever the state. A closed meeting keeps the state that says why."""
    seen = await look_in_haste(call)
    if seen is not None and seen.state not in (MeetingState.LIVE, MeetingState.PRE_SHOW, *CLOSED):
        raise IllegalTransition(f"The meeting is {seen.state.replace('_', ' ')}: there is nothing to cut.")
    reason = "Emergency cut"
    if seen is None or seen.state is MeetingState.LIVE:
        await cut_now(call, MeetingState.TECHNICAL, technical(), reason)
    else:
        call.desk.room(call.ref).cuts += 1
        # What an adjournment still lets out is cut as well.
        await shut(
            call.desk.studio, call.ref, seen.state, seen.slate, by=who(call.actor), reason=reason, drop=True
        )

    async def write_down(seconds: float) -> None:
        async with call.change() as change:
            if change.meeting.state is MeetingState.LIVE:
                move(change, MeetingEvent.FAULT, technical(), reason)
                await bring_forward(change, seconds)
                change.stamp("gate", "Broadcast interrupted", seconds)
            else:
                change.audit("gate.cut", change.meeting.ref, after=change.meeting.state, reason=reason)

    await _saved(call, seen, write_down)


async def cut_now(
    call: Call, state: MeetingState, slate: Slate, reason: str, *, drop: bool | None = None
) -> None:
    """Tell the studio, and tell openings under way that they are overtaken. Waits for nobody's turn."""
    call.desk.room(call.ref).cuts += 1
    await call.desk.studio.cut(call.ref, state, slate, by=who(call.actor), reason=reason, drop=drop)


async def shut(
    studio: StudioPort,
    ref: str,
    state: MeetingState,
    slate: Slate,
    *,
    by: str,
    reason: str,
    drop: bool | None = None,
) -> None:
    """Close the gate and show the slate of a state that is closed already.

    An open gate knows no way back to the time before the meeting but by a technical fault (``media.gate``).
    """
    if state is MeetingState.PRE_SHOW:
        await studio.cut(ref, MeetingState.TECHNICAL, technical(), by=by, reason=reason)
    await studio.cut(ref, state, slate, by=by, reason=reason, drop=drop)


async def bring_forward(change: Change, seconds: float) -> None:
    """What was noted of a part that the public now never get belongs at the moment of the cut."""
    ahead = select(IndexPoint).where(
        IndexPoint.meeting_id == key(change.meeting), col(IndexPoint.seconds) > seconds
    )
    for point in await change.session.exec(ahead):
        point.seconds = round(seconds, 3)
    answered = select(Question).where(
        Question.meeting_id == key(change.meeting), col(Question.answered_seconds) > seconds
    )
    for question in await change.session.exec(answered):
        question.answered_seconds = round(seconds, 3)


async def _saved(call: Call, seen: Seen | None, write_down: Callable[[float], Awaitable[None]]) -> None:
    seconds = await seconds_now(call.desk, call.ref, seen.epoch_ms if seen is not None else None)
    try:
        async with call.desk.room(call.ref).turn:
            await write_down(seconds)
    except DATABASE_DOWN as error:
        raise NotSaved(
            "The public no longer see or hear the meeting, but the database did not take this down: "
            f"{type(error).__name__}. The public page may still say that the meeting is live."
        ) from error

"""How a command looks at a meeting before it troubles the studio, and how it moves its state."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from hub.domain.clock import milliseconds
from hub.domain.commands.core import Call, Change
from hub.domain.commands.heard import drop
from hub.domain.errors import Conflict
from hub.domain.meetings import find_meeting
from hub.domain.models import AgendaItem, AuditEntry, StateChange, key
from hub.domain.ports import Slate
from hub.domain.slates import current, waiting
from hub.domain.states.meeting import CLOSED, MeetingEvent, MeetingState, after
from hub.domain.titles import index_label

LOOK_SECONDS = 0.25
"""How long a cut waits for the database before it does without."""

DATABASE_DOWN = (SQLAlchemyError, OSError)
"""What a database that is down or refuses looks like from here; time-outs are an ``OSError``."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A meeting as a command found it."""

    meeting_id: int
    title: str
    state: MeetingState
    slate: Slate
    epoch_ms: int | None
    waiting: Slate
    """The slate of the time before the meeting."""
    item: AgendaItem | None
    rehearsal: bool
    since: datetime | None
    """When it came into this state."""


async def look(call: Call, item_id: int | None = None) -> Seen:
    """The meeting now. Raises ``NotFound``, and ``Replayed`` for a message that was accepted before."""
    async with call.desk.store.read() as session:
        meeting = await find_meeting(session, call.ref, rehearsals=call.may_rehearse)
        await call.admit(session, meeting)
        await call.refuse_replay(session)
        item = await session.get(AgendaItem, item_id) if item_id is not None else None
        mine = item if item is not None and item.meeting_id == meeting.id else None
        return Seen(
            key(meeting),
            meeting.title,
            meeting.state,
            current(meeting),
            meeting.epoch_ms,
            waiting(meeting),
            mine,
            meeting.rehearsal,
            meeting.state_since,
        )


async def refuse_if_moved(call: Call, seen: Seen, since: int | None) -> None:
    """Raise ``Conflict`` when it is not the state of ``since`` (milliseconds) any more. None: nobody asks."""
    if since is None or seen.since is None or milliseconds(seen.since) == since:
        return
    moved = select(AuditEntry.who).where(
        AuditEntry.meeting_id == seen.meeting_id, col(AuditEntry.action).startswith("meeting.")
    )
    async with call.desk.store.read() as session:
        mover = (await session.exec(moved.order_by(col(AuditEntry.id).desc()))).first() or "Somebody"
    raise Conflict(
        f"{mover} changed what the public see a moment ago: the meeting is {seen.state.replace('_', ' ')} "
        f"now{f', with the slate “{seen.slate.title}”' if seen.state in CLOSED else ''}."
    )


async def look_in_haste(call: Call, item_id: int | None = None) -> Seen | None:
    """The same for a cut: None when the database does not answer at once; writing down will tell."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            return await look(call, item_id)
    except DATABASE_DOWN:
        return None


def move(
    change: Change,
    event: MeetingEvent,
    slate: Slate | None = None,
    reason: str = "",
    since: datetime | None = None,
) -> None:
    """Move the meeting and take it down. ``slate`` is what the public see from now on, if they see one.

    ``since`` is when that began, for what is written down later than it happened.
    """
    meeting = change.meeting
    before = meeting.state
    meeting.state = after(before, event)
    meeting.state_since = change.now
    meeting.notice_title = slate.title if slate else ""
    meeting.notice_lines = list(slate.lines) if slate else []
    meeting.expected_back_at = None
    meeting.exclusion_item_id = None
    if meeting.point_of_order_at is not None and meeting.state is not MeetingState.LIVE:
        # The time that it stopped stands until an officer lets it go on: nobody speaks now.
        drop(change, f"the meeting is {meeting.state.replace('_', ' ')}")
    change.session.add(
        StateChange(
            meeting_id=key(meeting),
            state=meeting.state,
            since=since or change.now,
            title=meeting.notice_title,
            lines=meeting.notice_lines,
        )
    )
    change.audit(f"meeting.{event}", meeting.ref, before=before, after=meeting.state, reason=reason)


async def stamp_item(change: Change, seconds: float) -> None:
    """Put the current item into the index, when there is one and the programme runs."""
    meeting = change.meeting
    if meeting.current_item_id is None or meeting.state not in (MeetingState.LIVE, *CLOSED):
        return
    item = await change.session.get_one(AgendaItem, meeting.current_item_id)
    change.stamp("item", index_label(item), seconds, item_id=item.id)

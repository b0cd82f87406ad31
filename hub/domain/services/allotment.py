"""Places as they stand in the database, and who gets those that come free. The meeting is locked."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.models import AuditEntry, MailKind, Meeting, Registration, key
from hub.domain.people import House, Part
from hub.domain.rules import RuleSet, Standing, move_up, shared_seconds
from hub.domain.services.outbox import queue
from hub.domain.states.speaker import SpeakerEvent, SpeakerState, after

GONE = (
    SpeakerState.DECLINED,
    SpeakerState.WITHDRAWN,
    SpeakerState.NO_SHOW,
    SpeakerState.REVOKED,
    SpeakerState.REMOVED,
)
_STARTED = (SpeakerState.ON_AIR, SpeakerState.DONE)


async def registered(session: AsyncSession, meeting: Meeting) -> list[Registration]:
    """Residents who have or want a place, in the order in which they came."""
    there = select(Registration).where(
        Registration.meeting_id == meeting.id,
        Registration.part == Part.SPEAKER,
        col(Registration.state).not_in(GONE),
    )
    return list((await session.exec(there.order_by(col(Registration.place)))).all())


def standing(row: Registration) -> Standing:
    """A registration as the rules see it."""
    return Standing(
        key(row),
        row.place,
        row.kind,
        row.item_id,
        row.side,
        row.seconds,
        waiting=row.state is SpeakerState.WAITING_LIST,
        settled=row.state not in (SpeakerState.SUBMITTED, SpeakerState.WAITING_LIST),
        late=row.late,
    )


async def allot_again(
    session: AsyncSession, meeting: Meeting, rules: RuleSet, now: datetime
) -> list[Registration]:
    """After somebody left: who waits moves up, and shared slots are shared anew. Those who moved up."""
    await session.flush()
    rows = await registered(session, meeting)
    by_id = {key(row): row for row in rows}
    up = [by_id[number] for number in move_up(rules, [standing(row) for row in rows])]
    for row in up:
        move(session, row, SpeakerEvent.MOVE_UP, now)
        await queue(session, row, MailKind.MOVED_UP, now)
    share(rules, rows)
    return up


def share(rules: RuleSet, rows: list[Registration]) -> None:
    """Give each who shares a slot their part of it, except those who have begun."""
    seconds = shared_seconds(rules, [standing(row) for row in rows])
    for row in rows:
        if row.state not in _STARTED:
            row.seconds = seconds.get(key(row), row.seconds)


def move(session: AsyncSession, row: Registration, event: SpeakerEvent, now: datetime) -> None:
    """Move a registration by the rules, and take it down."""
    before = row.state
    row.state = after(before, event, row.part)
    session.add(
        AuditEntry(
            meeting_id=row.meeting_id,
            at=now,
            who=House().name,
            action=f"speaker.{event}",
            subject=f"speaker {row.id}",
            before=before,
            after=row.state,
        )
    )

"""A recording whose last day is over is taken from the public for good, and its files are deleted.

First what everybody reads, then the disk. Whatever is killed in between finds, on its next round, files of a
meeting that says it has none; so does a house into which old files were put back. What is told and what is
there are never out of step the other way round.

A last day that was over before anybody could read it is put off: the schedule is new, or shorter than it was.
"""

from datetime import date, timedelta

from sqlmodel import col, select

from hub.domain.commands.core import Change
from hub.domain.commands.moves import move
from hub.domain.desk import Desk
from hub.domain.local_time import LONDON
from hub.domain.meetings import find_meeting
from hub.domain.models import Meeting
from hub.domain.people import House
from hub.domain.services.retention import is_due, kept_until
from hub.domain.states.meeting import MeetingEvent, MeetingState

AT_ONCE = 10
"""Meetings of one round: the first one finds those of years."""
NOTICE = timedelta(days=14)
"""From a day that was put off to the new one, which the page says and officers may put off further."""


async def expire_due(desk: Desk) -> list[str]:
    """Write down that recordings are kept no longer, those of the longest past first. Which ones."""
    if desk.recordings_kept is None:
        return []
    due = is_due(desk.recordings_kept, desk.clock.now())
    oldest = select(Meeting.ref).where(due).order_by(col(Meeting.ended_at), col(Meeting.id)).limit(AT_ONCE)
    async with desk.store.read() as session:
        refs = list(await session.exec(oldest))
    return [ref for ref in refs if await _expire(desk, ref)]


async def _expire(desk: Desk, ref: str) -> bool:
    async with desk.store.write() as session:
        meeting = await find_meeting(session, ref, lock=True, rehearsals=True)
        change = Change(session, meeting, House(), desk.clock.now())
        until, today = kept_until(meeting, desk.recordings_kept), change.now.astimezone(LONDON).date()
        if until is None or today <= until:
            # An officer was faster, or another hub.
            return False
        put_off = meeting.recording_kept_until is None and until < today - timedelta(days=1)
        if put_off:
            _give_notice(change, until, today + NOTICE)
        else:
            move(change, MeetingEvent.EXPIRE, reason=f"Kept until {until}.")
        meeting.version += 1
    await desk.announcer.meeting_changed(ref)
    return not put_off


def _give_notice(change: Change, scheduled: date, until: date) -> None:
    """Once for each: with a day of its own its page has said when."""
    change.meeting.recording_kept_until = until
    change.audit(
        "recording.keep",
        change.meeting.ref,
        before=f"{scheduled}",
        after=f"{until}",
        reason="Its last day was over before its page could say so.",
    )


async def expired_among(desk: Desk, refs: list[str]) -> list[str]:
    """Those of which nothing may be on the disk any more."""
    expired = select(Meeting.ref).where(
        col(Meeting.ref).in_(refs), col(Meeting.state) == MeetingState.EXPIRED
    )
    async with desk.store.read() as session:
        return list(await session.exec(expired.order_by(col(Meeting.id))))

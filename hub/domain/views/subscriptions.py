"""What calendars and feed readers subscribe to: meetings with their deadlines, and recordings."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.desk import Desk
from hub.domain.digest import is_about
from hub.domain.errors import NotFound
from hub.domain.models import AgendaItem, Committee, Meeting, key
from hub.domain.rules import Kind, RuleSet, Window, closing
from hub.domain.services.meetings_ahead import titles_of
from hub.domain.services.rules import rules_for, window_of
from hub.domain.snapshots import IndexView, Snapshot
from hub.domain.states.meeting import MeetingState
from hub.domain.views.load import load
from hub.domain.views.public import index_view

PAST = timedelta(days=180)
"""How far back a calendar goes."""
MEETINGS_AT_MOST = 500
RECORDINGS_AT_MOST = 16
PLANNED_AT_MOST = 50


class DeadlineView(Snapshot):
    """The last moment for one kind of contribution."""

    kind: Kind
    at: datetime


class CalendarMeeting(Snapshot):
    """A meeting as a calendar shows it."""

    ref: str
    title: str
    location: str
    agenda_status: str
    starts_at: datetime
    ended_at: datetime | None
    version: int
    """Grows with every change."""
    changed_at: datetime
    deadlines: list[DeadlineView]


class PublishedRecording(Snapshot):
    """A meeting whose recording is public."""

    ref: str
    title: str
    committee: str
    location: str
    starts_at: datetime
    ended_at: datetime
    index: list[IndexView]


class PlannedMeeting(Snapshot):
    """A meeting to come, in a feed."""

    ref: str
    title: str
    location: str
    agenda_status: str
    starts_at: datetime
    changed_at: datetime
    titles: list[str]
    """Of its items, as far as they are published."""


async def committee_name(desk: Desk, committee_id: int) -> str:
    """Raises ``NotFound``."""
    async with desk.store.read() as session:
        committee = await session.get(Committee, committee_id)
        if committee is None:
            raise NotFound("There is no such committee.")
        return committee.name


async def calendar(
    desk: Desk, committee_id: int | None = None, ref: str = "", topic: str = ""
) -> list[CalendarMeeting]:
    """The meetings of the last half year and all that are planned, in order; or one meeting.

    ``topic``: those with an item that has these words in its title.
    """
    which: ColumnElement[bool] = col(Meeting.starts_at) > desk.clock.now() - PAST
    if ref:
        which = col(Meeting.ref) == ref
    elif committee_id is not None:
        which = which & (col(Meeting.committee_id) == committee_id)
    has_agenda = exists().where(
        col(AgendaItem.meeting_id) == col(Meeting.id), col(AgendaItem.removed).is_(False)
    )
    query = (
        select(Meeting, Committee, has_agenda)
        .join(Committee, col(Committee.id) == Meeting.committee_id)
        .where(col(Meeting.rehearsal_of).is_(None), which)
        .order_by(col(Meeting.starts_at), col(Meeting.id))
        .limit(MEETINGS_AT_MOST)
    )
    async with desk.store.read() as session:
        rows = (await session.exec(query)).all()
        about = await _about(session, [key(meeting) for meeting, _, _ in rows], topic)
        return [
            _calendar_meeting(meeting, committee, published, desk.clock.now())
            for meeting, committee, published in rows
            if key(meeting) in about
        ]


async def planned(desk: Desk, committee_id: int | None = None, topic: str = "") -> list[PlannedMeeting]:
    """Meetings to come, the last that was announced first."""
    which = (col(Meeting.starts_at) > desk.clock.now()) & col(Meeting.rehearsal_of).is_(None)
    if committee_id is not None:
        which = which & (col(Meeting.committee_id) == committee_id)
    query = select(Meeting).where(which).order_by(col(Meeting.id).desc()).limit(MEETINGS_AT_MOST)
    async with desk.store.read() as session:
        rows = (await session.exec(query)).all()
        titles = await titles_of(session, [key(meeting) for meeting in rows])
    return [
        PlannedMeeting(
            ref=meeting.ref,
            title=meeting.title,
            location=meeting.location,
            agenda_status=meeting.agenda_status,
            starts_at=meeting.starts_at,
            changed_at=meeting.imported_at or meeting.starts_at,
            titles=[title for title in titles.get(key(meeting), ()) if title],
        )
        for meeting in rows
        if is_about(titles.get(key(meeting), ()), topic)
    ][:PLANNED_AT_MOST]


async def recordings(
    desk: Desk, committee_id: int | None = None, topic: str = ""
) -> list[PublishedRecording]:
    """The newest first."""
    published = select(Meeting).where(
        col(Meeting.rehearsal_of).is_(None),
        col(Meeting.state) == MeetingState.PUBLISHED,
        col(Meeting.ended_at).is_not(None),
    )
    if committee_id is not None:
        published = published.where(Meeting.committee_id == committee_id)
    newest = published.order_by(col(Meeting.ended_at).desc()).limit(
        MEETINGS_AT_MOST if topic else RECORDINGS_AT_MOST
    )
    async with desk.store.read() as session:
        rows = (await session.exec(newest)).all()
        about = await _about(session, [key(meeting) for meeting in rows], topic)
        chosen = [meeting for meeting in rows if key(meeting) in about][:RECORDINGS_AT_MOST]
        return [
            PublishedRecording(
                ref=meeting.ref,
                title=meeting.title,
                committee=loaded.committee.name,
                location=meeting.location,
                starts_at=meeting.starts_at,
                ended_at=meeting.ended_at,
                index=[index_view(point) for point in loaded.index],
            )
            for meeting in chosen
            if (loaded := await load(session, meeting.ref)) and meeting.ended_at is not None
        ]


async def _about(session: AsyncSession, meetings: list[int], topic: str) -> set[int]:
    """Those of the meetings that deal with a topic; all, without one."""
    if not topic:
        return set(meetings)
    titles = await titles_of(session, meetings)
    return {number for number in meetings if is_about(titles.get(number, ()), topic)}


def _calendar_meeting(
    meeting: Meeting, committee: Committee, published: bool, now: datetime
) -> CalendarMeeting:
    window = window_of(meeting, agenda_published=published)
    return CalendarMeeting(
        ref=meeting.ref,
        title=meeting.title,
        location=meeting.location,
        agenda_status=meeting.agenda_status,
        starts_at=meeting.starts_at,
        ended_at=meeting.ended_at,
        version=meeting.version,
        changed_at=max(filter(None, (meeting.state_since, meeting.imported_at)), default=now),
        deadlines=_deadlines(rules_for(meeting, committee), window),
    )


def _deadlines(rules: RuleSet, window: Window) -> list[DeadlineView]:
    """The last of each kind: of deadlines that have all passed, that is the one which is given."""
    late = window.starts_at + timedelta(days=3650)
    return [DeadlineView(kind=kind, at=closing(rules, kind, window, late).at) for kind in rules.contributions]

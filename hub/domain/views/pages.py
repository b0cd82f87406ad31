"""What the pages show beside the snapshot: lists of meetings, and one meeting with its papers."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.desk import Desk
from hub.domain.errors import Forbidden
from hub.domain.models import AgendaItem, Attendee, Committee, Document, Meeting, key
from hub.domain.rules import Closing, RuleSet, main_closing, offered
from hub.domain.services.registration import may_be_spoken_on, refuse_when_closed
from hub.domain.services.retention import kept_until
from hub.domain.services.rules import rules_for, window_of
from hub.domain.snapshots import IndexView, ItemView, PublicSnapshot, Snapshot, TopicView
from hub.domain.states.meeting import RUNNING, MeetingState
from hub.domain.views.discussion import load_discussions
from hub.domain.views.load import load
from hub.domain.views.public import agenda_url, index_view, public_of
from hub.domain.views.withheld import WithheldView, load_withheld

LISTED_AT_MOST = 50


class MeetingCard(Snapshot):
    """A meeting in a list."""

    ref: str
    kind: str
    """``meeting`` or ``webinar``."""
    title: str
    committee: str
    committee_id: int
    location: str
    agenda_status: str
    """What the agenda system says: Confirmed, Cancelled, …"""
    state: str
    starts_at: datetime
    registration_closes_at: datetime | None
    """The last deadline of what the committee's rules name first; None when the public do not take part."""
    registration_open: bool


class MeetingLists(Snapshot):
    """The home page."""

    live: list[MeetingCard]
    """The room is open: from the slate before the meeting to its end."""
    upcoming: list[MeetingCard]
    """The next first."""
    recorded: list[MeetingCard]
    """The newest first."""


class MeetingsFound(Snapshot):
    """One page of a search, or of all meetings."""

    meetings: list[MeetingCard]
    total: int
    """On all pages."""
    page: int
    """Counts from 1."""

    @property
    def more(self) -> bool:
        """Whether there is a page after this one."""
        return self.page * LISTED_AT_MOST < self.total


class DocumentView(Snapshot):
    """A paper that is published."""

    title: str
    url: str


class ItemPage(Snapshot):
    """An item with its papers and what was decided. The HTML was sanitised at import."""

    item: ItemView
    text_html: str
    minutes_html: str
    decision_html: str
    documents: list[DocumentView]
    documents_withheld: int
    """How many papers are not for the public. Nothing else is said of them."""


class AttendeeView(Snapshot):
    """A member or officer."""

    name: str
    role: str
    attendance: str
    party: str
    ward: str


class MeetingPage(Snapshot):
    """One meeting, before, during and after."""

    card: MeetingCard
    public: PublicSnapshot
    items: list[ItemPage]
    attendees: list[AttendeeView]
    agenda_url: str
    minutes_published: bool
    speakable_item_ids: list[int]
    """Items a resident can register to speak on."""
    registration_closed_because: str
    """The sentence for the page; "" while registration is open."""
    rules: RuleSet
    offered: list[Closing]
    """What can be sent now, each with its next deadline."""
    withheld: list[WithheldView]
    """When the public did not see the meeting, and why."""
    recording_until: date | None
    """The last day on which the recording is there. None: there is none, or it is kept for good."""
    recording_deleted_at: datetime | None
    topics: list[TopicView]
    """Discussions before the meeting, with what is published of them."""

    def topic_of(self, item_id: int) -> TopicView | None:
        """The discussion of an item."""
        return next((topic for topic in self.topics if topic.item_id == item_id), None)


async def list_meetings(desk: Desk) -> MeetingLists:
    """Live, upcoming and recorded meetings."""
    now = desk.clock.now()
    async with desk.store.read() as session:
        state = col(Meeting.state)
        live = await _cards(session, now, state.in_(RUNNING))
        upcoming = await _cards(session, now, state == MeetingState.SCHEDULED)
        recorded = await _cards(session, now, state == MeetingState.PUBLISHED, newest_first=True)
    return MeetingLists(live=live, upcoming=upcoming, recorded=recorded)


async def find_meetings(desk: Desk, words: Sequence[str] = (), page: int = 1) -> MeetingsFound:
    """Meetings with all ``words`` in their name or their committee's, 50 to a page, the newest first."""
    named = [_has(word) for word in words]
    counted = select(func.count()).select_from(Meeting).join(Committee)
    counted = counted.where(col(Meeting.rehearsal_of).is_(None), *named)
    async with desk.store.read() as session:
        total = (await session.exec(counted)).one()
        past = (page - 1) * LISTED_AT_MOST
        meetings = await _cards(session, desk.clock.now(), *named, newest_first=True, past=past)
    return MeetingsFound(meetings=meetings, total=total, page=page)


async def meeting_page(desk: Desk, ref: str) -> MeetingPage:
    """Everything public about one meeting. Raises ``NotFound``."""
    now = desk.clock.now()
    async with desk.store.read() as session:
        loaded = await load(session, ref)
        documents = await _documents(session, [key(item) for item in loaded.items])
        present = select(Attendee).where(Attendee.meeting_id == loaded.meeting.id).order_by(col(Attendee.id))
        attendees = (await session.exec(present)).all()
        closed_times = await load_withheld(session, loaded.meeting)
        discussions = await load_discussions(session, key(loaded.meeting), now)
    public = public_of(loaded, now)
    views = {view.id: view for view in public.agenda}
    pages = [
        ItemPage(
            item=views[key(item)],
            text_html=item.text_html,
            minutes_html=item.minutes_html,
            decision_html=item.decision_html,
            documents=[
                DocumentView(title=paper.title, url=paper.url)
                for paper in documents.get(key(item), [])
                if not (paper.restricted or item.restricted)
            ],
            documents_withheld=sum(
                paper.restricted or item.restricted for paper in documents.get(key(item), [])
            ),
        )
        for item in loaded.items
    ]
    items = list(loaded.items)
    rules = rules_for(loaded.meeting, loaded.committee)
    closed = _why_closed(loaded.meeting, rules, now, agenda_published=bool(items))
    window = window_of(loaded.meeting, agenda_published=bool(items))
    return MeetingPage(
        card=_card(loaded.meeting, loaded.committee, now, agenda_published=bool(items)),
        public=public,
        items=pages,
        attendees=[_attendee(attendee) for attendee in attendees],
        agenda_url=agenda_url(loaded.committee, loaded.meeting),
        minutes_published=any(page.minutes_html for page in pages),
        speakable_item_ids=[key(item) for item in items if may_be_spoken_on(item, items)],
        registration_closed_because=closed,
        rules=rules,
        offered=[] if closed else offered(rules, window, now),
        withheld=closed_times,
        recording_until=kept_until(loaded.meeting, desk.recordings_kept),
        recording_deleted_at=(
            loaded.meeting.state_since if loaded.meeting.state is MeetingState.EXPIRED else None
        ),
        topics=discussions.views(),
    )


async def chapters(desk: Desk, ref: str) -> list[IndexView]:
    """The moments of the index in order, in programme seconds. Raises ``NotFound``."""
    async with desk.store.read() as session:
        return [index_view(point) for point in (await load(session, ref)).index]


async def _cards(
    session: AsyncSession,
    now: datetime,
    *which: ColumnElement[bool],
    newest_first: bool = False,
    past: int = 0,
) -> list[MeetingCard]:
    starts = col(Meeting.starts_at)
    query = (
        select(Meeting, Committee, _has_agenda())
        .join(Committee, col(Committee.id) == Meeting.committee_id)
        .where(col(Meeting.rehearsal_of).is_(None), *which)
        .order_by(starts.desc() if newest_first else starts, col(Meeting.id))
        .limit(LISTED_AT_MOST)
        .offset(past)
    )
    return [
        _card(meeting, committee, now, agenda_published=published)
        for meeting, committee, published in await session.exec(query)
    ]


def _has_agenda() -> ColumnElement[bool]:
    item = select(AgendaItem.id).where(
        col(AgendaItem.meeting_id) == col(Meeting.id), col(AgendaItem.removed).is_(False)
    )
    return exists(item)


def _has(word: str) -> ColumnElement[bool]:
    """SQLite knows capitals of A to Z only, so a word in others is looked for in small letters, too."""
    names = col(Meeting.title), col(Committee.name)
    forms = dict.fromkeys((word, word.lower()))
    return or_(*(name.icontains(form, autoescape=True) for name in names for form in forms))


def _card(meeting: Meeting, committee: Committee, now: datetime, *, agenda_published: bool) -> MeetingCard:
    rules = rules_for(meeting, committee)
    last = main_closing(rules, window_of(meeting, agenda_published=agenda_published))
    return MeetingCard(
        ref=meeting.ref,
        kind=meeting.kind,
        title=meeting.title,
        committee=committee.name,
        committee_id=key(committee),
        location=meeting.location,
        agenda_status=meeting.agenda_status,
        state=meeting.state,
        starts_at=meeting.starts_at,
        registration_closes_at=last.at if last else None,
        registration_open=not _why_closed(meeting, rules, now, agenda_published=agenda_published),
    )


def _why_closed(meeting: Meeting, rules: RuleSet, now: datetime, *, agenda_published: bool) -> str:
    try:
        refuse_when_closed(meeting, rules, now, agenda_published=agenda_published)
    except Forbidden as refusal:
        return refusal.message
    return ""


async def _documents(session: AsyncSession, item_ids: Sequence[int]) -> dict[int, list[Document]]:
    of_items = select(Document).where(col(Document.item_id).in_(item_ids)).order_by(col(Document.id))
    documents: dict[int, list[Document]] = {}
    for document in await session.exec(of_items):
        documents.setdefault(document.item_id, []).append(document)
    return documents


def _attendee(attendee: Attendee) -> AttendeeView:
    return AttendeeView(
        name=attendee.name,
        role=attendee.role,
        attendance=attendee.attendance,
        party=attendee.party,
        ward=attendee.ward,
    )

"""Applies what the agenda system publishes. Importing again loses nothing that hangs on an item."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import nh3
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.business import merged
from hub.domain.clock import Clock, Tokens
from hub.domain.imported import ImportedCommittee, ImportedItem, ImportedMeeting
from hub.domain.local_time import LONDON
from hub.domain.models import AgendaItem, Attendee, AuditEntry, Committee, Document, Meeting, key
from hub.domain.services.stream_keys import SOURCES, ensure_key
from hub.domain.store import Store

ADDED, UPDATED = IMPORTS = "agenda.import", "agenda.update"
"""What the audit log says of an import."""
_TAGS = {"p", "br", "ul", "ol", "li", "strong", "b", "em", "i", "u", "sub", "sup", "a", "blockquote"}
_TABLES = {"table", "thead", "tbody", "tr", "th", "td", "caption"}
_HEADINGS = {"h3", "h4", "h5", "h6"}
_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}


@dataclass(frozen=True, slots=True)
class AppliedMeeting:
    """What became of a meeting."""

    ref: str
    title: str
    starts_at: datetime
    added: bool
    """False when it was there and was updated."""


async def apply_meetings(
    store: Store,
    clock: Clock,
    tokens: Tokens,
    base_url: str,
    committee: ImportedCommittee,
    meetings: Sequence[ImportedMeeting],
) -> list[AppliedMeeting]:
    """Apply all of them in one unit of work: all or nothing."""
    async with store.write() as session:
        body = await _committee(session, base_url, committee)
        return [await _meeting(session, clock.now(), tokens, body, meeting) for meeting in meetings]


def sanitised(html: str, base_url: str) -> str:
    """Text with simple marks, tables and links, relative ones completed; no scripts, styles or pictures."""
    clean = nh3.clean(
        html,
        tags=_TAGS | _TABLES | _HEADINGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        url_relative=("rewrite_with_base", f"{base_url.rstrip('/')}/") if base_url else "deny",
        link_rel="noopener noreferrer",
    )
    return clean.strip()


def slug(text: str) -> str:
    """``Planning Committee A`` as ``planning-committee-a``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-") or "meeting"


async def free_ref(session: AsyncSession, starts_at: datetime, committee: str) -> str:
    """``2026-11-26-planning-committee-a``, with ``-2`` and so on when it is taken."""
    wanted = f"{starts_at.astimezone(LONDON):%Y-%m-%d}-{slug(committee)}"
    taken = set((await session.exec(select(Meeting.ref).where(col(Meeting.ref).startswith(wanted)))).all())
    count = 1
    ref = wanted
    while ref in taken:
        count += 1
        ref = f"{wanted}-{count}"
    return ref


async def _committee(session: AsyncSession, base_url: str, imported: ImportedCommittee) -> Committee:
    found = select(Committee).where(Committee.modgov_id == imported.modgov_id)
    committee = (await session.exec(found)).first()
    if committee is None:
        committee = Committee(modgov_id=imported.modgov_id, name=imported.title)
    committee.name, committee.base_url = imported.title, base_url
    session.add(committee)
    await session.flush()
    return committee


async def _meeting(
    session: AsyncSession, now: datetime, tokens: Tokens, committee: Committee, imported: ImportedMeeting
) -> AppliedMeeting:
    found = select(Meeting).where(Meeting.modgov_id == imported.modgov_id).with_for_update()
    meeting = (await session.exec(found)).first()
    added = meeting is None
    if meeting is None:
        meeting = Meeting(
            ref=await free_ref(session, imported.starts_at, committee.name),
            committee_id=key(committee),
            modgov_id=imported.modgov_id,
            title=committee.name,
            starts_at=imported.starts_at,
        )
        session.add(meeting)
        await session.flush()
    elif meeting.starts_at != imported.starts_at:
        meeting.starts_at = imported.starts_at
        meeting.registration_closes_at = None
    meeting.title, meeting.location = committee.name, imported.location
    meeting.agenda_status, meeting.imported_at = imported.status, now
    meeting.version += 1
    await _items(session, meeting, committee.base_url, imported.items)
    await _attendees(session, meeting, imported)
    for source in SOURCES:
        await ensure_key(session, tokens, meeting, source)
    what = ADDED if added else UPDATED
    session.add(AuditEntry(meeting_id=meeting.id, at=now, who="import", action=what, subject=meeting.ref))
    return AppliedMeeting(meeting.ref, meeting.title, imported.starts_at, added)


async def _items(
    session: AsyncSession, meeting: Meeting, base_url: str, imported: Sequence[ImportedItem]
) -> None:
    rows = await session.exec(
        select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(col(AgendaItem.position))
    )
    agenda = list(rows)
    known = {row.modgov_id: row for row in agenda if row.modgov_id is not None}
    for gone in known.keys() - {item.modgov_id for item in imported}:
        known[gone].removed = True
    published = []
    for position, item in enumerate(imported, start=1):
        row = known.get(item.modgov_id) or AgendaItem(
            meeting_id=key(meeting), modgov_id=item.modgov_id, position=position, title=item.title
        )
        row.removed = False
        row.number, row.title, row.heading = item.number, item.title, item.heading
        row.restricted, row.public_can_speak = item.restricted, item.public_can_speak
        row.text_html = sanitised(item.text_html, base_url)
        row.minutes_html = sanitised(item.minutes_html, base_url)
        row.decision_html = sanitised(item.decision_html, base_url)
        session.add(row)
        await session.flush()
        published.append(row)
        await _documents(session, row, item)
    _order(agenda if meeting.own_order else [], published)


def _order(own: Sequence[AgendaItem], published: Sequence[AgendaItem]) -> None:
    """As published; or as officers had it while the meeting ran, with what is new put in."""
    rows = {key(row): row for row in (*own, *published)}
    order = merged([key(row) for row in own], [key(row) for row in published])
    for position, number in enumerate(order, start=1):
        rows[number].position = position


async def _documents(session: AsyncSession, row: AgendaItem, item: ImportedItem) -> None:
    """Nothing hangs on documents, so they are written anew."""
    for old in await session.exec(select(Document).where(Document.item_id == row.id)):
        await session.delete(old)
    for document in item.documents:
        session.add(
            Document(
                item_id=key(row),
                modgov_id=document.modgov_id,
                title=document.title,
                url=document.url,
                restricted=document.restricted,
            )
        )


async def _attendees(session: AsyncSession, meeting: Meeting, imported: ImportedMeeting) -> None:
    """Nothing hangs on attendees either."""
    for old in await session.exec(select(Attendee).where(Attendee.meeting_id == meeting.id)):
        await session.delete(old)
    for attendee in imported.attendees:
        session.add(
            Attendee(
                meeting_id=key(meeting),
                modgov_id=attendee.modgov_id,
                name=attendee.name,
                role=attendee.role,
                attendance=attendee.attendance,
                party=attendee.party,
                ward=attendee.ward,
            )
        )

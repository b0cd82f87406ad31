"""Notes for the minutes, for officers alone."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.clock import milliseconds
from hub.domain.desk import Desk
from hub.domain.meetings import find_meeting
from hub.domain.models import AgendaItem, Note, key
from hub.domain.snapshots import NoteView, Snapshot
from hub.domain.titles import index_label

NEWEST = 50


class NoteRecord(Snapshot):
    """A note, for the council's own records."""

    at: datetime
    seconds: float | None
    """Programme time."""
    item: str
    by: str
    text: str


async def newest_notes(session: AsyncSession, meeting_id: int) -> list[NoteView]:
    """The last fifty, the oldest first."""
    found = select(Note).where(Note.meeting_id == meeting_id).order_by(col(Note.id).desc()).limit(NEWEST)
    return [_view(note) for note in reversed((await session.exec(found)).all())]


async def notes_record(desk: Desk, ref: str) -> list[NoteRecord]:
    """All of one meeting, in order. Raises ``NotFound``."""
    async with desk.store.read() as session:
        meeting = await find_meeting(session, ref)
        of_meeting = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id)
        items = {key(item): index_label(item) for item in await session.exec(of_meeting)}
        notes = select(Note).where(Note.meeting_id == meeting.id).order_by(col(Note.id))
        return [
            NoteRecord(
                at=note.at,
                seconds=note.seconds,
                item=items.get(note.item_id or 0, ""),
                by=note.by,
                text=note.text,
            )
            for note in (await session.exec(notes)).all()
        ]


def _view(note: Note) -> NoteView:
    return NoteView(
        id=key(note),
        item_id=note.item_id,
        seconds=note.seconds,
        text=note.text,
        by=note.by,
        at_ms=milliseconds(note.at),
    )

"""The outbox of addresses: what is due, how each letter stands now, and what came of it (see ``outbox``)."""

from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.desk import Desk
from hub.domain.digest import Change
from hub.domain.letters import AddressLetter, DigestMeeting
from hub.domain.models import (
    Address,
    AddressMail,
    AddressMailKind,
    AgendaItem,
    Confirmation,
    Follow,
    FollowKind,
    Meeting,
    Post,
    Topic,
)
from hub.domain.services.delivery import Outcome, end, note
from hub.domain.services.following import stop_key
from hub.domain.states.mail import MailEvent, MailState
from hub.domain.states.meeting import OVER
from hub.domain.states.post import PostState
from hub.domain.titles import published_title

Words = dict[str, Any]
"""What a kind of letter has beside what all have."""


async def due(desk: Desk, at_most: int) -> list[int]:
    """The numbers of letters to be tried now, those that wait longest first."""
    waiting = select(AddressMail.id).where(
        AddressMail.state == MailState.WAITING, AddressMail.next_at <= desk.clock.now()
    )
    async with desk.store.read() as session:
        numbers = (await session.exec(waiting.order_by(col(AddressMail.next_at)).limit(at_most))).all()
    return [number for number in numbers if number is not None]


async def letter(desk: Desk, number: int) -> AddressLetter | None:
    """A letter as it has to be written now. None: it is not wanted any more, which is noted."""
    async with desk.store.write() as session:
        mail = await session.get(AddressMail, number)
        if mail is None or mail.state is not MailState.WAITING:
            return None
        address = await session.get_one(Address, mail.address_id)
        words = await _words(desk, session, mail)
        if words is None:
            end(mail, MailEvent.GIVE_UP, "It was not needed any more.", desk.clock.now())
            return None
        return AddressLetter(
            number=number,
            times=mail.times,
            kind=mail.kind,
            to=address.email,
            language=address.language,
            stop_key=stop_key(desk, address),
            **words,
        )


async def settle(desk: Desk, sent: AddressLetter, outcome: Outcome) -> None:
    """Note what came of it; nothing, when the address was forgotten meanwhile."""
    shown = sent.meeting_ref if sent.kind is AddressMailKind.CONFIRM else ""
    async with desk.store.write() as session:
        mail = await session.get(AddressMail, sent.number)
        if mail is None or mail.state is not MailState.WAITING or mail.times != sent.times:
            return
        note(mail, outcome, desk.clock.now())
        meeting = await _shows_it(session, shown) if shown else None
        if meeting is not None:
            meeting.version += 1
    if shown:
        await desk.announcer.meeting_changed(shown)


async def _shows_it(session: AsyncSession, ref: str) -> Meeting | None:
    """The meeting whose console shows what became of the letter."""
    return (await session.exec(select(Meeting).where(Meeting.ref == ref).with_for_update())).first()


async def _words(desk: Desk, session: AsyncSession, mail: AddressMail) -> Words | None:
    if mail.kind is AddressMailKind.CONFIRM:
        return await _confirm(desk, session, mail)
    if mail.kind is AddressMailKind.DIGEST:
        return await _digest(desk, session, mail)
    return await _told(session, mail)


async def _confirm(desk: Desk, session: AsyncSession, mail: AddressMail) -> Words | None:
    confirmation = await session.get(Confirmation, mail.subject_id)
    if confirmation is None or confirmation.confirmed_at is not None:
        return None
    words = await _about_post(session, confirmation)
    follows = select(Follow.id).where(Follow.confirmation_id == confirmation.id).limit(1)
    if words is None and (await session.exec(follows)).first() is not None:
        words = {}
    if words is None:
        return None
    token = desk.links.of(confirmation) or desk.links.renew(confirmation, desk.tokens)
    return words | {"token": token}


async def _about_post(session: AsyncSession, confirmation: Confirmation) -> Words | None:
    waiting = select(Topic, Meeting).where(
        Post.confirmation_id == confirmation.id,
        Post.state == PostState.UNCONFIRMED,
        Post.topic_id == Topic.id,
        Topic.meeting_id == Meeting.id,
    )
    found = (await session.exec(waiting)).first()
    return None if found is None else {"topic": found[0].title, **_about(found[1])}


async def _told(session: AsyncSession, mail: AddressMail) -> Words | None:
    """Nothing, once the meeting is over or the item done: late news would only mislead."""
    follow = await session.get(Follow, mail.subject_id)
    if follow is None or follow.meeting_id is None:
        return None
    meeting = await session.get_one(Meeting, follow.meeting_id)
    item = await session.get(AgendaItem, follow.item_id) if follow.item_id is not None else None
    if meeting.state in OVER or (item is not None and await _is_done(session, meeting, item)):
        return None
    title = f"{item.number} {published_title(item)}".strip() if item is not None else ""
    return {"item": title, **_about(meeting)}


async def _is_done(session: AsyncSession, meeting: Meeting, item: AgendaItem) -> bool:
    current = await session.get(AgendaItem, meeting.current_item_id) if meeting.current_item_id else None
    return current is not None and current.position > item.position


async def _digest(desk: Desk, session: AsyncSession, mail: AddressMail) -> Words | None:
    theirs = select(Follow.id).where(Follow.address_id == mail.address_id, Follow.kind == FollowKind.DIGEST)
    if (await session.exec(theirs.limit(1))).first() is None:
        return None
    changes = {line["ref"]: tuple(map(Change, line["changes"].split())) for line in mail.lines}
    listed = select(Meeting).where(col(Meeting.ref).in_(changes), Meeting.starts_at > desk.clock.now())
    meetings = (await session.exec(listed.order_by(col(Meeting.starts_at), col(Meeting.ref)))).all()
    if not meetings:
        return None
    return {
        "meetings": tuple(
            DigestMeeting(
                ref=meeting.ref,
                title=meeting.title,
                starts_at=meeting.starts_at,
                location=meeting.location,
                status=meeting.agenda_status,
                changes=changes[meeting.ref],
            )
            for meeting in meetings
        )
    }


def _about(meeting: Meeting) -> Words:
    return {"meeting_ref": meeting.ref, "meeting_title": meeting.title, "starts_at": meeting.starts_at}

"""Writes down the letters to those who follow: a meeting starts, an item is next, the digest of the day.

The letter and the note that it was written are one unit of work, and the outbox has each of them once: a hub
that is killed before the commit begins again, and one that is killed after it has nothing left to write.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.desk import Desk
from hub.domain.digest import Facts, compare, is_wanted, last_round, together
from hub.domain.models import AddressMail, AddressMailKind, AgendaItem, Follow, FollowKind, Meeting, key
from hub.domain.services.delivery import MOST_WAITING
from hub.domain.services.meetings_ahead import ahead
from hub.domain.states.item import ItemState
from hub.domain.states.mail import MailState
from hub.domain.states.meeting import RUNNING

AT_ONCE = 200
"""Letters, or addresses of a digest, in one unit of work: a clerk's press waits for no more than that."""


def told_now(business: Sequence[int], now_item_id: int | None) -> list[int]:
    """Of the items in order: the one that is current and the next, which may have become so in one press."""
    if now_item_id not in business:
        return list(business[:1])
    at = business.index(now_item_id)
    return list(business[at : at + 2])


async def tell(desk: Desk) -> int:
    """Of meetings that have started and items that are next. How many letters."""
    async with desk.store.read() as session:
        meetings = await _followed(session) if await _has_room(session) else []
    told = 0
    for meeting_id in meetings:
        async with desk.store.write() as session:
            told += await _tell_of(session, meeting_id, desk.clock.now())
    return told


async def write_digests(desk: Desk) -> int:
    """Those that are due. How many addresses were looked at, whether there was something to tell or not."""
    now = desk.clock.now()
    due = (
        select(Follow.address_id)
        .where(
            Follow.kind == FollowKind.DIGEST,
            col(Follow.confirmed_at).is_not(None),
            col(Follow.looked_at) < last_round(now),
        )
        .distinct()
        .limit(AT_ONCE)
    )
    async with desk.store.read() as session:
        if not (await _has_room(session) and (await session.exec(due)).all()):
            return 0
    async with desk.store.write() as session:
        meetings = await ahead(session, now)
        numbers = (await session.exec(due)).all()
        for address_id in numbers:
            await _digest(session, address_id, meetings, now)
    return len(numbers)


async def _has_room(session: AsyncSession) -> bool:
    """Whether the outbox takes as many again; else who is to be told waits for that."""
    waiting = select(func.count()).where(col(AddressMail.state) == MailState.WAITING)
    return (await session.exec(waiting)).one() + AT_ONCE <= MOST_WAITING


async def _followed(session: AsyncSession) -> Sequence[int]:
    """Meetings that run, and of which somebody waits to be told."""
    waited_for = select(Follow.meeting_id).where(
        col(Follow.confirmed_at).is_not(None), col(Follow.told_at).is_(None), Follow.kind != FollowKind.DIGEST
    )
    running = select(Meeting.id).where(
        col(Meeting.state).in_(RUNNING), col(Meeting.live_at).is_not(None), col(Meeting.id).in_(waited_for)
    )
    return [number for number in (await session.exec(running)).all() if number is not None]


async def _tell_of(session: AsyncSession, meeting_id: int, now: datetime) -> int:
    meeting = await session.get_one(Meeting, meeting_id)
    if meeting.state not in RUNNING:
        return 0
    business = select(AgendaItem.id).where(
        AgendaItem.meeting_id == meeting_id,
        col(AgendaItem.removed).is_(False),
        col(AgendaItem.heading).is_(False),
        AgendaItem.state != ItemState.PUT_OFF,
    )
    listed = (await session.exec(business.order_by(col(AgendaItem.position)))).all()
    due = told_now([number for number in listed if number is not None], meeting.current_item_id)
    waiting = (
        select(Follow)
        .where(
            Follow.meeting_id == meeting_id,
            col(Follow.confirmed_at).is_not(None),
            col(Follow.told_at).is_(None),
            (col(Follow.kind) == FollowKind.START) | col(Follow.item_id).in_(due),
        )
        .limit(AT_ONCE)
        .with_for_update()
    )
    follows = (await session.exec(waiting)).all()
    for follow in follows:
        follow.told_at = now
        kind = AddressMailKind.STARTED if follow.kind is FollowKind.START else AddressMailKind.NEXT
        session.add(_mail(follow.address_id, kind, f"follow {follow.id}", key(follow), now))
    return len(follows)


async def _digest(session: AsyncSession, address_id: int, meetings: Sequence[Facts], now: datetime) -> None:
    theirs = select(Follow).where(
        Follow.address_id == address_id,
        Follow.kind == FollowKind.DIGEST,
        col(Follow.confirmed_at).is_not(None),
    )
    found = []
    for follow in (await session.exec(theirs.with_for_update())).all():
        wanted = [one for one in meetings if is_wanted(one, follow.committee_id, follow.topic)]
        lines, follow.known = compare(follow.known, wanted)
        follow.looked_at = now
        found.append(lines)
    if lines := together(found):
        mail = _mail(
            address_id, AddressMailKind.DIGEST, f"digest {last_round(now):%Y-%m-%d}", address_id, now
        )
        mail.lines = [{"ref": line.ref, "changes": " ".join(line.changes)} for line in lines]
        session.add(mail)


def _mail(address_id: int, kind: AddressMailKind, about: str, subject_id: int, now: datetime) -> AddressMail:
    return AddressMail(
        address_id=address_id, kind=kind, about=about, subject_id=subject_id, queued_at=now, next_at=now
    )

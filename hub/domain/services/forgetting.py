"""Addresses are deleted: unless somebody confirms them, when their owner says so, when nothing needs them.

What was published under a name stays, and does not know any more who wrote it.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.desk import Desk
from hub.domain.models import Address, AddressMail, Confirmation, Meeting, Post
from hub.domain.services import addresses
from hub.domain.states.post import PostState

KEPT_AFTER_MEETING = timedelta(days=90)
"""How long an officer can still ask who wrote a post."""
AT_ONCE = 200


async def forget(desk: Desk, token: str) -> None:
    """The owner of an address wants nothing to be left of it. Raises ``NotFound``."""
    async with desk.store.write() as session:
        _, address = await addresses.by_link(session, token)
        refs = await _forget(session, [address.id or 0])
    for ref in refs:
        await desk.announcer.meeting_changed(ref)


async def tidy(desk: Desk) -> int:
    """Delete what is past its time. How many addresses and confirmations went."""
    now = desk.clock.now()
    overdue = select(Confirmation.id).where(
        col(Confirmation.confirmed_at).is_(None),
        col(Confirmation.asked_at) <= now - addresses.UNCONFIRMED_KEPT,
    )
    refs: list[str] = []
    async with desk.store.read() as session:
        stale = [number for number in await session.exec(overdue.limit(AT_ONCE)) if number is not None]
        unneeded = await _unneeded(session, desk)
    if not (stale or unneeded):
        return 0
    async with desk.store.write() as session:
        refs += await _drop(session, stale)
        refs += await _forget(session, await _unneeded(session, desk))
    for ref in dict.fromkeys(refs):
        await desk.announcer.meeting_changed(ref)
    return len(stale) + len(unneeded)


async def _unneeded(session: AsyncSession, desk: Desk) -> list[int]:
    """Addresses that nothing was asked of lately, and that no meeting of late has a post of."""
    now = desk.clock.now()
    young = select(Confirmation.address_id).where(
        col(Confirmation.asked_at) > now - addresses.UNCONFIRMED_KEPT
    )
    writing = select(Post.address_id).where(
        col(Post.address_id).is_not(None),
        col(Post.state) != PostState.UNCONFIRMED,
        Post.meeting_id == Meeting.id,
        Meeting.starts_at > now - KEPT_AFTER_MEETING,
    )
    old = select(Address.id).where(col(Address.id).not_in(young), col(Address.id).not_in(writing))
    return [number for number in await session.exec(old.limit(AT_ONCE)) if number is not None]


async def _drop(session: AsyncSession, confirmations: Sequence[int]) -> list[str]:
    """What nobody confirmed goes whole. Refs of the meetings that it belonged to."""
    theirs = col(Post.confirmation_id).in_(confirmations)
    refs = await _touch(session, list(await session.exec(select(Post.meeting_id).where(theirs))))
    await session.exec(delete(Post).where(theirs, col(Post.state) == PostState.UNCONFIRMED))
    await session.exec(update(Post).where(theirs).values(confirmation_id=None))
    for number in confirmations:
        await session.exec(delete(AddressMail).where(col(AddressMail.about) == f"confirmation {number}"))
    await session.exec(delete(Confirmation).where(col(Confirmation.id).in_(confirmations)))
    return refs


async def _forget(session: AsyncSession, numbers: Sequence[int]) -> list[str]:
    """Addresses with everything that hangs on them, but for what others have read."""
    theirs = col(Post.address_id).in_(numbers)
    refs = await _touch(session, list(await session.exec(select(Post.meeting_id).where(theirs))))
    unread = col(Post.state).in_((PostState.UNCONFIRMED, PostState.PENDING))
    await session.exec(delete(Post).where(theirs, unread))
    await session.exec(update(Post).where(theirs).values(address_id=None, confirmation_id=None, device=""))
    await session.exec(delete(AddressMail).where(col(AddressMail.address_id).in_(numbers)))
    await session.exec(delete(Confirmation).where(col(Confirmation.address_id).in_(numbers)))
    await session.exec(delete(Address).where(col(Address.id).in_(numbers)))
    return refs


async def _touch(session: AsyncSession, meetings: Sequence[int]) -> list[str]:
    """Count a change of each of these meetings; their refs."""
    changed = select(Meeting).where(col(Meeting.id).in_(set(meetings))).order_by(col(Meeting.id))
    rows = (await session.exec(changed.with_for_update())).all()
    for meeting in rows:
        meeting.version += 1
    return [meeting.ref for meeting in rows]

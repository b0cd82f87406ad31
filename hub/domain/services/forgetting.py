"""Addresses are deleted: unless somebody confirms them, when their owner says so, when nothing needs them.

What was published under a name stays, and does not know any more who wrote it.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.desk import Desk
from hub.domain.models import Address, AddressMail, Confirmation, Follow, Meeting, Post, key
from hub.domain.services import addresses
from hub.domain.states.meeting import OVER
from hub.domain.states.post import PostState

MAIL_KEPT = timedelta(days=30)
"""The note that a letter was sent."""
AT_ONCE = 200


async def forget(desk: Desk, token: str) -> None:
    """The owner of an address wants nothing to be left of it. Raises ``NotFound``."""
    async with desk.store.write() as session:
        _, address = await addresses.by_link(session, token)
        refs = await _forget(session, [key(address)])
    for ref in refs:
        await desk.announcer.meeting_changed(ref)


async def forget_if_unneeded(session: AsyncSession, address: Address) -> bool:
    """Delete an address that nothing is followed with any more and that wrote nothing. Whether it went."""
    follows = select(Follow.id).where(Follow.address_id == address.id).limit(1)
    posts = select(Post.id).where(Post.address_id == address.id).limit(1)
    for needed in (follows, posts):
        if (await session.exec(needed)).first() is not None:
            return False
    await _forget(session, [key(address)])
    return True


async def tidy(desk: Desk) -> int:
    """Delete what is past its time. 0 when there was nothing."""
    now = desk.clock.now()
    overdue = select(Confirmation.id).where(
        col(Confirmation.confirmed_at).is_(None),
        col(Confirmation.asked_at) <= now - addresses.UNCONFIRMED_KEPT,
    )
    refs: list[str] = []
    done = col(Follow.meeting_id).in_(select(Meeting.id).where(col(Meeting.state).in_(OVER)))
    old = col(AddressMail.done_at) <= now - MAIL_KEPT
    async with desk.store.read() as session:
        stale = [number for number in await session.exec(overdue.limit(AT_ONCE)) if number is not None]
        unneeded = await _unneeded(session, desk)
        told = (await session.exec(select(Follow.id).where(done).limit(1))).all()
        sent = (await session.exec(select(AddressMail.id).where(old).limit(1))).all()
    if not (stale or unneeded or told or sent):
        return 0
    async with desk.store.write() as session:
        await session.exec(delete(Follow).where(done))
        await session.exec(delete(AddressMail).where(old))
        refs += await _drop(session, stale)
        refs += await _forget(session, await _unneeded(session, desk))
    for ref in dict.fromkeys(refs):
        await desk.announcer.meeting_changed(ref)
    return len(stale) + len(unneeded) + len(told) + len(sent)


async def _unneeded(session: AsyncSession, desk: Desk) -> list[int]:
    """Addresses that follow nothing, were asked nothing lately, and wrote for no meeting of late."""
    now = desk.clock.now()
    young = select(Confirmation.address_id).where(
        col(Confirmation.asked_at) > now - addresses.UNCONFIRMED_KEPT
    )
    writing = select(Post.address_id).where(
        col(Post.address_id).is_not(None),
        col(Post.state) != PostState.UNCONFIRMED,
        Post.meeting_id == Meeting.id,
        Meeting.starts_at > now - desk.kept_after_meeting,
    )
    following = select(Follow.address_id)
    old = select(Address.id).where(
        col(Address.id).not_in(young), col(Address.id).not_in(writing), col(Address.id).not_in(following)
    )
    return [number for number in await session.exec(old.limit(AT_ONCE)) if number is not None]


async def _drop(session: AsyncSession, confirmations: Sequence[int]) -> list[str]:
    """What nobody confirmed goes whole. Refs of the meetings that it belonged to."""
    theirs = col(Post.confirmation_id).in_(confirmations)
    refs = await _touch(session, list(await session.exec(select(Post.meeting_id).where(theirs))))
    await session.exec(delete(Post).where(theirs, col(Post.state) == PostState.UNCONFIRMED))
    await session.exec(update(Post).where(theirs).values(confirmation_id=None))
    await session.exec(delete(Follow).where(col(Follow.confirmation_id).in_(confirmations)))
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
    await session.exec(delete(Follow).where(col(Follow.address_id).in_(numbers)))
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

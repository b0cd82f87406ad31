"""The owner of an address opens the link, and what waited for that is done."""

from dataclasses import dataclass

from sqlmodel import col, select

from hub.domain.desk import Desk
from hub.domain.models import AuditEntry, Follow, Meeting, Post
from hub.domain.services import addresses
from hub.domain.services.following import begin
from hub.domain.states.post import PostEvent, PostState, after


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the browser gets that confirmed."""

    proof: str
    """Its next post needs no confirmation."""


async def confirm(desk: Desk, token: str) -> Confirmed:
    """Do what a link was sent for; once, however often it is pressed. Raises ``NotFound``."""
    now = desk.clock.now()
    refs: list[str] = []
    async with desk.store.write() as session:
        confirmation, address = await addresses.by_link(session, token)
        if addresses.mark(confirmation, address, now):
            waiting = select(Post, Meeting).where(
                Post.confirmation_id == confirmation.id,
                col(Post.state) == PostState.UNCONFIRMED,
                Post.meeting_id == Meeting.id,
            )
            follows = select(Follow).where(Follow.confirmation_id == confirmation.id)
            await begin(desk, session, (await session.exec(follows.with_for_update())).all())
            for post, meeting in (await session.exec(waiting.with_for_update())).all():
                post.state = after(post.state, PostEvent.CONFIRM)
                post.version += 1
                meeting.version += 1
                refs.append(meeting.ref)
                session.add(
                    AuditEntry(
                        meeting_id=meeting.id,
                        at=now,
                        who="viewer",
                        action="post.confirm",
                        subject=f"post {post.id}",
                        before=PostState.UNCONFIRMED,
                        after=post.state,
                    )
                )
        confirmed = Confirmed(addresses.proof(desk, address))
    for ref in refs:
        await desk.announcer.meeting_changed(ref)
    return confirmed

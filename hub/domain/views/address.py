"""What the owner of an address sees behind the link in an e-mail."""

from sqlmodel import col, select

from hub.domain.desk import Desk
from hub.domain.models import Follow, Meeting, Post, Topic
from hub.domain.services.addresses import by_link
from hub.domain.snapshots import FollowView, OwnPost, Snapshot
from hub.domain.views.discussion import posts_where
from hub.domain.views.following import follows_where


class AddressTopic(Snapshot):
    """A discussion in which the address wrote."""

    id: int
    title: str
    meeting_ref: str
    meeting_title: str
    posts: list[OwnPost]


class AddressPage(Snapshot):
    """Everything that was asked for in its name; before it is confirmed, what this link is about."""

    email: str
    confirmed: bool
    topics: list[AddressTopic]
    follows: list[FollowView]


async def address_page(desk: Desk, token: str) -> AddressPage:
    """Looking changes nothing. Raises ``NotFound``."""
    async with desk.store.read() as session:
        confirmation, address = await by_link(session, token)
        confirmed = confirmation.confirmed_at is not None
        which = (
            col(Post.address_id) == address.id if confirmed else col(Post.confirmation_id) == confirmation.id
        )
        posts = await posts_where(session, which)
        followed = (
            col(Follow.address_id) == address.id
            if confirmed
            else col(Follow.confirmation_id) == confirmation.id
        )
        follows = await follows_where(session, followed)
        known = select(Topic, Meeting).where(
            col(Topic.id).in_({post.topic_id for post in posts}), Topic.meeting_id == Meeting.id
        )
        topics = (await session.exec(known.order_by(col(Topic.id)))).all()
    return AddressPage(
        email=address.email,
        confirmed=confirmed,
        follows=follows,
        topics=[
            AddressTopic(
                id=topic.id or 0,
                title=topic.title,
                meeting_ref=meeting.ref,
                meeting_title=meeting.title,
                posts=[post for post in posts if post.topic_id == topic.id],
            )
            for topic, meeting in topics
        ],
    )

"""Discussions before a meeting: what is published, what somebody wrote, and what officers have to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.clock import milliseconds
from hub.domain.desk import Desk, Room
from hub.domain.errors import NotFound
from hub.domain.meetings import find_meeting
from hub.domain.models import Address, AddressMail, AddressMailKind, AgendaItem, Post, Topic, key
from hub.domain.services.addresses import proven
from hub.domain.snapshots import OwnPost, PostHandView, PostView, StaffPost, StaffTopic, TopicView
from hub.domain.states.post import PostEvent, PostState, may
from hub.domain.states.topic import now_of
from hub.domain.text import is_plain

OWN_POSTS_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Discussions:
    """The topics of one meeting, with what was written on each."""

    topics: Sequence[Topic]
    posts: Sequence[Post]
    private_items: frozenset[int]
    """Items that were made private since: nothing of their discussions is public any more."""
    now: datetime

    def views(self) -> list[TopicView]:
        """As everybody may see them."""
        return [self.view(topic) for topic in self.topics if topic.item_id not in self.private_items]

    def view(self, topic: Topic) -> TopicView:
        public = [post for post in self.of(topic) if post.state is PostState.APPROVED]
        return TopicView(
            id=key(topic),
            item_id=topic.item_id,
            title=topic.title,
            introduction=topic.introduction,
            state=now_of(topic.state, topic.closes_at, self.now),
            closes_ms=milliseconds(topic.closes_at),
            summary=topic.summary,
            posts=[_post(post) for post in public],
        )

    def of(self, topic: Topic) -> list[Post]:
        """What was written on it."""
        return [post for post in self.posts if post.topic_id == topic.id]


async def load_discussions(session: AsyncSession, meeting_id: int, now: datetime) -> Discussions:
    """All of a meeting."""
    opened = select(Topic).where(Topic.meeting_id == meeting_id).order_by(col(Topic.id))
    topics = (await session.exec(opened)).all()
    if not topics:
        return Discussions([], [], frozenset(), now)
    posts = select(Post).where(Post.meeting_id == meeting_id).order_by(col(Post.id))
    private = select(AgendaItem.id).where(
        AgendaItem.meeting_id == meeting_id, col(AgendaItem.restricted).is_(True)
    )
    return Discussions(
        topics=topics,
        posts=(await session.exec(posts)).all(),
        private_items=frozenset(number for number in await session.exec(private) if number is not None),
        now=now,
    )


async def discussion(desk: Desk, ref: str, topic_id: int) -> TopicView:
    """One of a meeting. Raises ``NotFound``."""
    async with desk.store.read() as session:
        meeting = await find_meeting(session, ref)
        found = (await load_discussions(session, key(meeting), desk.clock.now())).views()
    for topic in found:
        if topic.id == topic_id:
            return topic
    raise NotFound("This meeting has no such discussion.")


async def own_posts(desk: Desk, device: str, proof: str = "", topic_id: int | None = None) -> list[OwnPost]:
    """What was sent from a device or by the address that a browser has proven, the newest last."""
    async with desk.store.read() as session:
        address = await proven(desk, session, proof) if proof else None
        mine = []
        if device and is_plain(device):
            mine.append(col(Post.device) == device)
        if address is not None:
            mine.append(col(Post.address_id) == address.id)
        return await posts_where(session, or_(*mine), topic_id) if mine else []


async def posts_where(
    session: AsyncSession, which: ColumnElement[bool], topic_id: int | None = None
) -> list[OwnPost]:
    """Posts for their author."""
    query = select(Post).where(which)
    if topic_id is not None:
        query = query.where(Post.topic_id == topic_id)
    rows = (await session.exec(query.order_by(col(Post.id).desc()).limit(OWN_POSTS_AT_MOST))).all()
    merged = [row.merged_into for row in rows if row.merged_into is not None]
    into = select(Post).where(col(Post.id).in_(merged), Post.state == PostState.APPROVED)
    public = {key(row): _post(row) for row in (await session.exec(into)).all()} if merged else {}
    return [_own(row, public) for row in reversed(rows)]


async def staff_topics(session: AsyncSession, loaded: Discussions) -> list[StaffTopic]:
    """For the console, with the addresses."""
    numbers = {post.address_id for post in loaded.posts if post.address_id is not None}
    asked = {post.confirmation_id for post in loaded.posts if post.state is PostState.UNCONFIRMED}
    addresses = select(Address).where(col(Address.id).in_(numbers))
    letters = select(AddressMail).where(
        AddressMail.kind == AddressMailKind.CONFIRM, col(AddressMail.subject_id).in_(asked)
    )
    emails = {key(row): row.email for row in (await session.exec(addresses)).all()} if numbers else {}
    mails = {row.subject_id: row for row in (await session.exec(letters)).all()} if asked else {}
    return [
        StaffTopic(
            topic=loaded.view(topic),
            opened_by=topic.opened_by,
            posts=[
                _staff_post(post, emails.get(post.address_id or 0, ""), mails.get(post.confirmation_id or 0))
                for post in loaded.of(topic)
                if post.state is not PostState.WITHDRAWN
            ],
        )
        for topic in loaded.topics
    ]


def post_hands(room: Room) -> list[PostHandView]:
    """Who looks at which post."""
    return [
        PostHandView(
            post_id=hand.post_id, staff_id=officer, name=hand.name, since_ms=milliseconds(hand.since)
        )
        for officer, hand in room.post_hands.items()
    ]


def _post(post: Post) -> PostView:
    return PostView(id=key(post), name=post.name, text=post.text, sent_ms=milliseconds(post.sent_at))


def _own(post: Post, public: dict[int, PostView]) -> OwnPost:
    return OwnPost(
        id=key(post),
        topic_id=post.topic_id,
        text=post.text,
        state=post.state,
        rejected_for=post.rejected_for or "",
        into=public.get(post.merged_into or 0),
        may_withdraw=may(post.state, PostEvent.WITHDRAW),
    )


def _staff_post(post: Post, email: str, mail: AddressMail | None) -> StaffPost:
    return StaffPost(
        id=key(post),
        name=post.name,
        text=post.text,
        email=email,
        state=post.state,
        version=post.version,
        flags=post.flags,
        rejected_for=post.rejected_for or "",
        merged_into=post.merged_into,
        sent_ms=milliseconds(post.sent_at),
        mail="" if mail is None else mail.state,
        mail_sentence="" if mail is None else mail.sentence,
    )

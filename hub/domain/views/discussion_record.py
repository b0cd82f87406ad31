"""The discussions before a meeting, whole, for the council's own records. Addresses are not part of it."""

from datetime import datetime

from sqlmodel import col, or_, select

from hub.domain.desk import Desk
from hub.domain.meetings import find_meeting
from hub.domain.models import AgendaItem, AuditEntry, Post, Topic, key
from hub.domain.snapshots import Snapshot
from hub.domain.states.topic import now_of
from hub.domain.titles import index_label
from hub.domain.views.exports import DecisionRecord, decision

MODERATION = ("discussion.", "post.")


class TopicRecord(Snapshot):
    """A discussion."""

    id: int
    item: str
    title: str
    introduction: str
    state: str
    opened_at: datetime
    opened_by: str
    closes_at: datetime
    summary: str


class PostRecord(Snapshot):
    """A post with what became of it. Nothing names the address or the device it came from."""

    id: int
    topic_id: int
    sent_at: datetime
    name: str
    text: str
    state: str
    rejected_for: str
    merged_into: int | None


class DiscussionsRecord(Snapshot):
    """All of it."""

    meeting: str
    topics: list[TopicRecord]
    posts: list[PostRecord]
    log: list[DecisionRecord]


async def discussions_record(desk: Desk, ref: str) -> DiscussionsRecord:
    """The record of one meeting, in the order of events. Raises ``NotFound``."""
    async with desk.store.read() as session:
        meeting = await find_meeting(session, ref)
        opened = select(Topic, AgendaItem).where(
            Topic.meeting_id == meeting.id, Topic.item_id == AgendaItem.id
        )
        topics = (await session.exec(opened.order_by(col(Topic.id)))).all()
        sent = select(Post).where(Post.meeting_id == meeting.id).order_by(col(Post.id))
        posts = (await session.exec(sent)).all()
        decided = select(AuditEntry).where(
            AuditEntry.meeting_id == meeting.id,
            or_(*(col(AuditEntry.action).startswith(begin) for begin in MODERATION)),
        )
        log = (await session.exec(decided.order_by(col(AuditEntry.id)))).all()
    return DiscussionsRecord(
        meeting=ref,
        topics=[_topic(topic, item, desk.clock.now()) for topic, item in topics],
        posts=[_post(post) for post in posts],
        log=[decision(entry) for entry in log],
    )


def _topic(topic: Topic, item: AgendaItem, now: datetime) -> TopicRecord:
    return TopicRecord(
        id=key(topic),
        item=index_label(item),
        title=topic.title,
        introduction=topic.introduction,
        state=now_of(topic.state, topic.closes_at, now),
        opened_at=topic.opened_at,
        opened_by=topic.opened_by,
        closes_at=topic.closes_at,
        summary=topic.summary,
    )


def _post(post: Post) -> PostRecord:
    return PostRecord(
        id=key(post),
        topic_id=post.topic_id,
        sent_at=post.sent_at,
        name=post.name,
        text=post.text,
        state=post.state,
        rejected_for=post.rejected_for or "",
        merged_into=post.merged_into,
    )

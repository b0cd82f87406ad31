"""Discussions before a meeting, as everybody, who wrote a post, and officers see them."""

from hub.domain.snapshots.base import Snapshot


class PostView(Snapshot):
    """A post that is published."""

    id: int
    name: str
    text: str
    sent_ms: int


class TopicView(Snapshot):
    """A discussion as everybody may see it."""

    id: int
    item_id: int
    title: str
    introduction: str
    state: str
    """``open``, ``closed`` or ``summarised``."""
    closes_ms: int
    summary: str
    posts: list[PostView]
    """The oldest first."""


class OwnPost(Snapshot):
    """A post as its author sees it, whatever its state."""

    id: int
    topic_id: int
    text: str
    state: str
    rejected_for: str = ""
    """``off_topic``, ``personal``, ``abusive``, ``repeated`` or ``other``."""
    into: PostView | None = None
    """The published post that stands for this one, too."""
    may_withdraw: bool = False


class StaffPost(Snapshot):
    """A post as officers see it. The address is for them alone."""

    id: int
    name: str
    text: str
    email: str
    """"" when it was forgotten."""
    state: str
    version: int
    flags: list[str]
    rejected_for: str
    merged_into: int | None
    sent_ms: int
    mail: str
    """What became of the e-mail to confirm with: ``waiting``, ``sent`` or ``given_up``; "" without one."""
    mail_sentence: str


class PostHandView(Snapshot):
    """An officer who looks at a post now."""

    post_id: int
    staff_id: int
    name: str
    since_ms: int


class StaffTopic(Snapshot):
    """A discussion in the console. Posts that are public stand in ``topic``."""

    topic: TopicView
    opened_by: str
    posts: list[StaffPost]

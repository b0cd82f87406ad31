"""What officers do with a discussion before a meeting: open, close and sum up."""

from datetime import datetime

from pydantic import Field
from sqlmodel import select

from hub.domain.commands.core import Args, Call, Change, Id, Words, command
from hub.domain.errors import Conflict, Invalid, NotFound
from hub.domain.local_time import moment_in_words
from hub.domain.models import Topic
from hub.domain.people import Staff
from hub.domain.states.topic import TopicEvent, after, now_of
from hub.domain.text import required

TITLE_CHARACTERS = 120
INTRODUCTION_CHARACTERS = 2000
SUMMARY_CHARACTERS = 4000


class OpenTopic(Args):
    """``closes``: day and time as the clocks show it, ``2026-11-25T17:00``."""

    item_id: Id
    title: Words = Field(max_length=20_000)
    introduction: Words = Field(default="", max_length=20_000)
    closes: str = Field(max_length=40)


class OneTopic(Args):
    topic_id: Id


class Reopen(OneTopic):
    closes: str = Field(max_length=40)


class Summarise(OneTopic):
    text: Words = Field(max_length=20_000)


@command("discussion.open", Staff)
async def open_topic(call: Call, args: OpenTopic) -> None:
    """Residents may write about an item of public business, until the time that is given."""
    title = required(args.title, "title", "a title", at_most=TITLE_CHARACTERS).replace("\n", " ")
    introduction = required(
        args.introduction, "introduction", "an introduction", at_most=INTRODUCTION_CHARACTERS
    )
    async with call.change() as change:
        item = await change.item(args.item_id)
        if item.heading or item.restricted:
            raise Invalid("Choose an item of public business.", field="item_id")
        if (await change.session.exec(select(Topic).where(Topic.item_id == item.id))).first():
            raise Conflict("There is a discussion of this item already.", field="item_id")
        topic = Topic(
            meeting_id=item.meeting_id,
            item_id=args.item_id,
            title=title,
            introduction=introduction,
            opened_at=change.now,
            opened_by=call.actor.name if isinstance(call.actor, Staff) else "",
            closes_at=_closing(change, args.closes),
        )
        change.session.add(topic)
        await change.session.flush()
        change.audit("discussion.open", subject(topic), after=f"{topic.closes_at:%Y-%m-%dT%H:%MZ}")
        change.answer = {"topic_id": topic.id}


@command("discussion.close", Staff)
async def close_topic(call: Call, args: OneTopic) -> None:
    """Before its time. What waits can still be read and approved."""
    async with call.change() as change:
        move_topic(change, await the_topic(change, args.topic_id), TopicEvent.CLOSE)


@command("discussion.reopen", Staff)
async def reopen_topic(call: Call, args: Reopen) -> None:
    """Until another time: of an open discussion that is later, or sooner."""
    async with call.change() as change:
        topic = await the_topic(change, args.topic_id)
        closes_at = _closing(change, args.closes)
        move_topic(change, topic, TopicEvent.REOPEN, reason=f"until {closes_at:%Y-%m-%dT%H:%MZ}")
        topic.closes_at = closes_at


@command("discussion.summarise", Staff)
async def summarise(call: Call, args: Summarise) -> None:
    """What was said, in an officer's words, on the meeting's page for good. Again: other words."""
    text = required(args.text, "text", "a summary", at_most=SUMMARY_CHARACTERS)
    async with call.change() as change:
        topic = await the_topic(change, args.topic_id)
        move_topic(change, topic, TopicEvent.SUMMARISE)
        topic.summary, topic.summarised_at = text, change.now


async def the_topic(change: Change, topic_id: int) -> Topic:
    """A discussion of this meeting. Raises ``NotFound``."""
    topic = await change.session.get(Topic, topic_id)
    if topic is None or topic.meeting_id != change.meeting.id:
        raise NotFound("This meeting has no such discussion.", field="topic_id")
    return topic


def move_topic(change: Change, topic: Topic, event: TopicEvent, reason: str = "") -> None:
    """Move a discussion on from where it stands by the clock. Raises ``IllegalTransition``."""
    before = now_of(topic.state, topic.closes_at, change.now)
    topic.state = after(before, event)
    change.audit(f"discussion.{event}", subject(topic), before=before, after=topic.state, reason=reason)


def subject(topic: Topic) -> str:
    """The discussion in the log."""
    return f"discussion {topic.id}"


def _closing(change: Change, text: str) -> datetime:
    closes_at = moment_in_words(text, "closes")
    if closes_at <= change.now:
        raise Invalid("This time is over. Give a later one.", field="closes")
    if closes_at > change.meeting.starts_at:
        raise Invalid("The discussion closes when the meeting starts, or before.", field="closes")
    return closes_at

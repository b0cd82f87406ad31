"""What residents do in a discussion before a meeting: write, and take back what they wrote."""

from typing import Literal

from pydantic import Field
from sqlmodel import col, func, select

from hub.domain.commands.audience import device_of, refuse_removed, spend
from hub.domain.commands.core import Args, Call, Change, Id, command
from hub.domain.commands.discussion_staff import the_topic
from hub.domain.commands.posts_staff import move
from hub.domain.errors import Forbidden, NotFound, TooMany
from hub.domain.flags import flags
from hub.domain.limits import POSTING
from hub.domain.models import Address, AgendaItem, Confirmation, Post, key
from hub.domain.people import Viewer
from hub.domain.services.addresses import address_of, ask, checked_email, proven
from hub.domain.services.words import current_words
from hub.domain.states.post import PostEvent, PostState
from hub.domain.states.topic import TopicState, now_of
from hub.domain.text import required

POST_CHARACTERS = 1000
NAME_CHARACTERS = 80
WAITING_AT_MOST = 300
"""To be confirmed or read in one meeting: more than that is refused, not lost."""


class SendPost(Args):
    """``proof``: of an address that was confirmed in this browser; then ``email`` may be left empty."""

    topic_id: Id
    name: str = Field(max_length=20_000)
    email: str = Field(default="", max_length=20_000)
    text: str = Field(max_length=20_000)
    proof: str = Field(default="", max_length=200)
    language: Literal["en", "cy"] = "en"


class OnePost(Args):
    post_id: Id
    proof: str = Field(default="", max_length=200)


@command("discussion.post", Viewer)
async def send_post(call: Call, args: SendPost) -> None:
    """Write. Officers see it once the address is confirmed, and everybody once an officer has approved it."""
    name = required(args.name, "name", "your name", at_most=NAME_CHARACTERS).replace("\n", " ")
    text = required(args.text, "text", "what you want to say", at_most=POST_CHARACTERS)
    async with call.change() as change:
        topic = await the_topic(change, args.topic_id)
        item = await change.session.get_one(AgendaItem, topic.item_id)
        if item.restricted or now_of(topic.state, topic.closes_at, change.now) is not TopicState.OPEN:
            raise Forbidden("This discussion is closed.")
        await refuse_removed(call, change)
        await _refuse_heaps(change)
        address, confirmation = await _who(call, change, args)
        spend(call, change, POSTING)
        post = Post(
            topic_id=key(topic),
            meeting_id=key(change.meeting),
            address_id=key(address),
            confirmation_id=None if confirmation is None else key(confirmation),
            name=name,
            text=text,
            device=device_of(call),
            state=PostState.PENDING if confirmation is None else PostState.UNCONFIRMED,
            flags=flags(f"{name}\n{text}", (await current_words(change.session)).words),
            sent_at=change.now,
        )
        change.session.add(post)
        await change.session.flush()
        change.answer = {"post_id": key(post), "state": post.state}


@command("discussion.withdraw", Viewer)
async def withdraw(call: Call, args: OnePost) -> None:
    """Take back one's own post, from the device it came from or by its address."""
    async with call.change() as change:
        post = await change.session.get(Post, args.post_id)
        address = await proven(call.desk, change.session, args.proof) if args.proof else None
        theirs = post is not None and (
            post.device == device_of(call) or (address is not None and post.address_id == address.id)
        )
        if post is None or not theirs or post.meeting_id != change.meeting.id:
            raise NotFound("You wrote no such post.", field="post_id")
        move(change, post, PostEvent.WITHDRAW)


async def _who(call: Call, change: Change, args: SendPost) -> tuple[Address, Confirmation | None]:
    """Whose post it is, and what they have yet to confirm: nothing, of an address proven in this browser."""
    known = await proven(call.desk, change.session, args.proof) if args.proof else None
    if known is not None and args.email.strip().casefold() in ("", known.folded):
        return known, None
    address = await address_of(call.desk, change.session, checked_email(args.email), args.language)
    return address, await ask(call.desk, change.session, address)


async def _refuse_heaps(change: Change) -> None:
    waiting = select(func.count()).where(
        Post.meeting_id == change.meeting.id,
        col(Post.state).in_((PostState.UNCONFIRMED, PostState.PENDING)),
    )
    if (await change.session.exec(waiting)).one() >= WAITING_AT_MOST:
        raise TooMany("Too many posts wait to be read. Try again tomorrow.", seconds=3600)

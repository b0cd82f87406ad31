"""What officers decide about the posts of a discussion."""

from pydantic import Field
from sqlmodel import col, select

from hub.domain.commands.core import Args, Call, Change, Id, Version, Words, command
from hub.domain.commands.moves import look
from hub.domain.desk import PostHand
from hub.domain.errors import Conflict, IllegalTransition, Invalid, NotFound
from hub.domain.models import AddressMail, AuditEntry, Confirmation, Post
from hub.domain.people import Staff
from hub.domain.services.delivery import again
from hub.domain.states.post import PostEvent, PostReason, PostState, after


class OnePost(Args):
    """``seen`` is the version of the post that the officer was looking at."""

    post_id: Id
    seen: Version | None = None


class Reject(OnePost):
    """``code`` is what the author is told; ``reason`` goes into the log only."""

    code: PostReason = Field(default=PostReason.OTHER, strict=False)
    reason: Words = Field(default="", max_length=200)


class Merge(OnePost):
    into_id: Id


class Look(Args):
    post_id: Id | None = None


@command("post.approve", Staff)
async def approve(call: Call, args: OnePost) -> None:
    """Everybody may read it."""
    async with call.change() as change:
        post = await taken_up(change, args)
        move(change, post, PostEvent.APPROVE)
        post.rejected_for = None


@command("post.reject", Staff)
async def reject(call: Call, args: Reject) -> None:
    """Nobody reads it but its author, who is told why."""
    async with call.change() as change:
        post = await taken_up(change, args)
        reason = f"{args.code}: {args.reason}" if args.reason else str(args.code)
        move(change, post, PostEvent.REJECT, reason=reason)
        post.rejected_for = args.code


@command("post.put_back", Staff)
async def put_back(call: Call, args: OnePost) -> None:
    """To be read again, after a mistake."""
    async with call.change() as change:
        post = await taken_up(change, args)
        move(change, post, PostEvent.PUT_BACK)
        post.rejected_for = post.merged_into = None


@command("post.merge", Staff)
async def merge(call: Call, args: Merge) -> None:
    """Two posts say the same: the one that is public stands for both."""
    async with call.change() as change:
        post = await taken_up(change, args)
        into = await change.session.get(Post, args.into_id)
        if into is None or into.topic_id != post.topic_id:
            raise NotFound("This discussion has no such post.", field="into_id")
        if into.id == post.id:
            raise Invalid("A post cannot be merged into itself.", field="into_id")
        if into.state is not PostState.APPROVED:
            raise IllegalTransition(f"The other post is {into.state}, so nothing can be merged into it.")
        move(change, post, PostEvent.MERGE, reason=f"into post {into.id}")
        post.merged_into = into.id


@command("post.look", Staff)
async def look_at(call: Call, args: Look) -> None:
    """Tell the other officers which post one is at; none: at no post any more."""
    await look(call)
    hands = call.desk.room(call.ref).post_hands
    if isinstance(call.actor, Staff):
        hands.pop(call.actor.id, None)
        if args.post_id is not None:
            hands[call.actor.id] = PostHand(args.post_id, call.actor.name, call.desk.clock.now())


@command("post.link", Staff)
async def show_link(call: Call, args: OnePost) -> None:
    """The link to confirm with, to be copied: for a council without a mail server."""
    async with call.change() as change:
        confirmation = await _unconfirmed(change, args)
        token = call.desk.links.of(confirmation)
        change.answer = {"token": None}
        change.secret = {"token": token or call.desk.links.renew(confirmation, call.desk.tokens)}
        change.audit("post.link", f"post {args.post_id}")


@command("post.send_link", Staff)
async def send_link(call: Call, args: OnePost) -> None:
    """The same link once more by e-mail."""
    if not call.desk.sends_mail:
        raise Invalid("No mail server is set up here. Copy the link and send it yourself.")
    async with call.change() as change:
        confirmation = await _unconfirmed(change, args)
        sent = select(AddressMail).where(AddressMail.about == f"confirmation {confirmation.id}")
        mail = (await change.session.exec(sent)).one()
        mail.times += 1
        again(mail, change.now)
        change.audit("post.send_link", f"post {args.post_id}")


async def taken_up(change: Change, args: OnePost) -> Post:
    """The post, if it still is what the officer saw. Raises ``NotFound`` and ``Conflict``."""
    post = await change.session.get(Post, args.post_id)
    if post is None or post.meeting_id != change.meeting.id:
        raise NotFound("This meeting has no such post.", field="post_id")
    if args.seen is None or args.seen == post.version:
        return post
    done = select(AuditEntry).where(
        AuditEntry.meeting_id == change.meeting.id, AuditEntry.subject == f"post {post.id}"
    )
    last = (await change.session.exec(done.order_by(col(AuditEntry.id).desc()))).first()
    mover = last.who if last is not None else "Somebody"
    raise Conflict(f"{mover} changed this post a moment ago: it is {post.state} now.")


def move(change: Change, post: Post, event: PostEvent, reason: str = "") -> None:
    """Move a post and take it down. Raises ``IllegalTransition``."""
    before = post.state
    post.state = after(before, event)
    post.version += 1
    change.audit(f"post.{event}", f"post {post.id}", before=before, after=post.state, reason=reason)


async def _unconfirmed(change: Change, args: OnePost) -> Confirmation:
    post = await taken_up(change, args)
    if post.state is not PostState.UNCONFIRMED or post.confirmation_id is None:
        raise IllegalTransition("This post does not wait to be confirmed.")
    return await change.session.get_one(Confirmation, post.confirmation_id)

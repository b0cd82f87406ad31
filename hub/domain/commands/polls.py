"""Polls of a webinar: officers ask, everybody answers once, and officers decide when results are shown."""

from typing import Annotated

from pydantic import Field
from sqlmodel import func, select

from hub.domain.commands.audience import device_of, take_part
from hub.domain.commands.core import Args, Call, Change, Id, command
from hub.domain.commands.moves import look
from hub.domain.errors import Forbidden, IllegalTransition, NotFound, TooMany
from hub.domain.kind import MeetingKind
from hub.domain.limits import VOTING
from hub.domain.models import Poll, PollVote, key
from hub.domain.people import Staff, Viewer
from hub.domain.polls import (
    MOST_OPTIONS,
    TEXT_CHARACTERS,
    PollKind,
    checked_choices,
    checked_options,
    counted,
)
from hub.domain.programme import seconds_now
from hub.domain.states.meeting import OVER, MeetingState
from hub.domain.states.poll import PollEvent, PollState, after
from hub.domain.text import required

POLLS_AT_MOST = 50
UNKNOWN = "This meeting has no such poll."


class Create(Args):
    """``options`` of a choice, ``top`` of a scale."""

    text: str = Field(max_length=20_000)
    kind: PollKind = Field(strict=False)
    options: list[Annotated[str, Field(max_length=20_000)]] = Field(default=[], max_length=100)
    top: int = 5


class OnePoll(Args):
    poll_id: Id


class Vote(OnePoll):
    choices: list[int] = Field(max_length=MOST_OPTIONS)


@command("poll.create", Staff)
async def create(call: Call, args: Create) -> None:
    """A draft, which nobody but officers sees."""
    text = required(args.text, "text", "the question", at_most=TEXT_CHARACTERS).replace("\n", " ")
    options = checked_options(args.kind, args.options, args.top)
    async with call.change() as change:
        _refuse_elsewhere(change)
        there = select(func.count()).where(Poll.meeting_id == change.meeting.id)
        if (await change.session.exec(there)).one() >= POLLS_AT_MOST:
            raise TooMany(f"A webinar can have {POLLS_AT_MOST} polls.", seconds=3600)
        poll = Poll(
            meeting_id=key(change.meeting),
            text=text,
            kind=args.kind,
            options=options,
            counts=[0] * len(options),
        )
        change.session.add(poll)
        await change.session.flush()
        change.audit("poll.create", f"poll {poll.id}", after=text)
        change.answer = {"poll_id": key(poll)}


@command("poll.discard", Staff)
async def discard(call: Call, args: OnePoll) -> None:
    """A draft that is not wanted any more."""
    async with call.change() as change:
        _move(change, await _poll(change, args.poll_id), PollEvent.DISCARD)


@command("poll.open", Staff)
async def open_poll(call: Call, args: OnePoll) -> None:
    """Everybody sees it and may answer."""
    async with call.change() as change:
        poll = await _poll(change, args.poll_id)
        _refuse_unseen(change)
        if change.meeting.state in OVER:
            raise IllegalTransition("The meeting is over.")
        _move(change, poll, PollEvent.OPEN)
        poll.opened_at = change.now


@command("poll.close", Staff)
async def close(call: Call, args: OnePoll) -> None:
    """Nobody answers any more."""
    async with call.change() as change:
        poll = await _poll(change, args.poll_id)
        _move(change, poll, PollEvent.CLOSE)
        poll.closed_at = change.now


@command("poll.show", Staff)
async def show(call: Call, args: OnePoll) -> None:
    """The public see the figures from now on; the first time is a moment in the index."""
    seconds = await seconds_now(call.desk, call.ref, (await look(call)).epoch_ms)
    async with call.change() as change:
        poll = await _poll(change, args.poll_id)
        _refuse_unseen(change)
        _move(change, poll, PollEvent.SHOW)
        poll.shown = True
        if change.meeting.state is MeetingState.LIVE and poll.point_id is None:
            point = change.stamp("poll", f"Poll: {poll.text}", seconds)
            await change.session.flush()
            poll.point_id = point.id


@command("poll.hide", Staff)
async def hide(call: Call, args: OnePoll) -> None:
    """The public do not see the figures any more. That they were shown stays in the index."""
    async with call.change() as change:
        poll = await _poll(change, args.poll_id)
        _move(change, poll, PollEvent.HIDE)
        poll.shown = False


@command("poll.vote", Viewer)
async def vote(call: Call, args: Vote) -> None:
    """Answer. A device counts once: what it said first stands, and the answer tells it."""
    device = device_of(call)
    async with call.change() as change:
        poll = await _poll(change, args.poll_id)
        if poll.state is PollState.DRAFT:
            raise NotFound(UNKNOWN, field="poll_id")
        cast = select(PollVote).where(PollVote.poll_id == poll.id, PollVote.device == device)
        known = (await change.session.exec(cast)).first()
        if known is None:
            if poll.state is not PollState.OPEN or change.meeting.state in OVER:
                raise Forbidden("This poll is closed.")
            choices = checked_choices(poll.kind, len(poll.options), args.choices)
            await take_part(call, change, VOTING)
            known = PollVote(poll_id=key(poll), device=device, choices=choices)
            change.session.add(known)
            poll.people, poll.counts = poll.people + 1, counted(poll.counts, choices)
        change.answer = {"choices": known.choices}


async def _poll(change: Change, poll_id: int) -> Poll:
    poll = await change.session.get(Poll, poll_id)
    if poll is None or poll.meeting_id != change.meeting.id or poll.state is PollState.DISCARDED:
        raise NotFound(UNKNOWN, field="poll_id")
    return poll


def _move(change: Change, poll: Poll, event: PollEvent) -> None:
    before = poll.state
    poll.state = after(before, event)
    change.audit(f"poll.{event}", f"poll {poll.id}", before=before, after=poll.state)


def _refuse_elsewhere(change: Change) -> None:
    if change.meeting.kind is not MeetingKind.WEBINAR:
        raise IllegalTransition("Only webinars have polls: members vote by other rules.")


def _refuse_unseen(change: Change) -> None:
    """Nothing begins before the public while they are excluded."""
    if change.meeting.state is MeetingState.PRIVATE:
        raise IllegalTransition("The public are excluded: show it to them when they are back.")

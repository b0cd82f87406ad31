"""Raised hands in a webinar: a viewer asks to speak, an officer asks for consent, a speaker comes of it."""

from typing import Literal

from pydantic import Field
from sqlmodel import col, func, select

from hub.domain.commands.audience import device_of, take_part
from hub.domain.commands.core import Args, Call, Change, Id, command
from hub.domain.errors import Conflict, Forbidden, IllegalTransition, NotFound, TooMany
from hub.domain.kind import MeetingKind
from hub.domain.limits import RAISING
from hub.domain.models import RaisedHand, Registration, key
from hub.domain.people import Capacity, Staff, Viewer
from hub.domain.rules import Consent, Mode
from hub.domain.services.registration import last_place
from hub.domain.states.meeting import RUNNING, MeetingState
from hub.domain.states.raised_hand import UP, HandEvent, HandState, after
from hub.domain.states.speaker import LINK_WORKS, SpeakerState
from hub.domain.text import required

MOST_UP = 200
"""At once in one webinar: more than an officer can look through."""
SPEAKING_SECONDS = 180


class Raise(Args):
    name: str = Field(max_length=20_000)


class OneHand(Args):
    hand_id: Id


class Accept(OneHand):
    consent: Literal["picture_and_sound", "sound_only"]


@command("hand.raise", Viewer)
async def raise_hand(call: Call, args: Raise) -> None:
    """Ask to speak. A device has one hand: raised again, it is the same."""
    name = required(args.name, "name", "your name", at_most=80).replace("\n", " ")
    device = device_of(call)
    async with call.change() as change:
        if change.meeting.kind is not MeetingKind.WEBINAR:
            raise NotFound("This meeting is no webinar.")
        if change.meeting.state not in RUNNING:
            raise Forbidden("Hands can be raised while the webinar is on.")
        mine = select(RaisedHand).where(
            RaisedHand.meeting_id == change.meeting.id, RaisedHand.device == device
        )
        hand = (await change.session.exec(mine.order_by(col(RaisedHand.id).desc()))).first()
        if hand is None or hand.state not in UP:
            await _refuse_speaking(change, hand)
            await _refuse_heaps(change)
            await take_part(call, change, RAISING)
            hand = RaisedHand(meeting_id=key(change.meeting), device=device, name=name, raised_at=change.now)
            change.session.add(hand)
            await change.session.flush()
        change.answer = {"hand_id": key(hand)}


@command("hand.lower", Viewer)
async def lower(call: Call, args: OneHand) -> None:
    """Not any more."""
    async with call.change() as change:
        _move(change, await _own(call, change, args.hand_id), HandEvent.LOWER)


@command("hand.decline", Viewer)
async def decline(call: Call, args: OneHand) -> None:
    """They were asked, and do not want to be on air."""
    async with call.change() as change:
        _move(change, await _own(call, change, args.hand_id), HandEvent.DECLINE)


@command("hand.accept", Viewer)
async def accept(call: Call, args: Accept) -> None:
    """They agree to be heard, or seen as well: a personal link, and they get ready like other speakers."""
    async with call.change() as change:
        hand = await _own(call, change, args.hand_id)
        if change.meeting.state not in RUNNING:
            raise Forbidden("The meeting is over.")
        _move(change, hand, HandEvent.ACCEPT)
        speaker = Registration(
            meeting_id=key(change.meeting),
            name=hand.name,
            capacity=Capacity.AUDIENCE,
            mode=Mode.REMOTE,
            consent=Consent(args.consent),
            state=SpeakerState.CONFIRMED,
            token_hash="",
            place=await last_place(change.session, change.meeting) + 1,
            seconds=SPEAKING_SECONDS,
            submitted_at=change.now,
        )
        token = call.desk.links.renew(speaker, call.desk.tokens)
        change.session.add(speaker)
        await change.session.flush()
        hand.registration_id = key(speaker)
        change.answer = {"registration_id": key(speaker), "token": None}
        change.secret = {"token": token}


@command("hand.ask", Staff)
async def ask(call: Call, args: OneHand) -> None:
    """Ask whether they agree to be on air. Nothing of theirs is sent before they do."""
    async with call.change() as change:
        if change.meeting.state is MeetingState.PRIVATE:
            raise IllegalTransition("The public are excluded: ask when they are back.")
        _move(change, await _hand(change, args.hand_id), HandEvent.ASK)


@command("hand.dismiss", Staff)
async def dismiss(call: Call, args: OneHand) -> None:
    """There is no time for it; they are told, and may raise it again later."""
    async with call.change() as change:
        _move(change, await _hand(change, args.hand_id), HandEvent.DISMISS)


async def _hand(change: Change, hand_id: int) -> RaisedHand:
    hand = await change.session.get(RaisedHand, hand_id)
    if hand is None or hand.meeting_id != change.meeting.id:
        raise NotFound("Nobody raised this hand.", field="hand_id")
    return hand


async def _own(call: Call, change: Change, hand_id: int) -> RaisedHand:
    hand = await _hand(change, hand_id)
    if hand.device != device_of(call):
        raise NotFound("Nobody raised this hand.", field="hand_id")
    return hand


def _move(change: Change, hand: RaisedHand, event: HandEvent) -> None:
    before = hand.state
    hand.state = after(before, event)
    change.audit(f"hand.{event}", f"hand {hand.id}", before=before, after=hand.state)


async def _refuse_speaking(change: Change, hand: RaisedHand | None) -> None:
    """Who has a place among the speakers needs no hand."""
    if hand is None or hand.state is not HandState.ACCEPTED or hand.registration_id is None:
        return
    speaker = await change.session.get_one(Registration, hand.registration_id)
    if speaker.state in LINK_WORKS:
        raise Conflict("You are among the speakers already.")


async def _refuse_heaps(change: Change) -> None:
    up = select(func.count()).where(RaisedHand.meeting_id == change.meeting.id, col(RaisedHand.state).in_(UP))
    if (await change.session.exec(up)).one() >= MOST_UP:
        raise TooMany("Too many hands are up. Try again in some minutes.", seconds=120)

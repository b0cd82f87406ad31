"""A few words between one resident and the officers. Nobody else ever reads them."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field
from sqlmodel import func, select

from hub.domain.commands.core import Args, Call, Change, Id, Words, command, who
from hub.domain.errors import Forbidden, Invalid, TooMany
from hub.domain.models import ChatLine, Registration, key
from hub.domain.people import Resident, Staff
from hub.domain.states.meeting import RUNNING, MeetingState
from hub.domain.states.speaker import LINK_WORKS

MOST_CHARACTERS = 500
MOST_IN_A_MINUTE = 10
MOST_LINES = 200
"""Of one conversation. Whoever needs more needs a telephone."""
MINUTE = timedelta(minutes=1)
_Text = Annotated[Words, Field(min_length=1, max_length=MOST_CHARACTERS)]


class Say(Args):
    text: _Text


class Reply(Say):
    registration_id: Id


class Read(Args):
    registration_id: Id
    up_to: Id
    """The last line that was on the screen."""


@command("chat.say", Resident)
async def say(call: Call, args: Say) -> None:
    """The resident writes to the officers, as long as their link works."""
    async with call.change() as change:
        registration = await change.registration(_own(call))
        if change.meeting.state not in (MeetingState.SCHEDULED, *RUNNING):
            raise Forbidden("The meeting is over: nobody reads this any more.")
        if registration.state not in LINK_WORKS:
            raise Forbidden("This link has been used. Your slot is over.")
        await _refuse_too_many(change, registration)
        await _add(change, registration, args.text, officer="")


@command("chat.reply", Staff)
async def reply(call: Call, args: Reply) -> None:
    """An officer writes to the resident. What was written before counts as read."""
    async with call.change() as change:
        registration = await change.registration(args.registration_id)
        if await _lines(change, registration) >= MOST_LINES:
            raise TooMany("This conversation is as long as it can be. Call them.", field="text", seconds=60)
        line = await _add(change, registration, args.text, officer=who(change.actor))
        registration.chat_read = key(line)


@command("chat.read", Staff)
async def read(call: Call, args: Read) -> None:
    """An officer has read it: no console asks for it any more."""
    async with call.change() as change:
        registration = await change.registration(args.registration_id)
        line = await change.session.get(ChatLine, args.up_to)
        if line is None or line.registration_id != registration.id:
            raise Invalid("There is no such line in this conversation.", field="up_to")
        registration.chat_read = max(registration.chat_read, args.up_to)


async def _add(change: Change, registration: Registration, text: str, *, officer: str) -> ChatLine:
    if not text:
        raise Invalid("Write something first.", field="text")
    line = ChatLine(
        registration_id=key(registration),
        meeting_id=registration.meeting_id,
        at=change.now,
        officer=officer,
        text=text,
    )
    change.session.add(line)
    await change.session.flush()
    change.audit("chat.reply" if officer else "chat.say", f"speaker {registration.id}", reason=text)
    change.answer = {"line": key(line)}
    return line


async def _lines(change: Change, registration: Registration) -> int:
    counted = select(func.count()).where(ChatLine.registration_id == registration.id)
    return (await change.session.exec(counted)).one()


async def _refuse_too_many(change: Change, registration: Registration) -> None:
    if await _lines(change, registration) >= MOST_LINES:
        raise TooMany(
            "This conversation is as long as it can be. Ask to be called instead.", field="text", seconds=60
        )
    lately = select(func.count()).where(
        ChatLine.registration_id == registration.id,
        ChatLine.officer == "",
        ChatLine.at > change.now - MINUTE,
    )
    if (await change.session.exec(lately)).one() >= MOST_IN_A_MINUTE:
        raise TooMany("That was a lot at once. Try again in a minute.", field="text", seconds=60)


def _own(call: Call) -> int:
    return call.actor.registration_id if isinstance(call.actor, Resident) else 0

"""Registering for a webinar: anybody, with a name and an e-mail address, until it is over."""

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.contact import EMAIL
from hub.domain.desk import Desk
from hub.domain.device import check_device
from hub.domain.errors import Faults, Invalid, NotFound, TooMany
from hub.domain.kind import MeetingKind
from hub.domain.limits import ATTENDING
from hub.domain.meetings import find_meeting
from hub.domain.models import MailKind, Meeting, Registration, key
from hub.domain.people import Part, Viewer
from hub.domain.services.outbox import queue
from hub.domain.services.registration import last_place, refuse_when_over
from hub.domain.states.speaker import SpeakerState
from hub.domain.text import required

MOST_ATTENDING = 10_000
"""Of one webinar: the outbox and the disk have bounds."""


async def attend(
    desk: Desk, ref: str, viewer: Viewer, *, name: str, email: str, language: str = "en"
) -> None:
    """Take down who comes, and write to them. Who is known already is told the same, and nothing is sent.

    Raises ``Invalid`` with the field, ``Forbidden`` when it is over, ``TooMany``, ``NotFound`` for a meeting
    that is no webinar.
    """
    check_device(viewer.device)
    faults = Faults()
    with faults.noted():
        name = required(name, "name", "your name", at_most=80).replace("\n", " ")
    with faults.noted():
        email = required(email, "email", "your e-mail address", at_most=254)
        if not EMAIL.fullmatch(email):
            raise Invalid("Enter an e-mail address such as name@example.org.", field="email")
    faults.refuse()
    async with desk.store.write() as session:
        meeting = await find_meeting(session, ref, lock=True)
        if meeting.kind is not MeetingKind.WEBINAR:
            raise NotFound("This meeting is no webinar.")
        refuse_when_over(meeting)
        if await _is_known(session, meeting, email):
            return
        now = desk.clock.now()
        device, place = viewer.device, viewer.place
        if wait := desk.limits.spend(ATTENDING, now, meeting=ref, device=device, place=place):
            raise TooMany(f"That was a lot at once. Try again in {wait} seconds.", seconds=wait)
        if await attending_at(session, meeting) >= MOST_ATTENDING:
            raise TooMany("All places are taken.", seconds=3600)
        attendee = Registration(
            meeting_id=key(meeting),
            name=name,
            email=email,
            part=Part.ATTENDEE,
            state=SpeakerState.CONFIRMED,
            token_hash="",
            language=language,
            place=await last_place(session, meeting) + 1,
            submitted_at=now,
        )
        # Nobody is told this link; the column wants one of its own for everybody.
        desk.links.renew(attendee, desk.tokens)
        session.add(attendee)
        meeting.version += 1
        await queue(session, attendee, MailKind.REGISTERED, now)
    await desk.announcer.meeting_changed(ref)


async def attending_at(session: AsyncSession, meeting: Meeting) -> int:
    """How many registered for it."""
    if meeting.kind is not MeetingKind.WEBINAR:
        return 0
    coming = select(func.count()).where(
        Registration.meeting_id == meeting.id, col(Registration.part) == Part.ATTENDEE
    )
    return (await session.exec(coming)).one()


async def _is_known(session: AsyncSession, meeting: Meeting, email: str) -> bool:
    same = select(Registration.id).where(
        Registration.meeting_id == meeting.id,
        col(Registration.part) == Part.ATTENDEE,
        func.lower(Registration.email) == email.lower(),
    )
    return (await session.exec(same)).first() is not None

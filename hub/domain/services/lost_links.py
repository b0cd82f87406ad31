"""A resident has lost their link. Whoever asks learns nothing of who is registered."""

from datetime import timedelta

from sqlmodel import col, func, select

from hub.domain.contact import EMAIL
from hub.domain.desk import Desk
from hub.domain.errors import Invalid
from hub.domain.meetings import find_meeting
from hub.domain.models import AuditEntry, Mail, MailKind, Registration
from hub.domain.people import Part
from hub.domain.services.outbox import queue
from hub.domain.states.speaker import LINK_WORKS
from hub.domain.text import required

AGAIN_AFTER = timedelta(minutes=5)
MOST_TIMES = 5
"""By the form; an officer sends it as often as they like."""


async def send_lost_links(desk: Desk, ref: str, email: str) -> None:
    """Send the links of this address once more, if it has any. Raises ``Invalid``, ``NotFound``."""
    address = required(email, "email", "your e-mail address", at_most=254)
    if not EMAIL.fullmatch(address):
        raise Invalid("Enter an e-mail address such as name@example.org.", field="email")
    now = desk.clock.now()
    async with desk.store.write() as session:
        meeting = await find_meeting(session, ref, lock=True)
        theirs = select(Registration).where(
            Registration.meeting_id == meeting.id,
            Registration.part == Part.SPEAKER,
            func.lower(Registration.email) == address.lower(),
            col(Registration.state).in_(LINK_WORKS),
        )
        changed = False
        for registration in (await session.exec(theirs)).all():
            sent = select(Mail).where(Mail.registration_id == registration.id, Mail.kind == MailKind.LINK)
            before = (await session.exec(sent)).first()
            if before and (before.times >= MOST_TIMES or now - before.queued_at < AGAIN_AFTER):
                continue
            await queue(session, registration, MailKind.LINK, now)
            session.add(
                AuditEntry(
                    meeting_id=meeting.id,
                    at=now,
                    who=f"speaker {registration.id}",
                    action="speaker.lost_link",
                    subject=f"speaker {registration.id}",
                )
            )
            changed = True
        meeting.version += changed
    if changed:
        await desk.announcer.meeting_changed(ref)

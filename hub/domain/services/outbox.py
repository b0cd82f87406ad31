"""The outbox: letters are written down with what they tell of, and sent after the commit.

A hub that is killed between sending and noting it sends that one letter again, as the same message; none is
lost. It has bounds: so many letters wait at most, and so many go to one address in a day. What is beyond
them is given up at once, with a sentence for staff.
"""

from datetime import datetime, timedelta

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.desk import Desk
from hub.domain.letters import Letter
from hub.domain.meetings import find_meeting
from hub.domain.models import AgendaItem, Mail, MailKind, Meeting, Registration, key
from hub.domain.people import Part
from hub.domain.rules import Consent, Kind
from hub.domain.services.delivery import DAY, MOST_IN_A_DAY, MOST_WAITING, Outcome, again, end, note
from hub.domain.states.mail import MailEvent, MailState
from hub.domain.states.meeting import OVER, MeetingState
from hub.domain.states.speaker import LINK_WORKS, SpeakerState
from hub.domain.titles import published_title

REMIND_BEFORE = timedelta(days=1)
NO_REMINDER_AFTER_NEWS = timedelta(hours=12)
"""Who was written to a moment ago needs no reminder."""
WRITTEN_TO = (Part.SPEAKER, Part.ATTENDEE)
"""Others were invited: an officer gives them their link."""
_NEWS_OF_AN_END = (MailKind.DECLINED, MailKind.WITHDRAWN)


async def queue(session: AsyncSession, registration: Registration, kind: MailKind, now: datetime) -> None:
    """Write a letter down, in the caller's unit of work. Nothing, for who gave no address."""
    if not registration.email or registration.part not in WRITTEN_TO:
        return
    await session.flush()
    known = select(Mail).where(Mail.registration_id == registration.id, Mail.kind == kind)
    mail = (await session.exec(known)).first()
    refusal = await _refusal(session, registration.email, now)
    if mail is None:
        mail = Mail(
            registration_id=key(registration),
            meeting_id=registration.meeting_id,
            kind=kind,
            queued_at=now,
            next_at=now,
        )
        session.add(mail)
    else:
        mail.times += 1
    again(mail, now)
    if refusal:
        end(mail, MailEvent.GIVE_UP, refusal, now)


async def remind(desk: Desk) -> int:
    """Write down the reminders that are due: a day before the meeting, to those who have a place."""
    now = desk.clock.now()
    news = select(Mail.registration_id).where(
        (col(Mail.kind) == MailKind.REMINDER) | (col(Mail.queued_at) > now - NO_REMINDER_AFTER_NEWS)
    )
    found = (
        select(Registration)
        .join(Meeting, col(Meeting.id) == Registration.meeting_id)
        .where(
            Registration.state == SpeakerState.CONFIRMED,
            col(Registration.part).in_(WRITTEN_TO),
            Registration.kind != Kind.STATEMENT,
            col(Registration.consent).is_(None) | (col(Registration.consent) != Consent.READ_OUT),
            Registration.email != "",
            Meeting.state == MeetingState.SCHEDULED,
            func.lower(Meeting.agenda_status).not_like("%cancelled%"),
            Meeting.starts_at > now,
            Meeting.starts_at <= now + REMIND_BEFORE,
            col(Registration.id).not_in(news),
        )
    )
    async with desk.store.read() as session:
        if not (await session.exec(found)).all():
            return 0
    async with desk.store.write() as session:
        rows = (await session.exec(found)).all()
        for row in rows:
            await queue(session, row, MailKind.REMINDER, now)
    return len(rows)


async def due(desk: Desk, at_most: int) -> list[int]:
    """The numbers of letters to be tried now, those that wait longest first."""
    waiting = select(Mail.id).where(Mail.state == MailState.WAITING, Mail.next_at <= desk.clock.now())
    async with desk.store.read() as session:
        numbers = (await session.exec(waiting.order_by(col(Mail.next_at)).limit(at_most))).all()
    return [number for number in numbers if number is not None]


async def letter(desk: Desk, number: int) -> Letter | None:
    """A letter as it has to be written now. None: it is not wanted any more, which is noted."""
    async with desk.store.write() as session:
        mail = await session.get_one(Mail, number)
        registration = await session.get_one(Registration, mail.registration_id)
        meeting = await session.get_one(Meeting, mail.meeting_id)
        if mail.state is not MailState.WAITING:
            return None
        if needless := _needless(mail, registration, meeting):
            end(mail, MailEvent.GIVE_UP, needless, desk.clock.now())
            return None
        item = await session.get(AgendaItem, registration.item_id) if registration.item_id else None
        token = desk.links.of(registration) or desk.links.renew(registration, desk.tokens)
        return Letter(
            number=number,
            times=mail.times,
            kind=mail.kind,
            to=registration.email,
            name=registration.name,
            language=registration.language,
            token=token,
            code=desk.links.code(registration) or "",
            registration_id=key(registration),
            meeting_ref=meeting.ref,
            meeting_title=meeting.title,
            meeting_version=meeting.version,
            location=meeting.location,
            starts_at=meeting.starts_at,
            item=f"{item.number} {published_title(item)}".strip() if item is not None else "",
            asked_at=mail.queued_at,
            seconds=registration.seconds,
            consent=registration.consent,
            written=registration.written,
            late=registration.late,
            confirmed=registration.state is not SpeakerState.SUBMITTED,
            attends=registration.part is Part.ATTENDEE,
        )


async def settle(desk: Desk, sent: Letter, outcome: Outcome) -> None:
    """Note what came of it. A letter that was asked for again meanwhile still waits for that."""
    now = desk.clock.now()
    async with desk.store.write() as session:
        meeting = await find_meeting(session, sent.meeting_ref, lock=True, rehearsals=True)
        mail = await session.get_one(Mail, sent.number)
        if mail.state is not MailState.WAITING or mail.times != sent.times:
            return
        note(mail, outcome, now)
        meeting.version += 1
    await desk.announcer.meeting_changed(sent.meeting_ref)


def _needless(mail: Mail, registration: Registration, meeting: Meeting) -> str:
    if meeting.rehearsal:
        return "Nobody is written to of a rehearsal."
    if meeting.state in OVER:
        return "The meeting was over before it could be sent."
    if mail.kind not in _NEWS_OF_AN_END and registration.state not in LINK_WORKS:
        return "It was not needed any more when it could be sent."
    return ""


async def _refusal(session: AsyncSession, email: str, now: datetime) -> str:
    """Why no letter can be taken now; "" when it can."""
    waiting = select(func.count()).select_from(Mail).where(Mail.state == MailState.WAITING)
    if (await session.exec(waiting)).one() >= MOST_WAITING:
        return f"{MOST_WAITING} e-mails wait to be sent already. Send it yourself."
    same = (
        select(func.count())
        .select_from(Mail)
        .join(Registration, col(Registration.id) == Mail.registration_id)
        .where(func.lower(Registration.email) == email.lower(), Mail.queued_at > now - DAY)
    )
    if (await session.exec(same)).one() >= MOST_IN_A_DAY:
        return f"{MOST_IN_A_DAY} e-mails went to this address within a day. Send it yourself."
    return ""

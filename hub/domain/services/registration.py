"""Registering to speak, and the personal link that comes of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.contact import EMAIL, phone_number
from hub.domain.desk import Desk
from hub.domain.errors import Conflict, Faults, Forbidden, Invalid, MediaUnavailable, NotFound
from hub.domain.hashes import hashed
from hub.domain.kind import MeetingKind
from hub.domain.meetings import find_meeting, is_cancelled
from hub.domain.models import AgendaItem, AuditEntry, Committee, MailKind, Meeting, Registration, key
from hub.domain.rules import (
    Accepted,
    Consent,
    Decision,
    Mode,
    Promise,
    Refused,
    RuleSet,
    StatementOnly,
    WaitingList,
    Wish,
    closed_because,
    decide,
)
from hub.domain.services.allotment import move, registered, share, standing
from hub.domain.services.outbox import queue
from hub.domain.services.rules import rules_for, window_of
from hub.domain.states.meeting import RUNNING, MeetingState
from hub.domain.states.speaker import LINK_WORKS, SpeakerEvent, SpeakerState, after
from hub.domain.text import optional, required

TEXT_CHARACTERS = 10_000
BY_LINK = Wish(mode=Mode.REMOTE, consent=Consent.PICTURE_AND_SOUND)
"""Speaking from wherever one is, seen and heard."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What the resident gets. The token is shown once; what is stored does not open anything."""

    registration_id: int
    token: str
    code: str
    """The same link to be typed, with the surname."""
    state: SpeakerState
    late: bool = False
    """It came after the deadline, and the chair decides."""
    promise: Promise | None = None


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """Whose link it is."""

    registration_id: int
    meeting_id: int
    meeting_ref: str
    name: str
    state: SpeakerState
    device: str
    by_phone: bool


@dataclass(frozen=True, slots=True)
class SlotTaken:
    """A device holds the slot now."""

    registration_id: int
    meeting_id: int
    meeting_ref: str
    old_device: str
    """The device that lost the slot; "" when none did."""


async def register(
    desk: Desk,
    ref: str,
    *,
    name: str,
    email: str = "",
    phone: str = "",
    item_id: int | None = None,
    summary: str = "",
    wish: Wish = BY_LINK,
    language: str = "en",
) -> Registered:
    """Do with a resident's registration what the committee's rules say, in one unit of work.

    Raises ``Invalid`` with every field that does not fit, ``Forbidden`` when registration is closed,
    ``Conflict`` when the same person is registered for the same already or only a written statement can be
    sent.
    """
    faults = Faults()
    person = _person(faults, name, email, phone, summary)
    wish = cleaned_wish(replace(wish, item_id=item_id))
    person.language = language
    token, code = desk.links.renew(person, desk.tokens), desk.links.code(person)
    async with desk.store.write() as session:
        meeting = await find_meeting(session, ref, lock=True)
        now = desk.clock.now()
        refuse_when_over(meeting)
        published = await _check_item(session, meeting, item_id)
        rules = rules_for(meeting, await session.get_one(Committee, meeting.committee_id))
        person.place = await last_place(session, meeting) + 1
        person.meeting_id, person.submitted_at = key(meeting), now
        _answers(person, wish)
        await _refuse_twice(session, meeting, person)
        rows = await registered(session, meeting)
        window = window_of(meeting, agenda_published=published)
        decision = decide(rules, window, wish, [standing(row) for row in rows], now)
        accepted = _place(person, _granted(decision, faults))
        for row in rows:
            if accepted and row.id == accepted.displaced:
                move(session, row, SpeakerEvent.PUT_ON_WAITING_LIST, now)
                await queue(session, row, MailKind.WAITING_LIST, now)
        session.add(person)
        meeting.version += 1
        await session.flush()
        share(rules, [*rows, person])
        waits = person.state is SpeakerState.WAITING_LIST
        await queue(session, person, MailKind.WAITING_LIST if waits else MailKind.REGISTERED, now)
        session.add(
            AuditEntry(
                meeting_id=meeting.id,
                at=now,
                who=f"speaker {person.id}",
                action="speaker.register",
                subject=f"speaker {person.id}",
                after=person.state,
            )
        )
    await desk.announcer.meeting_changed(ref)
    promise = accepted.promise if accepted else None
    return Registered(key(person), token, code or "", person.state, late=person.late, promise=promise)


def cleaned_wish(wish: Wish) -> Wish:
    """The same without what no text may have. Raises ``Invalid`` for text that is too long."""
    return replace(
        wish,
        access_point=optional(wish.access_point, "access_point", "the place", at_most=200),
        text=optional(wish.text, "text", "your text", at_most=TEXT_CHARACTERS),
        access_needs=optional(wish.access_needs, "access_needs", "what you need", at_most=1000),
        spokesperson_for=optional(
            wish.spokesperson_for, "spokesperson_for", "the name of your group", at_most=200
        ).replace("\n", " "),
    )


def refuse_when_over(meeting: Meeting) -> None:
    """Raise ``Forbidden``, in words for the form, when nobody can take part any more."""
    if is_cancelled(meeting):
        raise Forbidden("The meeting is cancelled.")
    if meeting.state not in (MeetingState.SCHEDULED, *RUNNING):
        raise Forbidden("The meeting is over.")


def refuse_when_closed(meeting: Meeting, rules: RuleSet, now: datetime, *, agenda_published: bool) -> None:
    """The same, also when the rules have nothing that can be sent now. A webinar has no deadline."""
    refuse_when_over(meeting)
    if meeting.kind is MeetingKind.WEBINAR:
        return
    sentence = closed_because(rules, window_of(meeting, agenda_published=agenda_published), now)
    if sentence:
        raise Forbidden(sentence)


def may_be_spoken_on(item: AgendaItem, items: list[AgendaItem]) -> bool:
    """Items marked for public speaking; where none is marked, all that are business and not restricted."""
    usable = not (item.removed or item.restricted or item.heading)
    marked = any(other.public_can_speak for other in items if not (other.removed or other.restricted))
    return usable and (item.public_can_speak or not marked)


async def speaker_by_token(desk: Desk, token: str) -> LinkHolder:
    """Whose link it is, whatever their state. Raises ``NotFound``."""
    async with desk.store.read() as session:
        registration, meeting = await _by_token(session, token)
        return LinkHolder(
            key(registration),
            key(meeting),
            meeting.ref,
            registration.name,
            registration.state,
            registration.device,
            registration.by_phone,
        )


async def take_slot(desk: Desk, token: str, device: str) -> SlotTaken:
    """Give the slot to this device; another one loses it and is hung up.

    Raises ``NotFound``, ``Forbidden`` when the link has done its service, ``Invalid`` for an empty device,
    and ``MediaUnavailable`` when the other device could not be hung up.
    """
    device = required(device, "device", "a device", at_most=64)
    holder = await speaker_by_token(desk, token)
    async with desk.room(holder.meeting_ref).turn:
        holder = await speaker_by_token(desk, token)
        replaced = holder.device if holder.device != device else ""
        if replaced:
            await _hang_up_old_device(desk, holder)
        async with desk.store.write() as session:
            registration, meeting = await _by_token(session, token)
            _refuse_used_up(registration, meeting)
            changed = registration.device != device
            if changed:
                _change_device(session, meeting, registration, device, desk.clock.now())
    if changed:
        await desk.announcer.meeting_changed(holder.meeting_ref)
    return SlotTaken(holder.registration_id, holder.meeting_id, holder.meeting_ref, replaced)


async def _hang_up_old_device(desk: Desk, holder: LinkHolder) -> None:
    """On air this must succeed, or the new device's camera would be public at once; called, it need not."""
    if holder.by_phone or holder.state not in (SpeakerState.CALLED, SpeakerState.ON_AIR):
        return
    try:
        await desk.studio.close_speaker(holder.meeting_ref, holder.registration_id)
    except MediaUnavailable:
        if holder.state is SpeakerState.ON_AIR:
            raise


def _refuse_used_up(registration: Registration, meeting: Meeting) -> None:
    if registration.state not in LINK_WORKS or meeting.state not in (MeetingState.SCHEDULED, *RUNNING):
        raise Forbidden("This link has been used. Your slot is over.")


def _change_device(
    session: AsyncSession, meeting: Meeting, registration: Registration, device: str, now: datetime
) -> None:
    before = registration.state
    if before is SpeakerState.ON_AIR and not registration.by_phone:
        registration.state = after(before, SpeakerEvent.CHANGE_DEVICE, registration.part)
        registration.ends_at = registration.left_ms = None
    registration.device = device
    meeting.version += 1
    session.add(
        AuditEntry(
            meeting_id=meeting.id,
            at=now,
            who=f"speaker {registration.id}",
            action="speaker.take_slot",
            subject=f"speaker {registration.id}",
            before=before,
            after=registration.state,
        )
    )


def check_person(name: str, email: str, phone: str, summary: str) -> None:
    """Raise ``Invalid`` for what is wrong with the answers about the person."""
    faults = Faults()
    _person(faults, name, email, phone, summary)
    faults.refuse()


def _person(faults: Faults, name: str, email: str, phone: str, summary: str) -> Registration:
    """What fits of it; what does not is noted in ``faults``."""
    person = Registration(meeting_id=0, name="", email="", phone="", token_hash="")
    with faults.noted():
        person.name = required(name, "name", "your name", at_most=80).replace("\n", " ")
    with faults.noted():
        person.email, person.phone = _reached_by(email, phone)
    with faults.noted():
        person.summary = optional(summary, "summary", "what you want to say", at_most=1000)
    return person


def _reached_by(email: str, phone: str) -> tuple[str, str]:
    email = optional(email, "email", "your e-mail address", at_most=254)
    phone = phone_number(phone)
    if email and not EMAIL.fullmatch(email):
        raise Invalid("Enter an e-mail address such as name@example.org.", field="email")
    if not email and not phone:
        raise Invalid(
            "Enter an e-mail address or a telephone number, so that we can reach you.", field="email"
        )
    return email, phone


async def _check_item(session: AsyncSession, meeting: Meeting, item_id: int | None) -> bool:
    """Whether there is an agenda. Raises ``Invalid`` for an item that cannot be spoken on."""
    items = list((await session.exec(select(AgendaItem).where(AgendaItem.meeting_id == meeting.id))).all())
    if item_id is not None:
        item = next((item for item in items if item.id == item_id), None)
        if item is None or not may_be_spoken_on(item, items):
            raise Invalid("Choose an item on which the public can speak.", field="item_id")
    return any(not item.removed for item in items)


def _answers(person: Registration, wish: Wish) -> None:
    person.kind, person.item_id, person.side = wish.kind, wish.item_id, wish.side
    person.mode, person.access_point, person.consent = wish.mode, wish.access_point, wish.consent
    person.text, person.access_needs = wish.text, wish.access_needs
    person.spokesperson_for, person.may_share = wish.spokesperson_for, wish.may_share


def _granted(decision: Decision, faults: Faults) -> Accepted | WaitingList:
    """Raise what the person is told when nothing comes of it, or what ``faults`` has."""
    if isinstance(decision, StatementOnly):
        raise Conflict(decision.sentence, field="kind")
    if isinstance(decision, Refused):
        if decision.field is None:
            raise Forbidden(decision.sentence)
        for one in (decision, *decision.also):
            faults.note(Invalid(one.sentence, field=one.field))
        raise faults.all()
    faults.refuse()
    return decision


def _place(person: Registration, decision: Accepted | WaitingList) -> Accepted | None:
    person.seconds = decision.seconds
    if isinstance(decision, Accepted):
        return decision
    person.late = decision.late
    person.state = after(person.state, SpeakerEvent.PUT_ON_WAITING_LIST)
    return None


async def _refuse_twice(session: AsyncSession, meeting: Meeting, person: Registration) -> None:
    if not (person.email or person.phone):
        return  # Nobody that is known: it is refused for that.
    same = select(Registration).where(
        Registration.meeting_id == meeting.id,
        Registration.name == person.name,
        Registration.email == person.email,
        Registration.phone == person.phone,
        Registration.kind == person.kind,
        col(Registration.state).in_(LINK_WORKS),
    )
    if any(other.item_id == person.item_id for other in await session.exec(same)):
        raise Conflict("You are registered for this already. Ask democratic services for a new link.")


async def last_place(session: AsyncSession, meeting: Meeting) -> int:
    """The last place in the meeting's queue that was given."""
    last = select(func.max(Registration.place)).where(Registration.meeting_id == meeting.id)
    return (await session.exec(last)).one() or 0


async def _by_token(session: AsyncSession, token: str) -> tuple[Registration, Meeting]:
    found = select(Registration, Meeting).join(Meeting, col(Meeting.id) == Registration.meeting_id)
    row = (await session.exec(found.where(Registration.token_hash == hashed(token)))).first()
    if row is None:
        raise NotFound("This link is not known. It may have been replaced by a newer one.")
    return row

"""How a webinar comes into being: no agenda system knows it, so an officer writes it down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.clock import Tokens
from hub.domain.contact import EMAIL
from hub.domain.desk import Desk
from hub.domain.errors import Conflict, Faults, Invalid
from hub.domain.kind import MeetingKind
from hub.domain.links import LinkKey
from hub.domain.models import (
    AgendaItem,
    AuditEntry,
    Committee,
    MailKind,
    Meeting,
    Receipt,
    Registration,
    key,
)
from hub.domain.people import Capacity, Staff
from hub.domain.rules import Consent, Mode
from hub.domain.services.agenda import free_ref
from hub.domain.services.outbox import queue
from hub.domain.services.registration import last_place
from hub.domain.services.stream_keys import SOURCES, ensure_key
from hub.domain.states.speaker import SpeakerState
from hub.domain.text import optional, required

BODY = "Webinars"
"""All webinars have one body, so that they have a calendar and a feed."""
PRESENTERS_AT_MOST = 20
ITEMS_AT_MOST = 50
PRESENTING_SECONDS = 1800
"""What the presenter's timer begins with; an officer gives more."""


@dataclass(frozen=True, slots=True)
class Presenter:
    """Who is invited to speak for as long as they need."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class NewWebinar:
    """What the officer's form says."""

    title: str
    starts_at: datetime
    presenters: Sequence[Presenter] = ()
    programme: Sequence[str] = ()
    """Titles of what it is about, in order."""


async def create_webinar(desk: Desk, officer: Staff, wanted: NewWebinar, client_id: str) -> str:
    """Its ref. The same ``client_id`` again makes no second one. Raises ``Invalid`` with the fields."""
    now = desk.clock.now()
    title, presenters, programme = _checked(wanted, now)
    async with desk.store.write() as session:
        sender = f"staff:{officer.id}@webinars"
        found = select(Receipt).where(Receipt.actor == sender, Receipt.client_id == client_id)
        if (receipt := (await session.exec(found)).first()) is not None:
            return str(receipt.result["ref"])
        body = await _body(session)
        meeting = Meeting(
            ref=await free_ref(session, wanted.starts_at, title),
            committee_id=key(body),
            kind=MeetingKind.WEBINAR,
            title=title,
            starts_at=wanted.starts_at,
            questions_open=True,
        )
        session.add(meeting)
        await session.flush()
        for position, words in enumerate(programme, start=1):
            session.add(
                AgendaItem(meeting_id=key(meeting), position=position, number=f"{position}.", title=words)
            )
        for presenter in presenters:
            await invite_presenter(session, desk.links, desk.tokens, meeting, presenter, now)
        for source in SOURCES:
            await ensure_key(session, desk.tokens, meeting, source)
        session.add(
            AuditEntry(
                meeting_id=meeting.id, at=now, who=officer.name, action="webinar.create", subject=meeting.ref
            )
        )
        session.add(
            Receipt(
                actor=sender,
                client_id=client_id,
                command="webinar.create",
                result={"ref": meeting.ref},
                at=now,
            )
        )
        return meeting.ref


async def invite_presenter(
    session: AsyncSession,
    links: LinkKey,
    tokens: Tokens,
    meeting: Meeting,
    presenter: Presenter,
    now: datetime,
) -> tuple[int, str]:
    """A place among those who speak, and its link's token. Raises ``Conflict`` when they have one."""
    same = select(Registration.id).where(
        Registration.meeting_id == meeting.id,
        Registration.capacity == Capacity.PRESENTER,
        Registration.name == presenter.name,
        col(Registration.state) == SpeakerState.CONFIRMED,
    )
    if (await session.exec(same)).first() is not None:
        raise Conflict(f"{presenter.name} is invited already.", field="presenters")
    invited = Registration(
        meeting_id=key(meeting),
        name=presenter.name,
        email=presenter.email,
        capacity=Capacity.PRESENTER,
        mode=Mode.REMOTE,
        consent=Consent.PICTURE_AND_SOUND,
        state=SpeakerState.CONFIRMED,
        token_hash="",
        place=await last_place(session, meeting) + 1,
        seconds=PRESENTING_SECONDS,
        submitted_at=now,
    )
    token = links.renew(invited, tokens)
    session.add(invited)
    await session.flush()
    await queue(session, invited, MailKind.CONFIRMED, now)
    return key(invited), token


def checked_title(title: str) -> str:
    """The same, cleaned. Raises ``Invalid``."""
    return _line(title, "title", "the title", at_most=120)


def _checked(wanted: NewWebinar, now: datetime) -> tuple[str, list[Presenter], list[str]]:
    faults = Faults()
    with faults.noted():
        title = checked_title(wanted.title)
    with faults.noted():
        if wanted.starts_at <= now.replace(second=0, microsecond=0):
            raise Invalid("Choose a day and time to come.", field="starts_at")
    with faults.noted():
        presenters = [checked_presenter(one) for one in wanted.presenters]
        programme = [
            _line(one, "programme", "each part of the programme", at_most=200) for one in wanted.programme
        ]
        _refuse_heaps(presenters, programme)
    faults.refuse()
    return title, presenters, programme


def checked_presenter(presenter: Presenter) -> Presenter:
    """The same, cleaned. Raises ``Invalid``."""
    name = _line(presenter.name, "presenters", "the name of each presenter", at_most=80)
    email = optional(presenter.email, "presenters", "the e-mail address", at_most=254)
    if email and not EMAIL.fullmatch(email):
        raise Invalid(f"“{email}” is no e-mail address.", field="presenters")
    return Presenter(name, email)


def _line(text: str, field: str, what: str, *, at_most: int) -> str:
    return required(text, field, what, at_most=at_most).replace("\n", " ")


def _refuse_heaps(presenters: Sequence[Presenter], programme: Sequence[str]) -> None:
    if len(presenters) > PRESENTERS_AT_MOST:
        raise Invalid(f"A webinar can have {PRESENTERS_AT_MOST} presenters.", field="presenters")
    if len(programme) > ITEMS_AT_MOST:
        raise Invalid(f"A programme can have {ITEMS_AT_MOST} parts.", field="programme")


async def _body(session: AsyncSession) -> Committee:
    ours = select(Committee).where(Committee.name == BODY, col(Committee.modgov_id).is_(None))
    body = (await session.exec(ours)).first()
    if body is None:
        body = Committee(name=BODY)
        session.add(body)
        await session.flush()
    return body

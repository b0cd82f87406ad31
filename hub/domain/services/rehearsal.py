"""Rehearsals: a copy of a planned meeting, with a ref of its own, of which nothing is ever public.

``Meeting.rehearsal_of`` is the mark. Whoever looks for a meeting does not find a marked one unless they say
that they may (``find_meeting``); the studio's gate lets nothing of it pass (``media.gate.rehearsal``).
"""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.desk import Desk
from hub.domain.errors import IllegalTransition
from hub.domain.meetings import find_meeting
from hub.domain.models import AgendaItem, Attendee, AuditEntry, Meeting, Question, Registration, key
from hub.domain.people import Staff
from hub.domain.services.stream_keys import SOURCES, ensure_key
from hub.domain.states.meeting import RUNNING, MeetingState
from hub.domain.states.speaker import SpeakerState

SPEAKERS = ("First practice speaker", "Second practice speaker")
QUESTIONS = ("A practice question.", "Another practice question.", "The same practice question again.")
UNFINISHED = frozenset({MeetingState.SCHEDULED, *RUNNING})


async def rehearse(desk: Desk, officer: Staff, ref: str) -> str:
    """The ref of the meeting's rehearsal: the one that is not over yet, or a new one.

    Raises ``NotFound``, and ``IllegalTransition`` when the meeting has begun.
    """
    async with desk.store.write() as session:
        meeting = await find_meeting(session, ref, lock=True)
        if meeting.state is not MeetingState.SCHEDULED:
            raise IllegalTransition(f"The meeting is {meeting.state.replace('_', ' ')}: it is not rehearsed.")
        past = select(Meeting).where(Meeting.rehearsal_of == meeting.id)
        known = (await session.exec(past)).all()
        for rehearsal in known:
            if rehearsal.state in UNFINISHED:
                return rehearsal.ref
        rehearsal = Meeting(
            ref=f"rehearsal-{len(known) + 1}-of-{ref}",
            rehearsal_of=meeting.id,
            kind=meeting.kind,
            committee_id=meeting.committee_id,
            title=f"Rehearsal: {meeting.title}",
            location=meeting.location,
            starts_at=meeting.starts_at,
            moderated=meeting.moderated,
        )
        session.add(rehearsal)
        await session.flush()
        await _copy_agenda(session, meeting, rehearsal)
        await session.flush()
        await _fill(desk, session, rehearsal)
        now = desk.clock.now()
        for whose in (meeting, rehearsal):
            session.add(
                AuditEntry(
                    meeting_id=whose.id,
                    at=now,
                    who=officer.name,
                    action="rehearsal.begin",
                    subject=rehearsal.ref,
                )
            )
        return rehearsal.ref


async def unfinished_rehearsals(desk: Desk) -> list[tuple[str, str]]:
    """Ref and title of those that are not over, for officers."""
    query = select(Meeting).where(col(Meeting.rehearsal_of).is_not(None), col(Meeting.state).in_(UNFINISHED))
    async with desk.store.read() as session:
        return [(row.ref, row.title) for row in await session.exec(query.order_by(col(Meeting.id)))]


async def _copy_agenda(session: AsyncSession, meeting: Meeting, rehearsal: Meeting) -> None:
    agenda = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id, col(AgendaItem.removed).is_(False))
    for item in await session.exec(agenda.order_by(col(AgendaItem.position))):
        copied = item.model_dump(
            exclude={"id", "meeting_id", "modgov_id", "minutes_html", "decision_html", "state"}
        )
        session.add(AgendaItem(meeting_id=key(rehearsal), **copied))
    expected = select(Attendee).where(Attendee.meeting_id == meeting.id).order_by(col(Attendee.id))
    for person in await session.exec(expected):
        session.add(Attendee(meeting_id=key(rehearsal), **person.model_dump(exclude={"id", "meeting_id"})))


async def _fill(desk: Desk, session: AsyncSession, rehearsal: Meeting) -> None:
    """What there is to practise with: encoders' keys, speakers whose links anybody may take, questions."""
    for source in SOURCES:
        await ensure_key(session, desk.tokens, rehearsal, source)
    business = select(AgendaItem).where(
        AgendaItem.meeting_id == rehearsal.id, col(AgendaItem.heading).is_(False)
    )
    order = (col(AgendaItem.public_can_speak).desc(), col(AgendaItem.position))
    item = (await session.exec(business.order_by(*order))).first()
    now = desk.clock.now()
    for place, name in enumerate(SPEAKERS, start=1):
        speaker = Registration(
            meeting_id=key(rehearsal),
            item_id=item.id if item is not None else None,
            name=name,
            state=SpeakerState.CONFIRMED,
            place=place,
            submitted_at=now,
            token_hash="",
        )
        desk.links.renew(speaker, desk.tokens)
        session.add(speaker)
    for text in QUESTIONS:
        session.add(Question(meeting_id=key(rehearsal), text=text, author="Practice", asked_at=now))

"""Reads one meeting whole, in one consistent view. Rows stay within this package."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.kind import MeetingKind
from hub.domain.meetings import find_meeting
from hub.domain.models import (
    AgendaItem,
    Committee,
    IndexPoint,
    Meeting,
    Poll,
    Question,
    Registration,
    VoteResult,
)
from hub.domain.people import Part
from hub.domain.services.rules import rules_of
from hub.domain.states.item import ItemState
from hub.domain.states.poll import PollState
from hub.domain.states.speaker import WAITING, SpeakerState


@dataclass(frozen=True, slots=True)
class Loaded:
    """A meeting with everything that snapshots are made of."""

    meeting: Meeting
    committee: Committee
    items: Sequence[AgendaItem]
    """Of the published agenda, in order."""
    index: Sequence[IndexPoint]
    questions: Sequence[Question]
    registrations: Sequence[Registration]
    """Without those who only attend: of them there may be thousands."""
    results: Sequence[VoteResult]
    """Without those that were struck."""
    polls: Sequence[Poll]
    """Without those that were discarded."""

    def speakers(self) -> list[Registration]:
        """Who registered to speak."""
        return [row for row in self.registrations if row.part is Part.SPEAKER]

    def queue(self) -> list[Registration]:
        """Who waits, the next to be called first: as officers put them, else by business and rules."""
        positions = {item.id: item.position for item in self.items}
        rules = rules_of(self.committee)
        by_side = rules.sides if rules.order == "sides" else ()
        ranks = {side.name: rank for rank, side in enumerate(by_side)}
        not_here = {item.id for item in self.items if item.state is ItemState.PUT_OFF}
        waiting = [row for row in self.speakers() if row.state in WAITING and row.item_id not in not_here]
        return sorted(
            waiting,
            key=lambda row: (
                row.state is not SpeakerState.CALLED,
                row.rank is None,
                row.rank or 0,
                positions.get(row.item_id, 0),
                ranks.get(row.side, 0) if row.side else 0,
                row.place,
            ),
        )


async def load(session: AsyncSession, ref: str, *, rehearsals: bool = False) -> Loaded:
    """The meeting. Raises ``NotFound``, of a rehearsal as well unless told that it may be one."""
    meeting = await find_meeting(session, ref, rehearsals=rehearsals)
    committee = await session.get_one(Committee, meeting.committee_id)
    items = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id, col(AgendaItem.removed).is_(False))
    index = select(IndexPoint).where(IndexPoint.meeting_id == meeting.id)
    questions = select(Question).where(Question.meeting_id == meeting.id)
    registrations = select(Registration).where(
        Registration.meeting_id == meeting.id, col(Registration.part) != Part.ATTENDEE
    )
    results = select(VoteResult).where(
        VoteResult.meeting_id == meeting.id, col(VoteResult.struck_at).is_(None)
    )
    polls = select(Poll).where(Poll.meeting_id == meeting.id, Poll.state != PollState.DISCARDED)
    webinar = meeting.kind is MeetingKind.WEBINAR
    return Loaded(
        meeting=meeting,
        committee=committee,
        items=(await session.exec(items.order_by(col(AgendaItem.position)))).all(),
        index=(await session.exec(index.order_by(col(IndexPoint.seconds), col(IndexPoint.id)))).all(),
        questions=(await session.exec(questions.order_by(col(Question.id)))).all(),
        results=(await session.exec(results.order_by(col(VoteResult.id)))).all(),
        polls=(await session.exec(polls.order_by(col(Poll.id)))).all() if webinar else [],
        registrations=(await session.exec(registrations.order_by(col(Registration.place)))).all(),
    )

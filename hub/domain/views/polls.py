"""Polls as the public see them, as officers do, and for the council's own records."""

from datetime import datetime

from sqlmodel import col, select

from hub.domain.desk import Desk
from hub.domain.meetings import find_meeting
from hub.domain.models import Poll, PollVote, key
from hub.domain.polls import mean
from hub.domain.snapshots import PollFigures, PollView, Snapshot, StaffPoll
from hub.domain.states.meeting import OVER
from hub.domain.states.poll import PollState
from hub.domain.text import is_plain
from hub.domain.views.load import Loaded


class PollRecord(Snapshot):
    """A poll with what came of it."""

    id: int
    text: str
    kind: str
    options: list[str]
    state: str
    shown: bool
    opened_at: datetime | None
    closed_at: datetime | None
    people: int
    counts: list[int]
    mean: float | None


class OptionRecord(Snapshot):
    """One option of a poll, as a line of a table."""

    poll: int
    text: str
    kind: str
    option: str
    votes: int
    people: int
    mean: float | None


class PollsRecord(Snapshot):
    """All polls of a meeting. Nothing tells who answered what."""

    meeting: str
    polls: list[PollRecord]

    def options(self) -> list[OptionRecord]:
        """The lines of the table."""
        return [
            OptionRecord(
                poll=poll.id,
                text=poll.text,
                kind=poll.kind,
                option=option,
                votes=votes,
                people=poll.people,
                mean=poll.mean,
            )
            for poll in self.polls
            for option, votes in zip(poll.options, poll.counts, strict=True)
        ]


def public_polls(loaded: Loaded) -> list[PollView]:
    """Those that can be answered, and those whose results are shown."""
    over = loaded.meeting.state in OVER
    return [
        PollView(
            id=key(poll),
            text=poll.text,
            kind=poll.kind,
            options=poll.options,
            state=PollState.CLOSED if over else poll.state,
            figures=_figures(poll) if poll.shown else None,
        )
        for poll in loaded.polls
        if poll.shown or (poll.state is PollState.OPEN and not over)
    ]


def staff_polls(loaded: Loaded) -> list[StaffPoll]:
    """All of them with their figures."""
    return [
        StaffPoll(
            id=key(poll),
            text=poll.text,
            kind=poll.kind,
            options=poll.options,
            state=poll.state,
            shown=poll.shown,
            figures=_figures(poll),
        )
        for poll in loaded.polls
    ]


async def own_votes(desk: Desk, ref: str, device: str) -> dict[int, list[int]]:
    """What a device has answered: poll → choices. Raises ``NotFound``."""
    async with desk.store.read() as session:
        meeting = await find_meeting(session, ref)
        if not (device and is_plain(device)):
            return {}
        cast = (
            select(PollVote)
            .join(Poll, col(Poll.id) == PollVote.poll_id)
            .where(Poll.meeting_id == meeting.id, PollVote.device == device)
        )
        return {vote.poll_id: vote.choices for vote in await session.exec(cast)}


async def polls_record(desk: Desk, ref: str) -> PollsRecord:
    """The polls of one meeting, drafts included. Raises ``NotFound``."""
    async with desk.store.read() as session:
        meeting = await find_meeting(session, ref, rehearsals=True)
        asked = select(Poll).where(Poll.meeting_id == meeting.id, Poll.state != PollState.DISCARDED)
        polls = (await session.exec(asked.order_by(col(Poll.id)))).all()
    return PollsRecord(meeting=ref, polls=[_record(poll) for poll in polls])


def _figures(poll: Poll) -> PollFigures:
    return PollFigures(people=poll.people, counts=poll.counts, mean=mean(poll.kind, poll.counts))


def _record(poll: Poll) -> PollRecord:
    return PollRecord(
        id=key(poll),
        text=poll.text,
        kind=poll.kind,
        options=poll.options,
        state=poll.state,
        shown=poll.shown,
        opened_at=poll.opened_at,
        closed_at=poll.closed_at,
        people=poll.people,
        counts=poll.counts,
        mean=mean(poll.kind, poll.counts),
    )

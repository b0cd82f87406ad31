"""Which rules a committee has, and giving it others."""

import json
from functools import lru_cache

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.desk import Desk
from hub.domain.errors import NotFound
from hub.domain.kind import MeetingKind
from hub.domain.models import AuditEntry, Committee, Meeting
from hub.domain.rules import YORK, RuleSet, Window, parse
from hub.domain.services.allotment import allot_again
from hub.domain.states.meeting import RUNNING, MeetingState
from hub.domain.states.speaker import SpeakerState


def rules_of(committee: Committee) -> RuleSet:
    """The committee's own, or York's. ``RulesContradict``: what is stored is no rule set any more."""
    return YORK if committee.rules is None else _parsed(json.dumps(committee.rules))


WEBINAR = RuleSet(name="Webinars", contributions={})
"""Nobody registers to speak: who attends raises a hand, and presenters are invited."""


def rules_for(meeting: Meeting, committee: Committee) -> RuleSet:
    """What holds for taking part in a meeting: the committee's rules, and none of them in a webinar."""
    return WEBINAR if meeting.kind is MeetingKind.WEBINAR else rules_of(committee)


def window_of(meeting: Meeting, *, agenda_published: bool) -> Window:
    """What the rules look at. An agenda is published once it has an item."""
    return Window(meeting.starts_at, agenda_published, meeting.registration_closes_at)


async def set_rules(desk: Desk, name: str, rules: RuleSet, who: str) -> int:
    """Give a committee rules; how many residents moved up by it. Who has a place keeps it.

    Raises ``NotFound``: no committee, or more than one, has this name.
    """
    async with desk.store.write() as session:
        committee = await _find(session, name)
        before = rules_of(committee).name
        committee.rules = rules.model_dump(mode="json")
        now = desk.clock.now()
        session.add(
            AuditEntry(
                at=now, who=who, action="rules.set", subject=committee.name, before=before, after=rules.name
            )
        )
        coming = select(Meeting).where(
            Meeting.committee_id == committee.id, col(Meeting.state).in_((MeetingState.SCHEDULED, *RUNNING))
        )
        moved = 0
        for meeting in (await session.exec(coming.with_for_update())).all():
            up = await allot_again(session, meeting, rules, now)
            moved += len([one for one in up if one.state is SpeakerState.SUBMITTED])
            meeting.version += 1
    return moved


async def committee_rules(desk: Desk, name: str) -> RuleSet:
    """The rules of a committee found by its name. Raises ``NotFound``."""
    async with desk.store.read() as session:
        return rules_of(await _find(session, name))


async def rules_of_all(desk: Desk) -> list[tuple[str, str]]:
    """The name of each committee, and of its rules."""
    async with desk.store.read() as session:
        committees = await session.exec(select(Committee).order_by(col(Committee.name)))
        return [(one.name, rules_of(one).name) for one in committees]


@lru_cache(maxsize=64)
def _parsed(stored: str) -> RuleSet:
    return parse(json.loads(stored))


async def _find(session: AsyncSession, name: str) -> Committee:
    committees = (await session.exec(select(Committee).order_by(col(Committee.name)))).all()
    wanted = " ".join(name.split()).casefold()
    found = [one for one in committees if wanted in (one.name.casefold(), str(one.modgov_id))]
    if len(found) != 1:
        known = ", ".join(f"{one.name} ({one.modgov_id})" for one in committees) or "none"
        what = "There is no committee" if not found else "There is more than one committee"
        raise NotFound(
            f"{what} {name!r}. Give its name or its number in the agenda system. There are: {known}."
        )
    return found[0]


def is_moderated(meeting: Meeting, committee: Committee) -> bool:
    """Whether an officer reads questions before others do: the meeting's own word, else the committee's."""
    return rules_of(committee).questions.moderated if meeting.moderated is None else meeting.moderated

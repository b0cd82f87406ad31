"""A speaker whose connection is lost finds their place kept for two minutes."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlmodel import col, select

from hub.domain.desk import Desk
from hub.domain.errors import MediaUnavailable
from hub.domain.meetings import find_meeting
from hub.domain.models import AuditEntry, Registration, key
from hub.domain.people import Part
from hub.domain.states.speaker import SpeakerEvent, SpeakerState, after

KEPT = timedelta(minutes=2)
LATE = timedelta(seconds=3)
"""How long after the end of a countdown an officer may still be on their way."""
CONNECTED = (SpeakerState.CALLED, SpeakerState.ON_AIR)
WHO = "Moot Hall"


async def look_after(desk: Desk, ref: str, seen: Mapping[int, bool], here: Collection[int]) -> None:
    """Note who was lost and who is back, and give up the places that were kept long enough.

    ``seen``: whether sound or picture of a speaker arrives, for those whom the studio knows. ``here``: those
    whose page is open. Raises ``NotFound`` and the database's errors; it is then tried again.
    """
    async with desk.store.read() as session:
        meeting = await find_meeting(session, ref, rehearsals=True)
        wanted = select(Registration).where(
            Registration.meeting_id == meeting.id,
            col(Registration.state).in_(CONNECTED),
            col(Registration.part) == Part.SPEAKER,
            col(Registration.by_phone).is_(False),
        )
        speakers = {key(row): row.state for row in (await session.exec(wanted)).all()}
    changed = _note(desk, ref, speakers, seen)
    for speaker in _overdue(desk, ref):
        await _give_up(desk, ref, speaker, page_is_open=speaker in here)
        changed = True
    if changed:
        await desk.announcer.meeting_changed(ref)


def kept_until(desk: Desk, ref: str, speaker: int) -> datetime | None:
    """Until when the place of a speaker who was lost is kept."""
    since = desk.room(ref).lost.get(speaker)
    return None if since is None else since + KEPT


def on_air_at(desk: Desk, ref: str, registration: Registration) -> datetime | None:
    """When an officer means to bring somebody who is called on air; None once that is past."""
    at = desk.room(ref).cues.get(key(registration))
    called = registration.state is SpeakerState.CALLED
    return at if called and at is not None and at + LATE > desk.clock.now() else None


def _note(desk: Desk, ref: str, speakers: Mapping[int, SpeakerState], seen: Mapping[int, bool]) -> bool:
    """Whether anybody was lost or is back."""
    before = desk.room(ref).lost
    now = desk.clock.now()
    after_ = {
        speaker: before.get(speaker, now)
        for speaker, state in speakers.items()
        # Who is called and has not connected yet is not lost; who is on air was connected once.
        if not seen.get(speaker, speaker not in before and state is SpeakerState.CALLED)
    }
    desk.room(ref).lost = after_
    return after_ != before


def _overdue(desk: Desk, ref: str) -> list[int]:
    now = desk.clock.now()
    return [speaker for speaker, since in desk.room(ref).lost.items() if now - since >= KEPT]


async def _give_up(desk: Desk, ref: str, speaker: int, *, page_is_open: bool) -> None:
    """Back to the waiting room when their page is open, absent when it is not."""
    room = desk.room(ref)
    event = SpeakerEvent.FALL_BACK if page_is_open else SpeakerEvent.LOSE
    async with room.turn:
        async with desk.store.write() as session:
            meeting = await find_meeting(session, ref, lock=True, rehearsals=True)
            registration = await session.get_one(Registration, speaker)
            room.lost.pop(speaker, None)
            if registration.state not in CONNECTED or registration.by_phone:
                return
            before, registration.state = registration.state, after(registration.state, event)
            registration.ends_at = registration.left_ms = None
            meeting.version += 1
            session.add(
                AuditEntry(
                    meeting_id=meeting.id,
                    at=desk.clock.now(),
                    who=WHO,
                    action=f"speaker.{event}",
                    subject=f"speaker {speaker}",
                    before=before,
                    after=registration.state,
                    reason="The connection was lost for two minutes.",
                )
            )
            on_air = select(Registration).where(
                Registration.meeting_id == meeting.id,
                col(Registration.state) == SpeakerState.ON_AIR,
                col(Registration.part) == Part.SPEAKER,
                col(Registration.by_phone).is_(False),
            )
            rest = [key(row) for row in (await session.exec(on_air)).all() if row.id != speaker]
        await _hang_up(desk, ref, speaker, rest)


async def _hang_up(desk: Desk, ref: str, speaker: int, rest: list[int]) -> None:
    """Nobody is there to be seen or heard; a studio that is away forgets them by itself."""
    results = await asyncio.gather(
        desk.studio.set_on_air(ref, rest), desk.studio.close_speaker(ref, speaker), return_exceptions=True
    )
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, MediaUnavailable):
            raise result

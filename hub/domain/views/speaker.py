"""What a resident sees on their personal page."""

from datetime import datetime

from hub.domain.clock import milliseconds
from hub.domain.desk import Desk
from hub.domain.errors import NotFound
from hub.domain.models import Meeting, Registration, key
from hub.domain.services.places import kept_until, on_air_at
from hub.domain.snapshots import SpeakerOnAir, SpeakerSnapshot
from hub.domain.states.speaker import SpeakerState
from hub.domain.views.chat import chats_of
from hub.domain.views.load import Loaded, load
from hub.domain.views.public import items, public_of, timer


async def speaker_snapshot(desk: Desk, registration_id: int, device: str) -> SpeakerSnapshot:
    """The slot as its holder sees it. Raises ``NotFound``."""
    async with desk.store.read() as session:
        registration = await session.get(Registration, registration_id)
        if registration is None:
            raise NotFound("There is no such registration.")
        meeting = await session.get_one(Meeting, registration.meeting_id)
        loaded = await load(session, meeting.ref, rehearsals=True)
        chats = await chats_of(session, key(meeting), registration_id)
    agenda = {item.id: item for item in items(loaded)}
    kept = kept_until(desk, meeting.ref, registration_id)
    tested = registration.device_checked_at
    cue = on_air_at(desk, meeting.ref, registration)
    waiting = [row.id for row in loaded.queue()]
    return SpeakerSnapshot(
        version=meeting.version,
        server_ms=milliseconds(desk.clock.now()),
        registration_id=registration_id,
        name=registration.name,
        part=registration.part,
        state=registration.state,
        kind=registration.kind,
        consent=registration.consent or "",
        written=registration.written,
        late=registration.late,
        meeting_ref=meeting.ref,
        meeting_title=meeting.title,
        meeting_state=meeting.state,
        starts_ms=milliseconds(meeting.starts_at),
        item=agenda.get(registration.item_id or 0),
        now_item=agenda.get(meeting.current_item_id or 0),
        position=waiting.index(registration.id) + 1 if registration.id in waiting else None,
        seconds=registration.seconds,
        timer=timer(registration),
        device_is_current=registration.device == device,
        kept_until_ms=None if kept is None else milliseconds(kept),
        on_air_ms=None if cue is None else milliseconds(cue),
        ahead=_ahead(loaded, registration, desk.clock.now()),
        device_check=registration.device_check,
        device_checked_ms=None if tested is None else milliseconds(tested),
        by_phone=registration.by_phone,
        phone=registration.phone,
        help_reason=registration.help_reason,
        chat=chats.get(registration_id, []),
        removed_for=registration.removed_for,
        has_moment=registration.spoke_at_seconds is not None and not meeting.rehearsal,
        rehearsal=meeting.rehearsal,
    )


def _ahead(loaded: Loaded, registration: Registration, now: datetime) -> SpeakerOnAir | None:
    """Who is on air while this one is called; nobody, where the public see nobody."""
    if registration.state is not SpeakerState.CALLED:
        return None
    return public_of(loaded, now).speaker


async def spoke_at(desk: Desk, registration_id: int) -> float | None:
    """The programme time at which they were first on air."""
    async with desk.store.read() as session:
        return (await session.get_one(Registration, registration_id)).spoke_at_seconds

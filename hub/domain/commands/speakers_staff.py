"""What officers do with speakers. Nobody's camera or microphone is public before ``speaker.admit``."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from pydantic import Field
from sqlmodel import col, select

from hub.domain.commands.core import Call, Change, command
from hub.domain.commands.moves import DATABASE_DOWN, look
from hub.domain.commands.one_speaker import OneSpeaker, refuse_if_changed, taken_up
from hub.domain.commands.speakers import give_place_away, hang_up, move_speaker
from hub.domain.commands.speaking_time import begin
from hub.domain.errors import IllegalTransition, MediaUnavailable, NotFound, NotSaved
from hub.domain.models import AgendaItem, MailKind, Meeting, Registration, key
from hub.domain.people import Part, Staff
from hub.domain.programme import seconds_now
from hub.domain.services.outbox import queue
from hub.domain.states.meeting import RUNNING, MeetingState
from hub.domain.states.speaker import LINK_WORKS, SpeakerEvent, SpeakerState, after
from hub.domain.text import required
from hub.domain.titles import name_caption, speaker_label

MOST_ON_AIR = 6
"""Who lost the connection counts: their place in the picture is kept."""
REASON_CHARACTERS = 200


class Remove(OneSpeaker):
    """``reason``: as the resident reads it."""

    reason: str = Field(max_length=20_000)


class Extend(OneSpeaker):
    seconds: int = Field(ge=1, le=1800)


@dataclass(frozen=True, slots=True)
class Slot:
    """A speaker as a command found them, and all who are on air."""

    meeting: MeetingState
    epoch_ms: int | None
    speaker: SpeakerState
    on_air: list[int]
    caption: str
    """The name in the picture: "Sam Lee, resident, item 7"."""
    part: Part
    written: bool
    by_phone: bool


@command("speaker.confirm", Staff)
async def confirm(call: Call, args: OneSpeaker) -> None:
    """The resident may speak. Officers may go beyond the cap."""
    async with call.change() as change:
        registration = await taken_up(change, args)
        move_speaker(change, registration, SpeakerEvent.CONFIRM)
        await queue(change.session, registration, MailKind.CONFIRMED, change.now)


@command("speaker.decline", Staff)
async def decline(call: Call, args: OneSpeaker) -> None:
    """The resident may not speak; the link only says so."""
    async with call.change() as change:
        registration = await taken_up(change, args)
        move_speaker(change, registration, SpeakerEvent.DECLINE)
        await queue(change.session, registration, MailKind.DECLINED, change.now)
        await give_place_away(change)


@command("speaker.read_out", Staff)
async def read_out(call: Call, args: OneSpeaker) -> None:
    """A written statement was read out: it goes into the index, when the public heard it."""
    slot = await find_slot(call, args.registration_id)
    seconds = await seconds_now(call.desk, call.ref, slot.epoch_ms)
    async with call.change() as change:
        registration = await taken_up(change, args)
        if not registration.written:
            raise IllegalTransition("They speak for themselves: there is no statement to read out.")
        move_speaker(change, registration, SpeakerEvent.READ_OUT)
        if change.meeting.state is MeetingState.LIVE:
            _stamp(change, registration, seconds)


@command("speaker.call", Staff)
async def call_speaker(call: Call, args: OneSpeaker) -> None:
    """The resident gets ready: their browser connects, and stays off air."""
    async with call.change() as change:
        if change.meeting.state not in RUNNING:
            raise IllegalTransition("The room is not open.")
        move_speaker(change, await taken_up(change, args), SpeakerEvent.CALL)
    call.desk.room(call.ref).cues.pop(args.registration_id, None)


@command("speaker.stand_back", Staff)
async def stand_back(call: Call, args: OneSpeaker) -> None:
    """Back to waiting."""
    await _leave(call, args, SpeakerEvent.STAND_BACK)


@command("speaker.miss", Staff)
async def miss(call: Call, args: OneSpeaker) -> None:
    """The resident did not come."""
    await _leave(call, args, SpeakerEvent.MISS)


@command("speaker.admit", Staff)
async def admit(call: Call, args: OneSpeaker) -> None:
    """On air: seen and heard, and the time runs."""
    speaker = args.registration_id
    async with call.desk.room(call.ref).turn:
        slot = await find_slot(call, speaker)
        refuse_invited(slot)
        await refuse_if_changed(call, args, slot.speaker)
        if slot.meeting is not MeetingState.LIVE:
            raise IllegalTransition(
                f"The meeting is {slot.meeting.replace('_', ' ')}: a speaker is admitted when it is live."
            )
        after(slot.speaker, SpeakerEvent.ADMIT)
        if len(slot.on_air) >= MOST_ON_AIR and not slot.by_phone:
            raise IllegalTransition(
                f"At most {MOST_ON_AIR} speakers can be on air at once: take one off first."
            )
        was_on_air = False
        try:
            if not slot.by_phone:
                await call.desk.studio.caption_speaker(call.ref, speaker, slot.caption)
                await call.desk.studio.set_on_air(call.ref, [*slot.on_air, speaker])
                was_on_air = True
            seconds = await seconds_now(call.desk, call.ref, slot.epoch_ms)
            async with call.change() as change:
                registration = await taken_up(change, args)
                move_speaker(change, registration, SpeakerEvent.ADMIT)
                registration.on_air_at = change.now
                begin(change, registration)
                if registration.spoke_at_seconds is None:
                    registration.spoke_at_seconds = round(seconds, 3)
                _stamp(change, registration, seconds)
        except BaseException as error:
            await asyncio.shield(_take_back(call, slot, was_on_air=was_on_air))
            if isinstance(error, DATABASE_DOWN):
                raise NotSaved(
                    "The speaker is not on air, because the database did not take it down: "
                    f"{type(error).__name__}."
                ) from error
            raise


@command("speaker.finish", Staff)
async def finish(call: Call, args: OneSpeaker) -> None:
    """Off air, hung up, and the link is used up."""
    await _leave(call, args, SpeakerEvent.FINISH)


@command("speaker.remove", Staff)
async def remove(call: Call, args: Remove) -> None:
    """Out of the meeting for good, from wherever they are, and told why. Their link only says so."""
    reason = required(args.reason, "reason", "the reason", at_most=REASON_CHARACTERS)
    await _leave(call, args, SpeakerEvent.REMOVE, reason)


@command("speaker.extend", Staff)
async def extend(call: Call, args: Extend) -> None:
    """More time, from the end of the old or, when that has passed, from now."""
    async with call.change() as change:
        registration = await taken_up(change, args)
        if registration.state not in LINK_WORKS:
            raise IllegalTransition(f"The speaker is {registration.state.replace('_', ' ')}.")
        before = registration.seconds
        registration.seconds += args.seconds
        if registration.ends_at is not None:
            registration.ends_at = max(registration.ends_at, change.now) + timedelta(seconds=args.seconds)
        elif registration.left_ms is not None:
            registration.left_ms = max(registration.left_ms, 0) + args.seconds * 1000
        change.audit(
            "speaker.extend",
            f"speaker {registration.id}",
            before=f"{before} s",
            after=f"{registration.seconds} s",
        )


@command("speaker.new_link", Staff)
async def new_link(call: Call, args: OneSpeaker) -> None:
    """A new personal link. The old one stops working, and who holds it is hung up."""
    async with call.desk.room(call.ref).turn:
        slot = await find_slot(call, args.registration_id)
        if slot.speaker is SpeakerState.ON_AIR:
            raise IllegalTransition("They are taking part now: finish, or send them out, first.")
        if slot.speaker not in LINK_WORKS:
            raise IllegalTransition(f"The speaker is {slot.speaker.replace('_', ' ')}: no link is needed.")
        warning = await hang_up_slot(call, slot, args.registration_id)
        async with call.change() as change:
            registration = await change.registration(args.registration_id)
            token = call.desk.links.renew(registration, call.desk.tokens)
            registration.device = ""
            change.audit("speaker.new_link", f"speaker {registration.id}")
            change.answer = {"token": None, "short_code": None} | ({"warning": warning} if warning else {})
            change.secret = {"token": token, "short_code": call.desk.links.code(registration)}


def _stamp(change: Change, registration: Registration, seconds: float) -> None:
    change.stamp(
        "speaker",
        speaker_label(registration),
        seconds,
        item_id=registration.item_id,
        registration_id=registration.id,
    )


def refuse_invited(slot: Slot) -> None:
    """Raise ``NotFound`` for who is in no queue."""
    if slot.part is not Part.SPEAKER:
        raise NotFound("This meeting has no such speaker.", field="registration_id")


async def _leave(call: Call, args: OneSpeaker, event: SpeakerEvent, reason: str = "") -> None:
    """Off air and hung up first, then written down, whatever the studio says: a slot must be able to end."""
    speaker = args.registration_id
    async with call.desk.room(call.ref).turn:
        slot = await find_slot(call, speaker)
        refuse_invited(slot)
        await refuse_if_changed(call, args, slot.speaker)
        after(slot.speaker, event)
        warning = await hang_up_slot(call, slot, speaker)
        try:
            async with call.change() as change:
                registration = await taken_up(change, args)
                move_speaker(change, registration, event, reason)
                registration.removed_for = reason
                if event is SpeakerEvent.REMOVE:
                    await give_place_away(change)
                change.answer = {"warning": warning} if warning else {}
        except DATABASE_DOWN as error:
            raise NotSaved(
                f"The speaker is off air, but the database did not take it down: {type(error).__name__}."
            ) from error


async def hang_up_slot(call: Call, slot: Slot, speaker: int) -> str:
    """Hang up on a slot as it was found. What the officer must know, or "" when there was nothing to do."""
    if slot.by_phone:
        return ""
    if slot.speaker is SpeakerState.ON_AIR:
        return await hang_up(call, speaker, [other for other in slot.on_air if other != speaker])
    return await hang_up(call, speaker) if slot.speaker is SpeakerState.CALLED else ""


async def _take_back(call: Call, slot: Slot, *, was_on_air: bool) -> None:
    """Who was on air before an admission failed is on air again, and nobody else."""
    if slot.by_phone:
        return
    try:
        await call.desk.studio.set_on_air(call.ref, slot.on_air)
    except MediaUnavailable as error:
        if was_on_air:
            raise MediaUnavailable(
                f"The speaker could not be admitted and may be on air all the same: cut. {error.message}"
            ) from error


async def find_slot(call: Call, speaker: int) -> Slot:
    """A speaker of this meeting, and who is on air by way of the studio. Raises ``NotFound``."""
    await look(call)
    async with call.desk.store.read() as session:
        meeting = (await session.exec(select(Meeting).where(Meeting.ref == call.ref))).one()
        registration = await session.get(Registration, speaker)
        if registration is None or registration.meeting_id != meeting.id:
            raise NotFound("This meeting has no such speaker.", field="registration_id")
        on_air = select(Registration).where(
            Registration.meeting_id == meeting.id,
            col(Registration.state) == SpeakerState.ON_AIR,
            col(Registration.part) == Part.SPEAKER,
            col(Registration.by_phone).is_(False),
        )
        others = (await session.exec(on_air.order_by(col(Registration.on_air_at)))).all()
        item = await session.get(AgendaItem, registration.item_id) if registration.item_id else None
        on_air_now = [key(other) for other in others]
        return Slot(
            meeting.state,
            meeting.epoch_ms,
            registration.state,
            on_air_now,
            name_caption(registration, item),
            registration.part,
            registration.written,
            registration.by_phone,
        )

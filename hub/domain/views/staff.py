"""What the console shows."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.clock import milliseconds
from hub.domain.desk import Desk, Room
from hub.domain.last_step import Step
from hub.domain.models import (
    AuditEntry,
    Mail,
    Meeting,
    Question,
    Registration,
    Removal,
    StaffUser,
    StreamKey,
    key,
)
from hub.domain.services import retention
from hub.domain.services.attending import attending_at
from hub.domain.services.places import kept_until, on_air_at
from hub.domain.services.steps import find_last_steps
from hub.domain.snapshots import (
    AuditView,
    ChatView,
    ClerkView,
    DutyView,
    HandView,
    MailView,
    PointOfOrderView,
    RemovalView,
    SpeakerRow,
    StaffQuestion,
    StaffSnapshot,
    UndoView,
)
from hub.domain.states.question import QuestionState
from hub.domain.titles import item_label
from hub.domain.views.chat import chats_of
from hub.domain.views.discussion import load_discussions, post_hands, staff_topics
from hub.domain.views.feedback import load_feedback
from hub.domain.views.hearing import load_hearing
from hub.domain.views.load import Loaded, load
from hub.domain.views.notes import newest_notes
from hub.domain.views.polls import staff_polls
from hub.domain.views.public import public_of, timer
from hub.domain.views.raised_hands import load_raised

AUDIT_LINES = 20
SETTLED = (QuestionState.MERGED, QuestionState.REPLIED, QuestionState.WITHDRAWN)


async def staff_snapshot(desk: Desk, ref: str) -> StaffSnapshot:
    """The meeting as officers see it, contact details included. Raises ``NotFound``."""
    async with desk.store.read() as session:
        loaded = await load(session, ref, rehearsals=True)
        meeting_id = key(loaded.meeting)
        keys = (await session.exec(select(StreamKey).where(StreamKey.meeting_id == meeting_id))).all()
        post = select(Mail).where(Mail.meeting_id == meeting_id).order_by(col(Mail.queued_at), col(Mail.id))
        mails = _by_registration((await session.exec(post)).all())
        chats = await chats_of(session, meeting_id)
        log = select(AuditEntry).where(AuditEntry.meeting_id == meeting_id)
        audit = (await session.exec(log.order_by(col(AuditEntry.id).desc()).limit(AUDIT_LINES))).all()
        gone = select(Removal).where(Removal.meeting_id == meeting_id, col(Removal.ended_at).is_(None))
        removed = (await session.exec(gone.order_by(col(Removal.id)))).all()
        steps = await find_last_steps(session, meeting_id, desk.clock.now())
        duty = await _duty(session, loaded.meeting, desk.room(ref))
        attending = await attending_at(session, loaded.meeting)
        raised = await load_raised(session, loaded.meeting)
        feedback = await load_feedback(session, loaded.meeting)
        notes = await newest_notes(session, meeting_id)
        hearing = await load_hearing(session, loaded.meeting, desk.clock.now())
        discussions = await staff_topics(
            session, await load_discussions(session, meeting_id, desk.clock.now())
        )
    return StaffSnapshot(
        public=public_of(loaded, desk.clock.now()),
        rehearsal=loaded.meeting.rehearsal,
        exclusion_item_id=loaded.meeting.exclusion_item_id,
        recording_until=retention.kept_until(loaded.meeting, desk.recordings_kept),
        point_of_order=_point_of_order(loaded.meeting),
        speakers=[
            _row(desk, ref, registration).model_copy(
                update={
                    "mails": mails.get(key(registration), []),
                    **_chat(registration, chats.get(key(registration), [])),
                }
            )
            for registration in loaded.registrations
        ],
        attending=attending,
        feedback=feedback,
        raised=raised,
        pending=_waiting(loaded.questions, QuestionState.PENDING),
        rejected=_waiting(loaded.questions, QuestionState.REJECTED),
        settled=_waiting(loaded.questions, *SETTLED),
        polls=staff_polls(loaded),
        hands=_hands(desk.room(ref)),
        clerks=[_clerk(number, name) for number, name in desk.room(ref).clerks.items()],
        duty=duty,
        discussions=discussions,
        post_hands=post_hands(desk.room(ref)),
        hearing=hearing,
        undo=[_undo(step, loaded) for step in steps if not step.refusal],
        notes=notes,
        removed=[_removal(removal) for removal in removed],
        stream_keys={stream.source: stream.key for stream in keys},
        audit=[_line(entry) for entry in audit],
    )


def _row(desk: Desk, ref: str, registration: Registration) -> SpeakerRow:
    kept = kept_until(desk, ref, key(registration))
    return SpeakerRow(
        id=key(registration),
        name=registration.name,
        part=registration.part,
        capacity=registration.capacity,
        state=registration.state,
        item_id=registration.item_id,
        summary=registration.summary,
        kind=registration.kind,
        side=registration.side or "",
        mode=registration.mode or "",
        access_point=registration.access_point,
        consent=registration.consent or "",
        written=registration.written,
        text=registration.text,
        access_needs=registration.access_needs,
        spokesperson_for=registration.spokesperson_for,
        may_share=registration.may_share,
        late=registration.late,
        email=registration.email,
        phone=registration.phone,
        place=registration.place,
        rank=registration.rank,
        seconds=registration.seconds,
        timer=timer(registration),
        device_check=registration.device_check,
        kept_until_ms=None if kept is None else milliseconds(kept),
        device_checked_ms=_ms(registration.device_checked_at),
        on_air_ms=_ms(on_air_at(desk, ref, registration)),
        by_phone=registration.by_phone,
        help_reason=registration.help_reason,
        help_ms=_ms(registration.help_at),
    )


def _point_of_order(meeting: Meeting) -> PointOfOrderView | None:
    since = meeting.point_of_order_at
    if since is None:
        return None
    return PointOfOrderView(name=meeting.point_of_order_by, since_ms=milliseconds(since))


def _chat(registration: Registration, lines: list[ChatView]) -> dict[str, object]:
    unread = sum(not line.officer and line.id > registration.chat_read for line in lines)
    return {"chat": lines, "unread": unread}


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else milliseconds(moment)


def _by_registration(mails: Sequence[Mail]) -> dict[int, list[MailView]]:
    views: dict[int, list[MailView]] = {}
    for mail in mails:
        at = mail.done_at or mail.queued_at
        view = MailView(kind=mail.kind, state=mail.state, sentence=mail.sentence, at_ms=milliseconds(at))
        views.setdefault(mail.registration_id, []).append(view)
    return views


def _waiting(questions: Sequence[Question], *states: QuestionState) -> list[StaffQuestion]:
    return [
        StaffQuestion(
            id=key(question),
            text=question.text,
            author=question.author,
            item_id=question.item_id,
            asked_ms=milliseconds(question.asked_at) if question.asked_at is not None else 0,
            edited_ms=_ms(question.edited_at),
            state=question.state,
            version=question.version,
            flags=question.flags,
            rejected_for=question.rejected_for or "",
            merged_into=question.merged_into,
            answer=question.answer,
        )
        for question in questions
        if question.state in states
    ]


def _undo(step: Step, loaded: Loaded) -> UndoView:
    return UndoView(
        step=key(step.move),
        by=step.move.who,
        action=step.move.action,
        label=_label(step, loaded),
        until_ms=milliseconds(step.until),
    )


def _label(step: Step, loaded: Loaded) -> str:
    """What it was done to, in words."""
    items = {key(item): item_label(item) for item in loaded.items}
    named = {
        "item": items,
        "business": items,
        "timetable": items,
        "speaker": {key(row): row.name for row in loaded.registrations},
        "question": {key(question): question.text for question in loaded.questions},
        "result": {key(result): result.motion for result in loaded.results},
    }
    return named[step.noun].get(step.number, step.move.after) if step.noun in named else step.move.after


def _removal(removal: Removal) -> RemovalView:
    return RemovalView(
        id=key(removal),
        author=removal.author,
        reason=removal.reason,
        by=removal.by,
        at_ms=milliseconds(removal.at),
    )


def _clerk(number: int, name: str) -> ClerkView:
    return ClerkView(staff_id=number, name=name)


async def _duty(session: AsyncSession, meeting: Meeting, room: Room) -> DutyView:
    concerned = select(StaffUser).where(
        col(StaffUser.id).in_([meeting.duty_staff_id, meeting.duty_offered_to])
    )
    known = {key(user): user.name for user in await session.exec(concerned)}

    def view(number: int | None) -> ClerkView | None:
        return _clerk(number, known[number]) if number in known else None

    return DutyView(
        officer=view(meeting.duty_staff_id),
        here=meeting.duty_staff_id in room.clerks,
        offered_to=view(meeting.duty_offered_to),
        note=meeting.duty_note,
    )


def _hands(room: Room) -> list[HandView]:
    return [
        HandView(
            question_id=hand.question_id, staff_id=officer, name=hand.name, since_ms=milliseconds(hand.since)
        )
        for officer, hand in room.hands.items()
    ]


def _line(entry: AuditEntry) -> AuditView:
    return AuditView(
        at_ms=milliseconds(entry.at),
        who=entry.who,
        action=entry.action,
        subject=entry.subject,
        reason=entry.reason,
    )

"""Where somebody's own questions stand, and whether they may still ask."""

from collections.abc import Collection, Sequence

from sqlmodel import col, select

from hub.domain.desk import Desk
from hub.domain.editing import why_fixed
from hub.domain.meetings import find_meeting
from hub.domain.models import Question, Removal, key
from hub.domain.snapshots import OwnQuestion, QuestionView
from hub.domain.states.meeting import OVER
from hub.domain.states.question import PUBLIC, QuestionEvent, QuestionState, may
from hub.domain.text import is_plain
from hub.domain.views.public import question_view

OWN_QUESTIONS_AT_MOST = 50


async def own_questions(desk: Desk, ref: str, device: str) -> list[OwnQuestion]:
    """The questions of one device, the newest last."""
    if not (device and is_plain(device)):
        async with desk.store.read() as session:
            await find_meeting(session, ref)
        return []
    return (await questions_by_device(desk, ref, {device})).get(device, [])


async def questions_by_device(desk: Desk, ref: str, devices: Collection[str]) -> dict[str, list[OwnQuestion]]:
    """What each of these devices has asked, the newest last; devices that asked nothing are not in it."""
    async with desk.store.read() as session:
        meeting = await find_meeting(session, ref)
        if not devices:
            return {}
        asked = select(Question).where(Question.meeting_id == meeting.id).order_by(col(Question.id))
        rows = (await session.exec(asked)).all()
    known = {key(row): row for row in rows}
    joined = {row.merged_into for row in rows}
    taken = meeting.questions_open and meeting.state not in OVER
    own: dict[str, list[OwnQuestion]] = {}
    for row in _newest(rows, devices):
        own.setdefault(row.device, []).append(
            _own(row, known, may_edit=taken and not why_fixed(row, row.id in joined))
        )
    return own


def _newest(rows: Sequence[Question], devices: Collection[str]) -> list[Question]:
    mine: dict[str, list[Question]] = {device: [] for device in devices}
    for row in rows:
        if row.device in mine:
            mine[row.device].append(row)
    return [row for each in mine.values() for row in each[-OWN_QUESTIONS_AT_MOST:]]


def _own(row: Question, known: dict[int, Question], may_edit: bool) -> OwnQuestion:
    return OwnQuestion(
        id=key(row),
        text=row.text,
        author=row.author,
        state=row.state,
        rejected_for=row.rejected_for or "",
        answered_how=row.answered_how or "",
        answer=row.answer,
        answered_seconds=row.answered_seconds,
        into=_into(row, known),
        may_withdraw=may(row.state, QuestionEvent.WITHDRAW),
        may_edit=may_edit,
    )


def _into(row: Question, known: dict[int, Question]) -> QuestionView | None:
    """Where a merged question went in the end, if that is public."""
    passed = {row.id}
    while row.state is QuestionState.MERGED and row.merged_into in known and row.merged_into not in passed:
        row = known[row.merged_into]
        passed.add(row.id)
    return question_view(row) if len(passed) > 1 and row.state in PUBLIC else None


async def removals(desk: Desk, ref: str) -> dict[str, str]:
    """Devices that may no longer ask or vote → why, as their owners are told."""
    async with desk.store.read() as session:
        meeting = await find_meeting(session, ref)
        gone = select(Removal).where(Removal.meeting_id == meeting.id, col(Removal.ended_at).is_(None))
        return {removal.device: removal.reason for removal in await session.exec(gone)}


async def removed_because(desk: Desk, ref: str, device: str) -> str:
    """The same for one device; "" when it may take part."""
    return (await removals(desk, ref)).get(device, "")

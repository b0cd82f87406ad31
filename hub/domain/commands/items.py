"""Moving through the order of business. This one action moves the public page, the index and the chapters."""

from sqlmodel import col, select

from hub.domain.commands.core import Args, Call, Change, Id, Version, command, who
from hub.domain.commands.moves import look, stamp_item
from hub.domain.errors import Conflict, IllegalTransition, Invalid
from hub.domain.last_step import BUSINESS, MOVES, UNDO, WITHIN, Step
from hub.domain.models import AgendaItem, AuditEntry, IndexPoint, Meeting, key
from hub.domain.people import Staff
from hub.domain.programme import seconds_now
from hub.domain.services.steps import find_last_step
from hub.domain.states.item import ItemEvent, ItemState, after
from hub.domain.states.meeting import RUNNING
from hub.domain.titles import index_label

LATER = {ItemState.DEFERRED: ItemEvent.DEFER, ItemState.PUT_OFF: ItemEvent.PUT_OFF}
"""What an item was before the officer went to it all the same, and how it becomes so again."""


class NextItem(Args):
    """``expected_version`` is the version of the snapshot that the officer was looking at."""

    expected_version: Version


class GoToItem(NextItem):
    item_id: Id


@command("item.next", Staff)
async def next_item(call: Call, args: NextItem) -> None:
    """The next item becomes current. Headings and what was put off to another meeting are passed over."""
    seconds = await programme_time(call)
    async with call.change() as change:
        await agree(change, args.expected_version)
        await _make_current(change, await _following(change), seconds, "item.next")


@command("item.go", Staff)
async def go_to_item(call: Call, args: GoToItem) -> None:
    """Make this item current."""
    seconds = await programme_time(call)
    async with call.change() as change:
        item = await change.item(args.item_id)
        await agree(change, args.expected_version)
        if item.heading:
            raise Invalid("This is a heading, not an item of business.", field="item_id")
        await _make_current(change, item, seconds, "item.go")


@command("item.undo", Staff)
async def undo(call: Call, args: NextItem) -> None:
    """Take back one's own last move: the item before is current again, and the moment leaves the index."""
    async with call.change() as change:
        await agree(change, args.expected_version)
        step = await find_last_step(change.session, key(change.meeting), change.now)
        if step is None:
            raise Conflict(f"Nobody moved the agenda in the last {WITHIN.seconds} seconds.")
        if step.move.who != who(call.actor):
            raise Conflict(f"{step.move.who} made the last step, so only they can undo it.")
        if step.refusal:
            raise Conflict(step.refusal)
        await take_back(change, step)


async def programme_time(call: Call) -> float:
    seen = await look(call)
    return await seconds_now(call.desk, call.ref, seen.epoch_ms)


async def agree(change: Change, expected_version: int) -> None:
    """Refuse when the agenda moved since the officer looked; other changes of the meeting do not matter."""
    meeting = change.meeting
    if meeting.state not in RUNNING:
        raise IllegalTransition(
            f"The meeting is {meeting.state.replace('_', ' ')}, so its agenda does not move."
        )
    if expected_version > meeting.version:
        raise Invalid("There is no such version of this meeting yet.", field="expected_version")
    if expected_version >= meeting.item_version:
        return
    moved = select(AuditEntry).where(
        AuditEntry.meeting_id == meeting.id, col(AuditEntry.action).in_([*MOVES, UNDO, *BUSINESS])
    )
    last = (await change.session.exec(moved.order_by(col(AuditEntry.id).desc()))).first()
    mover = last.who if last is not None else "Somebody"
    if last is not None and last.action in BUSINESS:
        raise Conflict(f"{mover} changed the order of business a moment ago.")
    raise Conflict(f"{mover} moved the agenda a moment ago{await _whereto(change, meeting)}.")


async def _whereto(change: Change, meeting: Meeting) -> str:
    if meeting.current_item_id is None:
        return ""
    return f" to “{index_label(await change.session.get_one(AgendaItem, meeting.current_item_id))}”"


async def _following(change: Change) -> AgendaItem:
    meeting = change.meeting
    business = select(AgendaItem).where(
        AgendaItem.meeting_id == meeting.id,
        col(AgendaItem.removed).is_(False),
        col(AgendaItem.heading).is_(False),
        AgendaItem.state != ItemState.PUT_OFF,
    )
    if meeting.current_item_id is not None:
        here = await change.session.get_one(AgendaItem, meeting.current_item_id)
        business = business.where(AgendaItem.position > here.position)
    following = (await change.session.exec(business.order_by(col(AgendaItem.position)))).first()
    if following is None:
        raise Conflict("This is the last item of the agenda.")
    return following


async def _make_current(change: Change, item: AgendaItem, seconds: float, action: str) -> None:
    meeting = change.meeting
    before = str(meeting.current_item_id or "")
    meeting.current_item_id = item.id
    meeting.item_version = meeting.version + 1
    was, item.state = item.state, after(item.state, ItemEvent.TAKE_UP)
    later = was if was in LATER else ""
    change.audit(action, f"item {item.id}", before=before, after=index_label(item), reason=later)
    await stamp_item(change, seconds)
    change.answer = {"item_id": item.id}


async def take_back(change: Change, step: Step) -> None:
    """The item before is current again, and what the move put into the index leaves it."""
    meeting = change.meeting
    if step.item_id is not None and (await change.session.get_one(AgendaItem, step.item_id)).removed:
        raise Conflict("The item before is not on the agenda any more.")
    stamped = select(IndexPoint).where(
        IndexPoint.meeting_id == meeting.id,
        IndexPoint.kind == "item",
        IndexPoint.item_id == meeting.current_item_id,
        IndexPoint.created_at == step.move.at,
    )
    for point in await change.session.exec(stamped):
        await change.session.delete(point)
    if step.move.reason:
        item = await change.session.get_one(AgendaItem, step.number)
        item.state = after(item.state, LATER[ItemState(step.move.reason)])
    meeting.current_item_id = step.item_id
    meeting.item_version = meeting.version + 1
    change.audit(UNDO, step.move.subject, before=step.move.after, after=step.move.before)
    change.answer = {"item_id": step.item_id}

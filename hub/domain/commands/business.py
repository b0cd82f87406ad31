"""Another order of business than was published, while the meeting runs: items added, put off and moved."""

from collections.abc import Sequence
from datetime import date

from pydantic import Field
from sqlmodel import col, select

from hub.domain.business import follower, moved, speakers_moved
from hub.domain.commands.core import Call, Change, Id, Words, command, who
from hub.domain.commands.items import NextItem, agree, programme_time
from hub.domain.errors import Conflict, Invalid
from hub.domain.last_step import Step
from hub.domain.local_time import LONDON
from hub.domain.models import AgendaItem, IndexPoint, Meeting, Note, Registration, key
from hub.domain.people import Part, Staff
from hub.domain.states.item import ItemEvent, ItemState, after
from hub.domain.states.meeting import CLOSED, MeetingState
from hub.domain.states.speaker import MOVABLE
from hub.domain.text import required
from hub.domain.titles import index_label

TITLE_CHARACTERS = 300
REASON_CHARACTERS = 1000
ITEMS = 500
"""Of one meeting, those that were published included."""


class MoveItem(NextItem):
    """``before`` is the item that is to come after it; None puts it at the end."""

    item_id: Id
    before: Id | None


class AddItem(NextItem):
    """``reason`` is for the minutes: Local Government Act 1972, section 100B(4)(b)."""

    number: Words = Field(default="", max_length=10)
    title: str = Field(max_length=20_000)
    reason: str = Field(max_length=20_000)
    restricted: bool = False
    before: Id | None


class PutOffItem(NextItem):
    """``to``: the day of the other meeting, ``YYYY-MM-DD``; None while nobody knows it."""

    item_id: Id
    to: str | None = Field(max_length=10)


@command("business.add", Staff)
async def add(call: Call, args: AddItem) -> None:
    """An urgent item, which the public see at once. Why it is urgent becomes a note for the minutes."""
    title = required(args.title, "title", "the title of the item", at_most=TITLE_CHARACTERS)
    reason = required(args.reason, "reason", "why it is urgent", at_most=REASON_CHARACTERS)
    seconds = await programme_time(call)
    async with call.change() as change:
        await agree(change, args.expected_version)
        items = await _items(change)
        if len(items) >= ITEMS:
            raise Conflict(f"A meeting has {ITEMS} items at most.")
        item = AgendaItem(
            meeting_id=key(change.meeting),
            position=len(items),
            number=args.number,
            title=title.replace("\n", " "),
            restricted=args.restricted,
            added=True,
        )
        change.session.add(item)
        await change.session.flush()
        await _put(change, [*items, item], item, args.before)
        running = change.meeting.state is not MeetingState.PRE_SHOW
        change.session.add(
            Note(
                meeting_id=key(change.meeting),
                item_id=key(item),
                seconds=round(seconds, 3) if running else None,
                text=f"Urgent item: {reason}",
                by=who(change.actor),
                at=change.now,
            )
        )
        _note(change, "business.add", item, seconds, reason=reason)
        change.answer = {"item_id": key(item)}


@command("business.defer", Staff)
async def defer(call: Call, args: MoveItem) -> None:
    """Take it later in this meeting. Who registered to speak on it is called then."""
    await _move(call, args, "business.defer", ItemEvent.DEFER)


@command("business.move", Staff)
async def move_item(call: Call, args: MoveItem) -> None:
    """Another place, as when an item is brought forward for those who came because of it."""
    await _move(call, args, "business.move", None)


@command("business.put_off", Staff)
async def put_off(call: Call, args: PutOffItem) -> None:
    """To another meeting. It is passed over here, and who registered to speak on it reads so."""
    seconds = await programme_time(call)
    async with call.change() as change:
        await agree(change, args.expected_version)
        item = await _movable(change, args.item_id)
        was, item.state = item.state, after(item.state, ItemEvent.PUT_OFF)
        item.put_off_to = _day(args.to, change.meeting)
        change.meeting.item_version = change.meeting.version + 1
        _note(change, "business.put_off", item, seconds, before=was, reason=args.to or "")


def _day(text: str | None, meeting: Meeting) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid("Give the day of the other meeting, such as 2026-12-03.", field="to") from None
    if day <= meeting.starts_at.astimezone(LONDON).date():
        raise Invalid("That day is not after this meeting.", field="to")
    return day


async def _movable(change: Change, item_id: int) -> AgendaItem:
    item = await change.item(item_id)
    if item.heading:
        raise Invalid("This is a heading, not an item of business.", field="item_id")
    if item.id == change.meeting.current_item_id:
        raise Conflict("This item is current. Go to the next one first.")
    return item


async def _move(call: Call, args: MoveItem, action: str, event: ItemEvent | None) -> None:
    seconds = await programme_time(call)
    async with call.change() as change:
        await agree(change, args.expected_version)
        item = await _movable(change, args.item_id)
        if event is not None:
            item.state = after(item.state, event)
        items = await _items(change)
        was = follower(_ids(items), key(item))
        if args.before == was and event is None:
            raise Conflict("It stands there already.")
        await _put(change, items, item, args.before)
        _note(change, action, item, seconds, before=str(was or ""))


async def take_back(change: Change, step: Step) -> None:
    """As it was before the step: an added item is gone, one that was moved stands where it stood."""
    item = await change.item(step.number)
    if item.id == change.meeting.current_item_id:
        raise Conflict("The item is current by now, so it stays.")
    if step.move.action == "business.add":
        item.removed = True
        for note in await change.session.exec(
            select(Note).where(Note.item_id == item.id, Note.at == step.move.at)
        ):
            note.item_id = None
    elif step.move.action == "business.put_off":
        item.state = after(item.state, ItemEvent.RESTORE)
        if step.move.before == ItemState.DEFERRED:
            item.state = after(item.state, ItemEvent.DEFER)
    else:
        if step.move.action == "business.defer":
            item.state = after(item.state, ItemEvent.RESTORE)
        items = await _items(change)
        was = int(step.move.before) if step.move.before else None
        await _put(change, items, item, was if was in _ids(items) else None, anywhere=True)
    stamped = select(IndexPoint).where(
        IndexPoint.meeting_id == change.meeting.id,
        IndexPoint.kind == "order",
        IndexPoint.item_id == item.id,
        IndexPoint.created_at == step.move.at,
    )
    for point in await change.session.exec(stamped):
        await change.session.delete(point)
    change.meeting.item_version = change.meeting.version + 1
    change.audit("business.undo", step.move.subject, before=step.move.action, after=step.move.before)


async def _items(change: Change) -> list[AgendaItem]:
    """The agenda in order, headings included."""
    agenda = select(AgendaItem).where(
        AgendaItem.meeting_id == change.meeting.id, col(AgendaItem.removed).is_(False)
    )
    return list(await change.session.exec(agenda.order_by(col(AgendaItem.position))))


def _ids(items: Sequence[AgendaItem]) -> list[int]:
    return [key(item) for item in items]


async def _put(
    change: Change,
    items: Sequence[AgendaItem],
    item: AgendaItem,
    before: int | None,
    *,
    anywhere: bool = False,
) -> None:
    """Give the item its place, and the whole agenda its positions. ``anywhere``: also where it was passed."""
    known = {key(one): one for one in items}
    if before is not None and (before not in known or before == item.id):
        raise Invalid("There is no such place on this agenda.", field="before")
    order = moved(list(known), key(item), before)
    current = change.meeting.current_item_id
    if not anywhere and current in known and order.index(key(item)) < order.index(current):
        raise Invalid("The meeting has passed that place.", field="before")
    for position, number in enumerate(order, start=1):
        known[number].position = position
    change.meeting.own_order = True
    change.meeting.item_version = change.meeting.version + 1
    await _take_speakers_along(change, key(item), known)


async def _take_speakers_along(change: Change, item: int, known: dict[int, AgendaItem]) -> None:
    """Where officers put speakers into an order of their own; otherwise they follow the agenda as it is."""
    wanted = select(Registration).where(
        Registration.meeting_id == change.meeting.id,
        col(Registration.part) == Part.SPEAKER,
        col(Registration.state).in_(MOVABLE),
        col(Registration.rank).is_not(None),
    )
    rows = {key(row): row for row in await change.session.exec(wanted.order_by(col(Registration.rank)))}
    places = {number: one.position for number, one in known.items()}
    ranked = [(number, row.item_id) for number, row in rows.items()]
    for rank, number in enumerate(speakers_moved(ranked, item, places), start=1):
        rows[number].rank = rank


WORDS = {
    "business.add": "added",
    "business.defer": "deferred",
    "business.put_off": "deferred to another meeting",
    "business.move": "moved",
}


def _note(
    change: Change, action: str, item: AgendaItem, seconds: float, *, before: str = "", reason: str = ""
) -> None:
    change.audit(action, f"item {item.id}", before=before, after=index_label(item), reason=reason)
    if change.meeting.state in (MeetingState.LIVE, *CLOSED):
        change.stamp("order", f"{index_label(item)}: {WORDS[action]}", seconds, item_id=item.id)

"""Results of the members' votes: entered by the clerk, shown to everybody, stamped in the index."""

from typing import Annotated

from pydantic import BeforeValidator, Field
from sqlmodel import col, select

from hub.domain.commands.core import Args, Call, Change, Id, command
from hub.domain.commands.moves import look
from hub.domain.errors import Conflict, IllegalTransition, Invalid, NotFound
from hub.domain.models import AuditEntry, IndexPoint, VoteResult, key
from hub.domain.outcome import Outcome, Said, agree, label
from hub.domain.people import Staff
from hub.domain.programme import seconds_now
from hub.domain.states.meeting import MeetingState
from hub.domain.text import required

MOTION_CHARACTERS = 200
NAME_CHARACTERS = 100
MEMBERS_AT_MOST = 200
_TOO_EARLY = frozenset({MeetingState.SCHEDULED, MeetingState.PRE_SHOW})

Count = Annotated[int, Field(ge=0, le=MEMBERS_AT_MOST)]
Choice = Annotated[Outcome, BeforeValidator(Outcome)]
Word = Annotated[Said, BeforeValidator(Said)]


class Enter(Args):
    """``names``: who said what, when the vote was recorded by name; the figures must be the same."""

    item_id: Id
    motion: str = Field(max_length=20_000)
    outcome: Choice
    votes_for: Count
    votes_against: Count
    abstained: Count = 0
    names: dict[str, Word] = Field(default_factory=dict, max_length=MEMBERS_AT_MOST)


class Strike(Args):
    result_id: Id
    reason: str = Field(max_length=20_000)


@command("result.enter", Staff)
async def enter(call: Call, args: Enter) -> None:
    """What the members decided. Everybody sees it beside the item from now on."""
    motion = required(args.motion, "motion", "what was voted on", at_most=MOTION_CHARACTERS)
    motion = motion.replace("\n", " ")
    names = {_member(name): said for name, said in args.names.items()}
    if len(names) < len(args.names):
        raise Invalid("A member is named twice.", field="names")
    agree({Said.FOR: args.votes_for, Said.AGAINST: args.votes_against, Said.ABSTAIN: args.abstained}, names)
    seconds = await seconds_now(call.desk, call.ref, (await look(call)).epoch_ms)
    async with call.change() as change:
        item = await change.item(args.item_id)
        _refuse_unseen(change, restricted=item.restricted or item.heading)
        await _refuse_twice(change, args.item_id, motion)
        result = VoteResult(
            meeting_id=key(change.meeting),
            item_id=args.item_id,
            motion=motion,
            outcome=args.outcome,
            votes_for=args.votes_for,
            votes_against=args.votes_against,
            abstained=args.abstained,
            names={name: said.value for name, said in names.items()},
            by=call.actor.name if isinstance(call.actor, Staff) else "",
            at=change.now,
        )
        words = label(motion, args.outcome, args.votes_for, args.votes_against, args.abstained)
        if change.meeting.state is MeetingState.LIVE:
            point = change.stamp("vote", words, seconds, item_id=args.item_id)
            await change.session.flush()
            result.point_id, result.seconds = point.id, point.seconds
        change.session.add(result)
        await change.session.flush()
        change.audit("result.enter", f"result {result.id}", after=words)
        change.answer = {"result_id": key(result)}


@command("result.strike", Staff)
async def strike(call: Call, args: Strike) -> None:
    """It was wrong: it goes from the page and the index, and stays in the log with the reason."""
    reason = required(args.reason, "reason", "the reason", at_most=200)
    async with call.change() as change:
        result = await change.session.get(VoteResult, args.result_id)
        if result is None or result.meeting_id != change.meeting.id:
            raise NotFound("This meeting has no such result.", field="result_id")
        if result.struck_at is not None:
            raise Conflict(f"{await _striker(change, result)} struck this result a moment ago.")
        await strike_out(change, result, "result.strike", reason)


async def _striker(change: Change, result: VoteResult) -> str:
    struck = select(AuditEntry.who).where(
        AuditEntry.meeting_id == change.meeting.id, AuditEntry.subject == f"result {result.id}"
    )
    return (await change.session.exec(struck.order_by(col(AuditEntry.id).desc()))).first() or "Somebody"


async def strike_out(change: Change, result: VoteResult, action: str, reason: str) -> None:
    """Take it from the page and the index, and note that."""
    result.struck_at = change.now
    if result.point_id is not None:
        await change.session.delete(await change.session.get_one(IndexPoint, result.point_id))
        result.point_id = None
    change.audit(action, f"result {result.id}", before=result.motion, reason=reason)


def _member(name: str) -> str:
    return required(name, "names", "the name of each member", at_most=NAME_CHARACTERS).replace("\n", " ")


def _refuse_unseen(change: Change, *, restricted: bool) -> None:
    """Nothing that the public were excluded from is shown to them."""
    state = change.meeting.state
    if state in _TOO_EARLY:
        raise IllegalTransition("The meeting has not begun, so nothing has been decided.")
    if state is MeetingState.PRIVATE:
        raise IllegalTransition("The public are excluded: enter what they may know when they are back.")
    if restricted:
        words = "This item is not one of public business: its result is for the minutes."
        raise Invalid(words, field="item_id")


async def _refuse_twice(change: Change, item_id: int, motion: str) -> None:
    same = select(VoteResult).where(
        VoteResult.item_id == item_id, VoteResult.motion == motion, col(VoteResult.struck_at).is_(None)
    )
    known = (await change.session.exec(same)).first()
    if known is not None:
        raise Conflict(f"{known.by} entered this result already. Strike that first if it is wrong.")

"""Which step of an officer can still be taken back, from the log alone.

The gate is not among them: what the public saw cannot be unseen, and a cut is not undone but opened again,
with a confirmation of its own.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.domain.errors import Conflict
from hub.domain.models import AuditEntry, key

MOVES = ("item.next", "item.go")
UNDO = "item.undo"
REORDERED = ("business.add", "business.defer", "business.put_off", "business.move")
BUSINESS = (*REORDERED, "business.undo")
"""What changes the order of business."""
SPEAKERS = ("speaker.call", "speaker.stand_back", "speaker.admit", "speaker.finish", "speaker.miss")
QUESTIONS = (
    "question.approve",
    "question.reject",
    "question.merge",
    "question.start_answer",
    "question.finish_answer",
)
UNDOABLE = frozenset(
    {
        *MOVES,
        *SPEAKERS,
        "speaker.read_out",
        *QUESTIONS,
        "result.enter",
        "layout.set",
        *REORDERED,
        "timetable.expect",
    }
)
WITHIN = timedelta(seconds=30)
BESIDE_THE_AGENDA = (
    "question",
    "questions",
    "post",
    "discussion",
    "chat",
    "hearing",
    "duty",
    "note",
    "timetable",
    "point_of_order",
)
"""What other officers do there does not hang on the current item."""
ASIDE = ("chat", "hearing", "duty", "note")
"""What an officer does there is no step that would come before another one."""


@dataclass(frozen=True, slots=True)
class Step:
    """What an officer did last, and why it cannot be taken back any more: "" while it can."""

    move: AuditEntry
    refusal: str

    @property
    def noun(self) -> str:
        """What kind of thing it was done to."""
        return noun_of(self.move)

    @property
    def number(self) -> int:
        """Of the thing: 3 of "speaker 3"."""
        return int(self.move.subject.rpartition(" ")[2])

    @property
    def until(self) -> datetime:
        return self.move.at + WITHIN

    @property
    def item_id(self) -> int | None:
        """Of a move of the agenda: the item that was current before; None where there was none."""
        return int(self.move.before) if self.move.before else None


def noun_of(entry: AuditEntry) -> str:
    """``speaker`` of ``speaker.call``."""
    return entry.action.partition(".")[0]


def last_step(log: Sequence[AuditEntry], officers: Collection[str], now: datetime) -> Step | None:
    """The last move of the agenda in ``log`` (oldest first); None when it was taken back, or nobody moved."""
    moves = [at for at, entry in enumerate(log) if entry.action in (*MOVES, UNDO)]
    if not moves or log[moves[-1]].action == UNDO:
        return None
    move = log[moves[-1]]
    return Step(move, _refusal(move, log[moves[-1] + 1 :], officers, now))


def last_steps(log: Sequence[AuditEntry], officers: Collection[str], now: datetime) -> list[Step]:
    """What each officer did last, where it is of a kind that can be taken back. One step, not a history."""
    last: dict[str, int] = {}
    for at, entry in enumerate(log):
        if entry.who in officers and noun_of(entry) not in ASIDE:
            last[entry.who] = at
    return [
        Step(log[at], _refusal(log[at], log[at + 1 :], officers, now))
        for at in last.values()
        if log[at].action in UNDOABLE
    ]


def pick(steps: Collection[Step], officer: str, number: int) -> Step:
    """The officer's step of this number in the log. Raises ``Conflict`` with what stands in its way."""
    mine = next((step for step in steps if step.move.who == officer), None)
    if mine is None:
        raise Conflict(f"You did nothing in the last {WITHIN.seconds} seconds that can be taken back.")
    if key(mine.move) != number:
        raise Conflict("You have done something else since. Nothing was taken back.")
    if mine.refusal:
        raise Conflict(mine.refusal)
    return mine


def _refusal(move: AuditEntry, since: Sequence[AuditEntry], officers: Collection[str], now: datetime) -> str:
    of_agenda = move.action in MOVES
    if now > move.at + WITHIN:
        instead = " Press the item that should be current." if of_agenda else ""
        return f"A step can be undone for {WITHIN.seconds} seconds.{instead}"
    for entry in since:
        noun = noun_of(entry)
        if noun in ("meeting", "gate"):
            return "What the public see was changed since, and that cannot be undone. Press the right item."
        if of_agenda and entry.who in officers and entry.who != move.who and noun not in BESIDE_THE_AGENDA:
            return f"{entry.who} has acted since, so the step stays. Press the item that should be current."
        if move.action in BUSINESS and noun in ("item", "business"):
            return f"{_who(entry)} has moved the agenda since, so its order stays."
        if not of_agenda and entry.subject == move.subject and noun == noun_of(move):
            return f"{_who(entry)} changed it since, so it stays as it is now."
    return ""


def _who(entry: AuditEntry) -> str:
    """In a sentence: the log calls a resident "speaker 3"."""
    return "Who it is about" if entry.who.startswith("speaker ") or entry.who == "viewer" else entry.who

"""Which step of the order of business can still be taken back, from the log alone.

The gate is not among them: what the public saw cannot be unseen.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.domain.models import AuditEntry

MOVES = ("item.next", "item.go")
UNDO = "item.undo"
WITHIN = timedelta(seconds=30)
BESIDE_THE_AGENDA = ("question", "questions", "chat", "hearing")
"""What other officers do there does not hang on the current item."""


@dataclass(frozen=True, slots=True)
class Step:
    """A move of the agenda, and why it cannot be taken back any more: "" while it can."""

    move: AuditEntry
    refusal: str

    @property
    def until(self) -> datetime:
        return self.move.at + WITHIN

    @property
    def item_id(self) -> int | None:
        """The item that was current before; None where there was none."""
        return int(self.move.before) if self.move.before else None


def last_step(log: Sequence[AuditEntry], officers: Collection[str], now: datetime) -> Step | None:
    """The last move of the agenda in ``log`` (oldest first); None when it was taken back, or nobody moved."""
    moves = [at for at, entry in enumerate(log) if entry.action in (*MOVES, UNDO)]
    if not moves or log[moves[-1]].action == UNDO:
        return None
    move = log[moves[-1]]
    return Step(move, _refusal(move, log[moves[-1] + 1 :], officers, now))


def _refusal(move: AuditEntry, since: Sequence[AuditEntry], officers: Collection[str], now: datetime) -> str:
    if now > move.at + WITHIN:
        return f"A step can be undone for {WITHIN.seconds} seconds. Press the item that should be current."
    for entry in since:
        noun = entry.action.partition(".")[0]
        if noun in ("meeting", "gate"):
            return "What the public see was changed since, and that cannot be undone. Press the right item."
        if entry.who in officers and entry.who != move.who and noun not in BESIDE_THE_AGENDA:
            return f"{entry.who} has acted since, so the step stays. Press the item that should be current."
    return ""

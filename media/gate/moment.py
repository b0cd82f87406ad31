"""The gate between two changes, what a tick is begun under, and the moment at which a journal ends."""

from dataclasses import dataclass
from itertools import takewhile

from media.control.studio import GateState, SlateText
from media.gate.journal import Entry

DOUBT = SlateText(
    title="Technical problem",
    lines=["The broadcast has been interrupted.", "The meeting's officers have been told."],
)
RETURNING = SlateText(title="The broadcast returns in a moment", lines=["The meeting goes on."])
"""While a restarted studio fills the broadcast delay again."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The gate between two changes."""

    change: int
    state: GateState
    slate: SlateText
    since_ms: int
    closed_slate: SlateText
    """What the public saw while the gate was last closed; stays up until the first picture after opening."""
    delay: int = 0
    """Broadcast delay in seconds."""
    drops: int = 0
    """Counts the closings that drop what the delay holds."""
    held_until_ms: int = 0
    secret: bool = False
    """The gate is private, or has been since it was last open."""

    @property
    def open(self) -> bool:
        return self.state is GateState.OPEN


@dataclass(frozen=True, slots=True)
class Tick:
    """What one tick of the programme was begun under."""

    moment: Moment
    opened: bool
    """The first since the gate opened: all that sources handed in until now must be forgotten."""


def entry_of(moment: Moment, reason: str, by: str) -> Entry:
    """As the journal keeps it."""
    return Entry(
        change=moment.change,
        at_ms=moment.since_ms,
        state=moment.state,
        slate=moment.slate,
        reason=reason,
        by=by,
        delay_seconds=moment.delay,
    )


def replay(entries: list[Entry]) -> Moment:
    """Where a journal ends. ``entries``: one or more."""
    last = entries[-1]
    since = next(entry.at_ms for entry in entries if entry.change == last.change)
    closed = next((entry.slate for entry in reversed(entries) if entry.state is not GateState.OPEN), DOUBT)
    if last.state is GateState.OPEN and last.delay_seconds:
        closed = RETURNING
    since_open = takewhile(lambda entry: entry.state is not GateState.OPEN, reversed(entries))
    secret = any(entry.state is GateState.PRIVATE for entry in since_open)
    return Moment(last.change, last.state, last.slate, since, closed, last.delay_seconds, secret=secret)

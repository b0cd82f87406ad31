"""A poll's way from an officer's draft to its end.

Whether its results are shown is another matter, and goes to and fro: nobody but officers sees a DRAFT, and
everybody sees that a poll is OPEN; figures are public as long as an officer shows them, and no longer.
"""

from enum import StrEnum

from hub.domain.states.machine import Table, step


class PollState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    DISCARDED = "discarded"
    """Before anybody saw it."""


class PollEvent(StrEnum):
    OPEN = "open"
    CLOSE = "close"
    DISCARD = "discard"
    SHOW = "show"
    """Its results."""
    HIDE = "hide"


_S, _E = PollState, PollEvent

TRANSITIONS: Table[PollState, PollEvent] = {
    (_S.DRAFT, _E.OPEN): _S.OPEN,
    (_S.DRAFT, _E.DISCARD): _S.DISCARDED,
    (_S.OPEN, _E.CLOSE): _S.CLOSED,
    **{(here, event): here for here in (_S.OPEN, _S.CLOSED) for event in (_E.SHOW, _E.HIDE)},
}


def after(state: PollState, event: PollEvent) -> PollState:
    """The state after ``event``. Raises ``IllegalTransition``."""
    return step(TRANSITIONS, state, event, "poll")

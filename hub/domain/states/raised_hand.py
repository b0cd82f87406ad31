"""A raised hand's way: from somebody who watches a webinar to somebody who may be put on air.

Nobody is on air by it. Who ACCEPTED has agreed to be seen or heard and has a personal link; from there on
they are a speaker like others, whom an officer admits.
"""

from enum import StrEnum

from hub.domain.states.machine import Table, step


class HandState(StrEnum):
    RAISED = "raised"
    ASKED = "asked"
    """An officer would bring them on air, and they have not said yet whether they agree."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    """They do not want to be on air."""
    LOWERED = "lowered"
    DISMISSED = "dismissed"
    """By an officer: there is no time for it."""


class HandEvent(StrEnum):
    ASK = "ask"
    ACCEPT = "accept"
    DECLINE = "decline"
    LOWER = "lower"
    DISMISS = "dismiss"


_S, _E = HandState, HandEvent

UP = (_S.RAISED, _S.ASKED)

TRANSITIONS: Table[HandState, HandEvent] = {
    (_S.RAISED, _E.ASK): _S.ASKED,
    (_S.ASKED, _E.ACCEPT): _S.ACCEPTED,
    (_S.ASKED, _E.DECLINE): _S.DECLINED,
    **{(here, _E.LOWER): _S.LOWERED for here in UP},
    **{(here, _E.DISMISS): _S.DISMISSED for here in UP},
}


def after(state: HandState, event: HandEvent) -> HandState:
    """The state after ``event``. Raises ``IllegalTransition``."""
    return step(TRANSITIONS, state, event, "hand")

"""A letter's way out of the house: it waits, and is sent or given up."""

from enum import StrEnum

from hub.domain.states.machine import Table, step


class MailState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    """A mail server has taken it. Whether it was read, nobody tells us."""
    GIVEN_UP = "given_up"
    """It was not sent; a sentence says why."""


class MailEvent(StrEnum):
    QUEUE = "queue"
    """Sent once more from the start, whatever became of it before."""
    DELAY = "delay"
    """The mail server did not take it this time."""
    SEND = "send"
    GIVE_UP = "give_up"


_S, _E = MailState, MailEvent

TRANSITIONS: Table[MailState, MailEvent] = {
    **{(start, _E.QUEUE): _S.WAITING for start in _S},
    (_S.WAITING, _E.DELAY): _S.WAITING,
    (_S.WAITING, _E.SEND): _S.SENT,
    (_S.WAITING, _E.GIVE_UP): _S.GIVEN_UP,
}


def after(state: MailState, event: MailEvent) -> MailState:
    """The state after ``event``. Raises ``IllegalTransition``."""
    return step(TRANSITIONS, state, event, "e-mail")

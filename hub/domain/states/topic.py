"""A discussion before a meeting: open until its time or until an officer closes it, and summed up afterwards.

The clock moves it too, without anybody writing that down: ``now_of`` says where it stands.
"""

from datetime import datetime
from enum import StrEnum

from hub.domain.states.machine import Table, step


class TopicState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    SUMMARISED = "summarised"
    """Its summary is on the meeting's page."""


class TopicEvent(StrEnum):
    CLOSE = "close"
    """Before its time, by an officer."""
    TIME_UP = "time_up"
    REOPEN = "reopen"
    """Until another time."""
    SUMMARISE = "summarise"


_S, _E = TopicState, TopicEvent

TRANSITIONS: Table[TopicState, TopicEvent] = {
    (_S.OPEN, _E.CLOSE): _S.CLOSED,
    (_S.OPEN, _E.TIME_UP): _S.CLOSED,
    (_S.OPEN, _E.REOPEN): _S.OPEN,
    (_S.CLOSED, _E.REOPEN): _S.OPEN,
    (_S.CLOSED, _E.SUMMARISE): _S.SUMMARISED,
    (_S.SUMMARISED, _E.SUMMARISE): _S.SUMMARISED,
}


def after(state: TopicState, event: TopicEvent) -> TopicState:
    """The state after ``event``. Raises ``IllegalTransition``."""
    return step(TRANSITIONS, state, event, "discussion")


def now_of(state: TopicState, closes_at: datetime, now: datetime) -> TopicState:
    """Where it stands by the clock."""
    if state is TopicState.OPEN and now >= closes_at:
        return after(state, TopicEvent.TIME_UP)
    return state

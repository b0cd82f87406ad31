"""An item of business while the meeting runs: taken in its turn, or put off, to later or to another meeting.

Whether it is current or done is no state of its own: the meeting knows the one, and the index the other.
"""

from enum import StrEnum

from hub.domain.states.machine import Table, step


class ItemState(StrEnum):
    PLANNED = "planned"
    DEFERRED = "deferred"
    """Put off by the meeting, and still to come."""
    PUT_OFF = "put_off"
    """To another meeting: no business of this one any more."""


class ItemEvent(StrEnum):
    DEFER = "defer"
    PUT_OFF = "put_off"
    TAKE_UP = "take_up"
    """It became current."""
    RESTORE = "restore"
    """The officer's deferral is undone."""


_S, _E = ItemState, ItemEvent

TRANSITIONS: Table[ItemState, ItemEvent] = {
    (_S.PLANNED, _E.DEFER): _S.DEFERRED,
    (_S.PLANNED, _E.TAKE_UP): _S.PLANNED,
    (_S.DEFERRED, _E.TAKE_UP): _S.PLANNED,
    (_S.DEFERRED, _E.RESTORE): _S.PLANNED,
    (_S.PLANNED, _E.PUT_OFF): _S.PUT_OFF,
    (_S.DEFERRED, _E.PUT_OFF): _S.PUT_OFF,
    # The meeting may think better of it.
    (_S.PUT_OFF, _E.TAKE_UP): _S.PLANNED,
    (_S.PUT_OFF, _E.RESTORE): _S.PLANNED,
}


def after(state: ItemState, event: ItemEvent) -> ItemState:
    """The state after ``event``. Raises ``IllegalTransition``."""
    return step(TRANSITIONS, state, event, "item")

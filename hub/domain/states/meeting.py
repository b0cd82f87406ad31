"""A meeting's life (design section 7).

Between ``pre_show`` and ``ended`` the state says exactly what the public gate does: only ``live`` is open.
Each closed state has its own slate and may be entered again with other words on it (the next restricted item,
a later time); every way back to ``live`` needs a confirmation.
"""

from enum import StrEnum

from hub.domain.states.machine import Table, step


class MeetingState(StrEnum):
    SCHEDULED = "scheduled"
    PRE_SHOW = "pre_show"
    LIVE = "live"
    ADJOURNED = "adjourned"
    PRIVATE = "private"
    SUSPENDED = "suspended"
    TECHNICAL = "technical"
    ENDED = "ended"
    PUBLISHED = "published"
    WITHHELD = "withheld"
    EXPIRED = "expired"


class MeetingEvent(StrEnum):
    OPEN_ROOM = "open_room"
    GO_LIVE = "go_live"
    ADJOURN = "adjourn"
    GO_PRIVATE = "go_private"
    SUSPEND = "suspend"
    FAULT = "fault"
    RETURN_TO_PUBLIC = "return_to_public"
    END = "end"
    PUBLISH = "publish"
    WITHHOLD = "withhold"
    EXPIRE = "expire"


_S, _E = MeetingState, MeetingEvent

CLOSED = frozenset({_S.ADJOURNED, _S.PRIVATE, _S.SUSPENDED, _S.TECHNICAL})
"""States in which the meeting goes on and the public see a slate."""

RUNNING = CLOSED | {_S.PRE_SHOW, _S.LIVE}
"""States in which there is a studio."""

OVER = frozenset({_S.ENDED, _S.PUBLISHED, _S.WITHHELD, _S.EXPIRED})
"""States after the meeting."""

_CUTS = {
    _E.ADJOURN: _S.ADJOURNED,
    _E.GO_PRIVATE: _S.PRIVATE,
    _E.SUSPEND: _S.SUSPENDED,
    _E.FAULT: _S.TECHNICAL,
}

TRANSITIONS: Table[MeetingState, MeetingEvent] = {
    (_S.SCHEDULED, _E.OPEN_ROOM): _S.PRE_SHOW,
    (_S.PRE_SHOW, _E.GO_LIVE): _S.LIVE,
    **{(start, event): end for start in (_S.LIVE, *CLOSED) for event, end in _CUTS.items()},
    **{(start, _E.RETURN_TO_PUBLIC): _S.LIVE for start in CLOSED},
    **{(start, _E.END): _S.ENDED for start in (_S.LIVE, *CLOSED)},
    (_S.ENDED, _E.PUBLISH): _S.PUBLISHED,
    (_S.ENDED, _E.WITHHOLD): _S.WITHHELD,
    (_S.PUBLISHED, _E.WITHHOLD): _S.WITHHELD,
    (_S.WITHHELD, _E.PUBLISH): _S.PUBLISHED,
    (_S.PUBLISHED, _E.EXPIRE): _S.EXPIRED,
    (_S.WITHHELD, _E.EXPIRE): _S.EXPIRED,
}


def after(state: MeetingState, event: MeetingEvent) -> MeetingState:
    """The state after ``event``. Raises ``IllegalTransition``."""
    return step(TRANSITIONS, state, event, "meeting")

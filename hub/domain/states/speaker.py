"""A registered speaker's way from the form to the end of their slot (design section 7)."""

from enum import StrEnum

from hub.domain.people import Part
from hub.domain.states.machine import Table, step


class SpeakerState(StrEnum):
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    WAITING_LIST = "waiting_list"
    DECLINED = "declined"
    CHECKED_IN = "checked_in"
    CALLED = "called"
    ON_AIR = "on_air"
    DONE = "done"
    NO_SHOW = "no_show"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    """An officer took back an invitation."""
    REMOVED = "removed"
    """An officer took a resident out of the meeting, for a reason that they read."""


class SpeakerEvent(StrEnum):
    CONFIRM = "confirm"
    PUT_ON_WAITING_LIST = "put_on_waiting_list"
    DECLINE = "decline"
    CHECK_IN = "check_in"
    CALL = "call"
    STAND_BACK = "stand_back"
    ADMIT = "admit"
    FINISH = "finish"
    MISS = "miss"
    WITHDRAW = "withdraw"
    CHANGE_DEVICE = "change_device"
    FALL_BACK = "fall_back"
    """The connection was lost for long, and the page is open."""
    LOSE = "lose"
    """The connection was lost for long, and so was the page."""
    BRING_IN = "bring_in"
    """An officer lets somebody who was invited begin."""
    SEND_OUT = "send_out"
    REVOKE = "revoke"
    REMOVE = "remove"
    MOVE_UP = "move_up"
    """A place came free, and this was the first on the waiting list for whom the rules have it."""
    JOIN_BY_PHONE = "join_by_phone"
    """They are on the telephone, through the chamber's desk."""
    LEAVE_PHONE = "leave_phone"
    """They are not any more, and are waited for as before."""
    READ_OUT = "read_out"
    """An officer read out a written statement."""
    TAKE_BACK = "take_back"
    """The officer's last step is undone: as before it."""
    WAIT_AGAIN = "wait_again"
    """The same, of one who was hung up meanwhile: they are in the waiting room."""


_S, _E = SpeakerState, SpeakerEvent

WAITING = (_S.CHECKED_IN, _S.CALLED)
MOVABLE = (_S.CONFIRMED, _S.CHECKED_IN)
"""Officers may put them into another order; who is called or on air has begun."""
LINK_WORKS = frozenset(
    {_S.SUBMITTED, _S.CONFIRMED, _S.WAITING_LIST, _S.CHECKED_IN, _S.CALLED, _S.ON_AIR, _S.NO_SHOW}
)
"""The personal link opens the speaker's page for what it is for; afterwards it only says how it ended."""

TRANSITIONS: Table[SpeakerState, SpeakerEvent] = {
    (_S.SUBMITTED, _E.CONFIRM): _S.CONFIRMED,
    (_S.SUBMITTED, _E.PUT_ON_WAITING_LIST): _S.WAITING_LIST,
    (_S.SUBMITTED, _E.DECLINE): _S.DECLINED,
    (_S.WAITING_LIST, _E.MOVE_UP): _S.SUBMITTED,
    (_S.WAITING_LIST, _E.CONFIRM): _S.CONFIRMED,
    (_S.WAITING_LIST, _E.DECLINE): _S.DECLINED,
    (_S.CONFIRMED, _E.CHECK_IN): _S.CHECKED_IN,
    (_S.CONFIRMED, _E.DECLINE): _S.DECLINED,
    (_S.CONFIRMED, _E.MISS): _S.NO_SHOW,
    (_S.CONFIRMED, _E.READ_OUT): _S.DONE,
    (_S.CHECKED_IN, _E.CALL): _S.CALLED,
    (_S.CHECKED_IN, _E.MISS): _S.NO_SHOW,
    (_S.CALLED, _E.STAND_BACK): _S.CHECKED_IN,
    (_S.CALLED, _E.ADMIT): _S.ON_AIR,
    (_S.CALLED, _E.MISS): _S.NO_SHOW,
    (_S.ON_AIR, _E.FINISH): _S.DONE,
    # Another device is another camera: an officer admits it anew.
    (_S.ON_AIR, _E.CHANGE_DEVICE): _S.CALLED,
    (_S.NO_SHOW, _E.CHECK_IN): _S.CHECKED_IN,
    (_S.CONFIRMED, _E.JOIN_BY_PHONE): _S.CHECKED_IN,
    (_S.NO_SHOW, _E.JOIN_BY_PHONE): _S.CHECKED_IN,
    **{(here, _E.JOIN_BY_PHONE): here for here in (_S.CHECKED_IN, _S.CALLED, _S.ON_AIR)},
    (_S.CHECKED_IN, _E.LEAVE_PHONE): _S.CONFIRMED,
    (_S.CALLED, _E.LEAVE_PHONE): _S.CONFIRMED,
    (_S.CALLED, _E.FALL_BACK): _S.CHECKED_IN,
    (_S.ON_AIR, _E.FALL_BACK): _S.CHECKED_IN,
    (_S.CALLED, _E.LOSE): _S.NO_SHOW,
    (_S.ON_AIR, _E.LOSE): _S.NO_SHOW,
    (_S.ON_AIR, _E.TAKE_BACK): _S.CALLED,
    (_S.DONE, _E.TAKE_BACK): _S.CONFIRMED,
    (_S.NO_SHOW, _E.TAKE_BACK): _S.CONFIRMED,
    (_S.DONE, _E.WAIT_AGAIN): _S.CHECKED_IN,
    (_S.NO_SHOW, _E.WAIT_AGAIN): _S.CHECKED_IN,
    **{
        (start, _E.REMOVE): _S.REMOVED
        for start in (_S.CONFIRMED, _S.CHECKED_IN, _S.CALLED, _S.ON_AIR, _S.NO_SHOW)
    },
    **{
        (start, _E.WITHDRAW): _S.WITHDRAWN
        for start in (_S.SUBMITTED, _S.WAITING_LIST, _S.CONFIRMED, _S.CHECKED_IN, _S.CALLED)
    },
}

INVITED: Table[SpeakerState, SpeakerEvent] = {
    (_S.CONFIRMED, _E.CHECK_IN): _S.CHECKED_IN,
    (_S.CHECKED_IN, _E.BRING_IN): _S.ON_AIR,
    (_S.ON_AIR, _E.SEND_OUT): _S.CHECKED_IN,
    (_S.ON_AIR, _E.CHANGE_DEVICE): _S.CHECKED_IN,
    (_S.ON_AIR, _E.FINISH): _S.DONE,
    (_S.CONFIRMED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.CHECKED_IN, _E.WITHDRAW): _S.WITHDRAWN,
    **{(start, _E.REVOKE): _S.REVOKED for start in (_S.CONFIRMED, _S.CHECKED_IN, _S.ON_AIR)},
}
"""Of interpreters, signers and presenters: they are not called, and stay until they are sent out."""


def after(state: SpeakerState, event: SpeakerEvent, part: Part = Part.SPEAKER) -> SpeakerState:
    """The state after ``event``. Raises ``IllegalTransition``."""
    return step(TRANSITIONS if part is Part.SPEAKER else INVITED, state, event, part)

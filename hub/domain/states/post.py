"""A post's way from a resident's form into a discussion.

Nobody reads it before its author has confirmed an e-mail address, and only officers before APPROVED.
"""

from enum import StrEnum

from hub.domain.states.machine import Table, step


class PostState(StrEnum):
    UNCONFIRMED = "unconfirmed"
    """Its author has not opened the link in the e-mail yet."""
    PENDING = "pending"
    APPROVED = "approved"
    MERGED = "merged"
    """Another post says the same, and stands for both."""
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    """By who wrote it."""


class PostEvent(StrEnum):
    CONFIRM = "confirm"
    APPROVE = "approve"
    MERGE = "merge"
    REJECT = "reject"
    PUT_BACK = "put_back"
    """One step back, after a mistake: to be read again."""
    WITHDRAW = "withdraw"


class PostReason(StrEnum):
    """Why a post is not published, as its author is told."""

    OFF_TOPIC = "off_topic"
    PERSONAL = "personal"
    ABUSIVE = "abusive"
    REPEATED = "repeated"
    OTHER = "other"


_S, _E = PostState, PostEvent

TRANSITIONS: Table[PostState, PostEvent] = {
    (_S.UNCONFIRMED, _E.CONFIRM): _S.PENDING,
    (_S.UNCONFIRMED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.PENDING, _E.APPROVE): _S.APPROVED,
    (_S.PENDING, _E.REJECT): _S.REJECTED,
    (_S.PENDING, _E.MERGE): _S.MERGED,
    (_S.PENDING, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.APPROVED, _E.REJECT): _S.REJECTED,
    (_S.APPROVED, _E.MERGE): _S.MERGED,
    (_S.APPROVED, _E.PUT_BACK): _S.PENDING,
    (_S.APPROVED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.REJECTED, _E.APPROVE): _S.APPROVED,
    (_S.REJECTED, _E.PUT_BACK): _S.PENDING,
    (_S.MERGED, _E.PUT_BACK): _S.PENDING,
}


def after(state: PostState, event: PostEvent) -> PostState:
    """The state after ``event``. Raises ``IllegalTransition``."""
    return step(TRANSITIONS, state, event, "post")


def may(state: PostState, event: PostEvent) -> bool:
    """Whether the table has such a move."""
    return (state, event) in TRANSITIONS

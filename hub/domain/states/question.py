"""A question's way from a viewer to an answer (design section 7).

Only its author and staff see it before APPROVED.
"""

from enum import StrEnum

from hub.domain.states.machine import Table, step


class QuestionState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    MERGED = "merged"
    REJECTED = "rejected"
    ANSWERING = "answering"
    ANSWERED = "answered"


class QuestionEvent(StrEnum):
    APPROVE = "approve"
    MERGE = "merge"
    REJECT = "reject"
    START_ANSWER = "start_answer"
    PUT_BACK = "put_back"
    FINISH_ANSWER = "finish_answer"


_S, _E = QuestionState, QuestionEvent

PUBLIC = frozenset({_S.APPROVED, _S.ANSWERING, _S.ANSWERED})

TRANSITIONS: Table[QuestionState, QuestionEvent] = {
    (_S.PENDING, _E.APPROVE): _S.APPROVED,
    (_S.PENDING, _E.REJECT): _S.REJECTED,
    (_S.PENDING, _E.MERGE): _S.MERGED,
    (_S.APPROVED, _E.MERGE): _S.MERGED,
    (_S.APPROVED, _E.REJECT): _S.REJECTED,
    (_S.APPROVED, _E.START_ANSWER): _S.ANSWERING,
    (_S.APPROVED, _E.FINISH_ANSWER): _S.ANSWERED,
    (_S.ANSWERING, _E.PUT_BACK): _S.APPROVED,
    (_S.ANSWERING, _E.FINISH_ANSWER): _S.ANSWERED,
    (_S.REJECTED, _E.APPROVE): _S.APPROVED,
}


def after(state: QuestionState, event: QuestionEvent) -> QuestionState:
    """The state after ``event``. Raises ``IllegalTransition``."""
    return step(TRANSITIONS, state, event, "question")

"""A question's way from a viewer to an answer (design section 7).

Only its author and staff see it before APPROVED, and what is REPLIED to its author alone they only ever see.
"""

from enum import StrEnum

from hub.domain.states.machine import Table, step


class QuestionState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    MERGED = "merged"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    """By who asked it."""
    ANSWERING = "answering"
    ANSWERED = "answered"
    REPLIED = "replied"
    """Answered in writing to who asked it, and never published."""


class QuestionEvent(StrEnum):
    APPROVE = "approve"
    EDIT = "edit"
    """By who asked it, before an officer has decided."""
    MERGE = "merge"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    START_ANSWER = "start_answer"
    PUT_BACK = "put_back"
    """One step back, after a mistake."""
    FINISH_ANSWER = "finish_answer"
    ANSWER = "answer"
    """In writing, for everybody."""
    REPLY = "reply"
    """In writing, to who asked."""


class RejectReason(StrEnum):
    """Why a question is not published, as its author is told."""

    OFF_TOPIC = "off_topic"
    PERSONAL = "personal"
    ABUSIVE = "abusive"
    ANSWERED = "answered"
    NO_QUESTION = "no_question"
    OTHER = "other"


class AnswerKind(StrEnum):
    """How a question was answered."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    PRIVATE = "private"
    """In writing, to who asked."""


_S, _E = QuestionState, QuestionEvent

PUBLIC = frozenset({_S.APPROVED, _S.ANSWERING, _S.ANSWERED})

TRANSITIONS: Table[QuestionState, QuestionEvent] = {
    (_S.PENDING, _E.APPROVE): _S.APPROVED,
    (_S.PENDING, _E.EDIT): _S.PENDING,
    (_S.PENDING, _E.REJECT): _S.REJECTED,
    (_S.PENDING, _E.MERGE): _S.MERGED,
    (_S.PENDING, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.PENDING, _E.REPLY): _S.REPLIED,
    (_S.APPROVED, _E.MERGE): _S.MERGED,
    (_S.APPROVED, _E.REJECT): _S.REJECTED,
    (_S.APPROVED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.APPROVED, _E.PUT_BACK): _S.PENDING,
    (_S.APPROVED, _E.START_ANSWER): _S.ANSWERING,
    (_S.APPROVED, _E.FINISH_ANSWER): _S.ANSWERED,
    (_S.APPROVED, _E.ANSWER): _S.ANSWERED,
    (_S.APPROVED, _E.REPLY): _S.ANSWERED,
    (_S.ANSWERING, _E.PUT_BACK): _S.APPROVED,
    (_S.ANSWERING, _E.FINISH_ANSWER): _S.ANSWERED,
    (_S.ANSWERING, _E.ANSWER): _S.ANSWERED,
    (_S.ANSWERED, _E.PUT_BACK): _S.APPROVED,
    (_S.ANSWERED, _E.ANSWER): _S.ANSWERED,
    (_S.MERGED, _E.PUT_BACK): _S.PENDING,
    (_S.REJECTED, _E.APPROVE): _S.APPROVED,
    (_S.REJECTED, _E.PUT_BACK): _S.PENDING,
    (_S.REJECTED, _E.REPLY): _S.REPLIED,
    (_S.REPLIED, _E.REPLY): _S.REPLIED,
}


def after(state: QuestionState, event: QuestionEvent) -> QuestionState:
    """The state after ``event``. Raises ``IllegalTransition``."""
    return step(TRANSITIONS, state, event, "question")


def may(state: QuestionState, event: QuestionEvent) -> bool:
    """Whether the table has such a move."""
    return (state, event) in TRANSITIONS

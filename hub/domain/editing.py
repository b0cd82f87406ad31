"""Until when the author of a question may change its words: until it is somebody else's business, too."""

from hub.domain.models import Question
from hub.domain.states.question import PUBLIC, QuestionState

_DECIDED = {
    QuestionState.WITHDRAWN: "You took it back, so it can no longer be changed.",
    QuestionState.MERGED: "It was put together with another question, so it can no longer be changed.",
}


def why_fixed(question: Question, stands_for_others: bool) -> str:
    """Why it can no longer be changed, as its author is told; "" while it can.

    Nobody's support may end up under other words than they read, nor may a question that was merged into it.
    """
    if question.state in PUBLIC:
        return "It has been published, so it can no longer be changed."
    if question.state is not QuestionState.PENDING:
        return _DECIDED.get(
            question.state, "An officer has decided about it, so it can no longer be changed."
        )
    if question.votes:
        return "Others have voted for it, so it can no longer be changed."
    if stands_for_others:
        return "Another question was put together with it, so it can no longer be changed."
    return ""

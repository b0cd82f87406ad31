"""In which order the published questions are read."""

from collections.abc import Sequence
from enum import StrEnum

from hub.domain.snapshots import ItemView, QuestionView

_RANK = {"answering": 0, "approved": 1, "answered": 2}


class QuestionOrder(StrEnum):
    """By the time they were asked, unless the reader wishes otherwise: votes advise, and can be stuffed."""

    ASKED = "asked"
    VOTES = "votes"
    ITEM = "item"


def order_of(text: str) -> QuestionOrder:
    """What the address of a page asks for."""
    return next((order for order in QuestionOrder if order == text), QuestionOrder.ASKED)


def ordered(
    questions: Sequence[QuestionView], order: QuestionOrder, agenda: Sequence[ItemView]
) -> list[QuestionView]:
    """What is being answered, then what waits in this order, then what is done."""
    places = {item.id: place for place, item in enumerate(agenda)}

    def wish(question: QuestionView) -> int:
        if order is QuestionOrder.VOTES:
            return -question.votes
        if order is QuestionOrder.ITEM:
            return -1 if question.item_id is None else places.get(question.item_id, len(agenda))
        return 0

    return sorted(questions, key=lambda one: (_RANK[one.state], wish(one), one.id))

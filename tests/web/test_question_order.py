"""Published questions are read in the order in which they were asked; others are a link away."""

import re

import pytest

from hub.domain.snapshots import QuestionView
from tests.web.conftest import Site
from web.question_order import QuestionOrder, order_of, ordered


def question(number: int, state: str = "approved", votes: int = 0) -> QuestionView:
    return QuestionView(
        id=number, text=f"Question {number}", author="", item_id=None, state=state, votes=votes
    )


def test_what_is_being_answered_stands_first_and_what_is_done_last_in_any_order() -> None:
    rows = [question(1, "answered", 9), question(2), question(3, votes=2), question(4, "answering")]
    ids = {order: [row.id for row in ordered(rows, order, [])] for order in QuestionOrder}
    assert ids == {"asked": [4, 2, 3, 1], "votes": [4, 3, 2, 1], "item": [4, 2, 3, 1]}


@pytest.mark.parametrize("text", ["", "newest", "votes&x", "VOTES"])
def test_an_order_that_there_is_not_is_the_usual_one(text: str) -> None:
    assert order_of(text) is QuestionOrder.ASKED


async def test_the_page_offers_three(site: Site) -> None:
    assert "question-order" not in await site.text(site.meeting)

    async def published(text: str, item_id: int | None = None) -> int:
        asker = site.house.viewer("device-1")
        answer = await site.house.do("question.submit", asker, text=text, item_id=item_id)
        await site.house.do("question.approve", question_id=answer["question"]["id"])
        return int(answer["question"]["id"])

    first = await published("First, about item 3?", site.house.items[2])
    second = await published("Second, about item 1?", site.house.items[0])
    third = await published("Third, about nothing?")
    async with site.client.post(f"{site.meeting}/questions/{third}/vote") as response:
        assert response.status == 200

    async def read(query: str) -> list[int]:
        page = await site.text(f"{site.meeting}{query}")
        return [int(number) for number in re.findall(r'<li id="question-(\d+)"', page)]

    assert await read("") == [first, second, third]
    assert await read("?questions=votes") == [third, first, second]
    assert await read("?questions=item") == [third, second, first]
    page = await site.text(f"{site.meeting}?questions=item")
    assert re.findall(r'aria-current="true">([^<]+)</a>', page) == ["By item"]

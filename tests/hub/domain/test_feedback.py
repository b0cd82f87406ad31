"""Feedback on a webinar: when it is over, once for each device, for officers only."""

from typing import Any

import pytest

from hub.domain.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from hub.domain.limits import TELLING
from hub.domain.snapshots import FeedbackView
from hub.domain.views import feedback_records, has_told, public_snapshot, staff_snapshot
from tests.hub.conftest import House
from tests.hub.webinar import hold


@pytest.fixture
async def webinar(house: House) -> House:
    webinar = await hold(house)
    await webinar.live()
    return webinar


async def tell(webinar: House, rating: int = 5, text: str = "", device: str = "a", **more: Any) -> None:
    await webinar.do("feedback.give", webinar.viewer(device), rating=rating, text=text, **more)


async def end(webinar: House) -> None:
    await webinar.do("meeting.end", confirmed=True)


async def test_officers_see_the_mean_and_the_texts_and_the_public_nothing(webinar: House) -> None:
    assert (await staff_snapshot(webinar.desk, webinar.ref)).feedback is None
    await end(webinar)
    nothing = FeedbackView(people=0, counts=[0] * 5, mean=None, texts=[])
    assert (await staff_snapshot(webinar.desk, webinar.ref)).feedback == nothing
    await tell(webinar, 5, " FEEDBACK-ONE ")
    await tell(webinar, 2, device="b")
    await tell(webinar, 4, "FEEDBACK-TWO", device="c")
    assert (await staff_snapshot(webinar.desk, webinar.ref)).feedback == FeedbackView(
        people=3, counts=[0, 1, 0, 1, 1], mean=3.67, texts=["FEEDBACK-TWO", "FEEDBACK-ONE"]
    )
    assert "FEEDBACK" not in (await public_snapshot(webinar.desk, webinar.ref)).model_dump_json()
    record = await feedback_records(webinar.desk, webinar.ref)
    assert (record.people, record.mean) == (3, 3.67)
    assert [(one.rating, one.text) for one in record.feedback] == [
        (5, "FEEDBACK-ONE"),
        (2, ""),
        (4, "FEEDBACK-TWO"),
    ]


async def test_once_for_each_device(webinar: House) -> None:
    await end(webinar)
    assert not await has_told(webinar.desk, webinar.ref, "a")
    await tell(webinar, client_id="same")
    await tell(webinar, client_id="same")
    with pytest.raises(Conflict, match="already"):
        await tell(webinar, 1)
    assert await has_told(webinar.desk, webinar.ref, "a")
    assert (await feedback_records(webinar.desk, webinar.ref)).people == 1


async def test_only_of_a_webinar_that_is_over(webinar: House, house: House) -> None:
    with pytest.raises(Forbidden, match="is over"):
        await tell(webinar)
    with pytest.raises(NotFound):
        await tell(house)
    await end(webinar)
    with pytest.raises(Forbidden):
        await webinar.do("feedback.give", rating=5)


@pytest.mark.parametrize("wrong", [{"rating": 0}, {"rating": 6}, {"rating": "5"}, {"text": "x" * 1001}])
async def test_what_is_no_feedback_is_refused(webinar: House, wrong: dict[str, Any]) -> None:
    await end(webinar)
    with pytest.raises(Invalid):
        await webinar.do("feedback.give", webinar.viewer(), **({"rating": 5} | wrong))
    assert (await feedback_records(webinar.desk, webinar.ref)).people == 0


async def test_too_much_from_one_place(webinar: House) -> None:
    await end(webinar)
    for number in range(TELLING.meeting.burst):
        webinar.desk.limits.spend(
            TELLING, webinar.clock.now(), meeting=webinar.ref, device=str(number), place=""
        )
    with pytest.raises(TooMany):
        await tell(webinar)

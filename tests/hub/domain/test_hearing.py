"""Viewers who cannot hear, counted once a minute each, and an officer who takes note."""

import pytest
from sqlmodel import select

from hub.domain.errors import Forbidden, IllegalTransition, TooMany
from hub.domain.models import HearingReport
from hub.domain.snapshots import HearingView
from hub.domain.views import public_snapshot, staff_snapshot
from tests.hub.conftest import House


async def heard(house: House) -> HearingView | None:
    return (await staff_snapshot(house.desk, house.ref)).hearing


async def reports(house: House) -> int:
    async with house.desk.store.read() as session:
        return len((await session.exec(select(HearingReport))).all())


async def test_a_device_counts_once_a_minute(house: House) -> None:
    await house.live()
    assert await heard(house) is None
    house.clock.advance(seconds=61)
    for device in ("a", "a", "b"):
        await house.do("hearing.report", house.viewer(device))
    assert await reports(house) == 2
    house.clock.advance(seconds=60)
    await house.do("hearing.report", house.viewer("a"))
    assert await reports(house) == 3
    view = await heard(house)
    assert view is not None
    assert (view.people, view.last_ms - view.since_ms, view.seconds) == (2, 60_000, 61)


async def test_an_officer_takes_note_and_later_reports_are_news(house: House) -> None:
    await house.live()
    await house.do("hearing.report", house.viewer("a"))
    await house.do("hearing.clear")
    assert await heard(house) is None
    house.clock.advance(seconds=1)
    await house.do("hearing.report", house.viewer("b"))
    view = await heard(house)
    assert view is not None
    assert view.people == 1
    house.clock.advance(minutes=6)
    assert await heard(house) is None, "old news"
    assert "hearing.clear" in [line.action for line in (await staff_snapshot(house.desk, house.ref)).audit]


async def test_there_is_nothing_to_hear_unless_the_meeting_is_live(house: House) -> None:
    with pytest.raises(IllegalTransition, match="nothing to hear"):
        await house.do("hearing.report", house.viewer())
    await house.live()
    await house.do("meeting.private")
    with pytest.raises(IllegalTransition):
        await house.do("hearing.report", house.viewer())
    assert await reports(house) == 0


async def test_only_viewers_report_and_only_officers_take_note(house: House) -> None:
    await house.live()
    with pytest.raises(Forbidden):
        await house.do("hearing.report")
    with pytest.raises(Forbidden):
        await house.do("hearing.clear", house.viewer())


async def test_a_flood_is_refused_and_nothing_of_it_is_public(house: House) -> None:
    await house.live()
    for _ in range(3):
        await house.do("hearing.report", house.viewer())
    with pytest.raises(TooMany):
        await house.do("hearing.report", house.viewer())
    assert "hearing" not in (await public_snapshot(house.desk, house.ref)).model_dump()

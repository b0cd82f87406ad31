"""Everybody can read when the public did not see a meeting, and why."""

from datetime import timedelta
from itertools import pairwise

import pytest

from hub.domain.commands.foreign_cuts import take_down
from hub.domain.errors import MediaUnavailable
from hub.domain.slates import technical
from hub.domain.states.meeting import MeetingEvent
from hub.domain.views import meeting_page
from hub.domain.views.withheld import WithheldView
from tests.hub.conftest import House

MINUTE = timedelta(minutes=1)


async def told(house: House) -> list[WithheldView]:
    return (await meeting_page(house.desk, house.ref)).withheld


async def test_each_time_is_listed_with_its_words(house: House) -> None:
    await house.live()
    assert await told(house) == [], "waiting for the meeting to begin is not withholding it"
    house.clock.advance(minutes=1)
    await house.do("meeting.private", item_id=house.items[3], paragraphs=[3], reason="OUR-REASON")
    (private,) = await told(house)
    assert private.until is None
    assert house.studio.slate is not None
    assert (private.title, private.lines) == (house.studio.slate.title, list(house.studio.slate.lines))
    house.clock.advance(minutes=1)
    await house.do("meeting.return", confirmed=True)
    house.clock.advance(minutes=1)
    await house.do("meeting.adjourn", reason="Tea")
    house.clock.advance(minutes=1)
    await house.do("meeting.technical")
    house.clock.advance(minutes=1)
    await house.do("meeting.end", confirmed=True)
    times = await told(house)
    assert [one.state for one in times] == ["private", "adjourned", "technical"]
    assert [one.until and one.until - one.since for one in times] == [MINUTE] * 3
    assert [after.since - before.since for before, after in pairwise(times)] == [2 * MINUTE, MINUTE]
    assert "OUR-REASON" not in str(times)


async def test_cut_past_the_hub_is_listed_from_its_own_moment(house: House) -> None:
    await house.live()
    since = house.clock.now()
    house.clock.advance(minutes=1)
    await take_down(house.desk, house.ref, MeetingEvent.FAULT, technical(), since)
    (cut,) = await told(house)
    assert (cut.since, cut.until) == (since, None)


async def test_refused_opening_ends_nothing(house: House) -> None:
    await house.live()
    await house.do("meeting.private")
    house.studio.broken = {"open_gate"}
    with pytest.raises(MediaUnavailable):
        await house.do("meeting.return", confirmed=True)
    (private,) = await told(house)
    assert private.until is None

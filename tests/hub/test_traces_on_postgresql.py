"""Sweeping what people left at a meeting, on PostgreSQL, which is strict about types and references."""

import pytest

from hub.domain.services.traces import sweep
from tests.hub.conftest import House
from tests.hub.domain.test_traces import PERSONAL, everything, found, play

pytestmark = pytest.mark.distributed


async def test_nothing_is_left_that_was_not_public(postgresql_house: House) -> None:
    webinar = await play(postgresql_house)
    assert found(await everything(webinar)) == list(PERSONAL)
    webinar.clock.advance(days=webinar.desk.kept_after_meeting.days)
    assert await sweep(webinar.desk) > 0
    assert found(await everything(webinar)) == []
    assert await sweep(webinar.desk) == 0

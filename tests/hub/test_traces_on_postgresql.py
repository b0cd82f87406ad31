"""Sweeping what people left at a meeting, on PostgreSQL, which is strict about types and references."""

from collections.abc import AsyncIterator

import pytest

from hub.database import Database
from hub.domain.services.traces import sweep
from hub.migrations import upgrade
from tests.hub.conftest import House, furnish
from tests.hub.domain.test_traces import PERSONAL, everything, found, play
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.distributed


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with PostgresServer() as server:
        await upgrade(server.url)
        async with Database(server.url) as database:
            yield await furnish(database)


async def test_nothing_is_left_that_was_not_public(house: House) -> None:
    webinar = await play(house)
    assert found(await everything(webinar)) == list(PERSONAL)
    webinar.clock.advance(days=webinar.desk.kept_after_meeting.days)
    assert await sweep(webinar.desk) > 0
    assert found(await everything(webinar)) == []
    assert await sweep(webinar.desk) == 0

"""Discussions and following on PostgreSQL, where rows are locked one by one and keys never come again."""

from collections.abc import AsyncIterator

import pytest

from hub.database import Database
from hub.domain.models import AddressMailKind
from hub.domain.services import notices
from hub.domain.services.forgetting import KEPT_AFTER_MEETING, tidy
from hub.domain.views import staff_snapshot
from hub.migrations import upgrade
from tests.hub.conftest import House, furnish
from tests.hub.discussions import open_hall
from tests.hub.fakes import START
from tests.hub.followers import Followers
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.distributed


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with PostgresServer() as server:
        await upgrade(server.url)
        async with Database(server.url) as database:
            yield await furnish(database)


async def test_the_whole_way(house: House) -> None:
    hall, people = await open_hall(house), Followers(house)
    post_id = await hall.pending()
    await hall.write("Nobody confirms this", device="phone")
    await house.do("post.approve", post_id=post_id)
    await people.follow("kim@example.org", items=[house.items[0]])
    await people.subscribe("kim@example.org", topic="mill")
    await people.plan("new")
    house.clock.advance(days=2)
    assert await notices.write_digests(house.desk) == 1
    await tidy(house.desk)
    assert await hall.states() == {"Keep the limes.": "approved"}
    house.clock.moment = START
    await house.live()
    assert await notices.tell(house.desk) == 2
    assert [kind for kind, _ in await people.written()] == [AddressMailKind.STARTED, AddressMailKind.NEXT]
    (told,) = (await staff_snapshot(house.desk, house.ref)).discussions
    assert told.posts[0].email == "sam@example.org"
    await house.do("meeting.end", confirmed=True)
    house.clock.moment = START + KEPT_AFTER_MEETING
    for _ in range(2):
        await tidy(house.desk)
    assert await hall.addresses() == ["kim@example.org"]
    assert [follow.topic for follow in await people.follows()] == ["mill"]

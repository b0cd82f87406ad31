"""Discussions and following on PostgreSQL, where rows are locked one by one and keys never come again."""

import pytest

from hub.domain.models import AddressMailKind
from hub.domain.services import notices
from hub.domain.services.forgetting import tidy
from hub.domain.views import staff_snapshot
from tests.hub.conftest import House
from tests.hub.discussions import open_hall
from tests.hub.fakes import START
from tests.hub.followers import Followers

pytestmark = pytest.mark.distributed


async def test_the_whole_way(postgresql_house: House) -> None:
    house = postgresql_house
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
    house.clock.moment = START + house.desk.kept_after_meeting
    for _ in range(2):
        await tidy(house.desk)
    assert await hall.addresses() == ["kim@example.org"]
    assert [follow.topic for follow in await people.follows()] == ["mill"]

"""How long addresses are kept, and that nothing is left of one that is forgotten."""

from datetime import timedelta

import pytest
from sqlmodel import func, select

from hub.domain.errors import Invalid, NotFound
from hub.domain.models import Address, AddressMail, Confirmation, Post
from hub.domain.services.addresses import UNCONFIRMED_KEPT
from hub.domain.services.forgetting import forget, tidy
from tests.hub.conftest import House
from tests.hub.discussions import Hall, open_hall
from tests.hub.fakes import START


@pytest.fixture
async def hall(house: House) -> Hall:
    return await open_hall(house)


async def rows(hall: Hall) -> dict[str, int]:
    async with hall.house.desk.store.read() as session:
        return {
            table.__name__: (await session.exec(select(func.count()).select_from(table))).one()
            for table in (Address, AddressMail, Confirmation, Post)
        }


NOTHING = {"Address": 0, "AddressMail": 0, "Confirmation": 0, "Post": 0}


async def test_what_nobody_confirms_is_deleted_after_its_time_and_not_before(hall: Hall) -> None:
    await hall.write()
    hall.house.clock.advance(seconds=UNCONFIRMED_KEPT.total_seconds() - 1)
    assert await tidy(hall.house.desk) == 0
    version = (await hall.house.meeting()).version
    hall.house.clock.advance(seconds=1)
    assert await tidy(hall.house.desk) > 0
    assert await rows(hall) == NOTHING
    assert (await hall.house.meeting()).version == version + 1
    assert await tidy(hall.house.desk) == 0


async def test_a_post_that_was_confirmed_stays_when_another_in_its_name_is_deleted(hall: Hall) -> None:
    await hall.pending("Mine")
    await hall.write("In my name", device="somebody else's")
    hall.house.clock.advance(seconds=UNCONFIRMED_KEPT.total_seconds())
    await tidy(hall.house.desk)
    assert await hall.states() == {"Mine": "pending"}
    assert await hall.addresses() == ["sam@example.org"]


async def test_the_owner_has_it_forgotten_and_what_was_published_stays(hall: Hall) -> None:
    published = await hall.write("Published")
    proof = await hall.confirm(published)
    token = await hall.token(published)
    await hall.house.do("post.approve", post_id=published)
    await hall.write("Waits", proof=proof)
    await forget(hall.house.desk, token)
    assert await rows(hall) == NOTHING | {"Post": 1}
    assert [post.text for post in (await hall.topic()).posts] == ["Published"]
    assert (await hall.row(published)).email == ""
    with pytest.raises(NotFound):
        await forget(hall.house.desk, token)
    with pytest.raises(Invalid, match="e-mail"):
        await hall.write("Again", proof=proof, email="")


async def test_an_address_that_comes_back_is_not_proven_by_what_a_browser_kept(hall: Hall) -> None:
    """SQLite gives the number of a deleted row to the next one."""
    post_id = await hall.write()
    proof, token = await hall.confirm(post_id), await hall.token(post_id)
    await forget(hall.house.desk, token)
    await hall.write("Mine", email="kim@example.org")
    await hall.write("Forged", device="phone", proof=proof, email="kim@example.org")
    assert await hall.states() == {"Mine": "unconfirmed", "Forged": "unconfirmed"}


async def test_addresses_are_deleted_some_time_after_the_meeting(hall: Hall) -> None:
    await hall.house.do("post.approve", post_id=await hall.pending())
    hall.house.clock.moment = START + hall.house.desk.kept_after_meeting - timedelta(seconds=1)
    await tidy(hall.house.desk)
    assert await hall.addresses() == ["sam@example.org"]
    hall.house.clock.advance(seconds=1)
    await tidy(hall.house.desk)
    assert await hall.addresses() == []
    assert [post.text for post in (await hall.topic()).posts] == ["Keep the limes."]

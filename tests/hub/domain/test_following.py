"""Following by e-mail: who is told what, once, and how it is stopped."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.errors import Forbidden, Invalid, NotFound, TooMany
from hub.domain.models import Address, AddressMailKind, AgendaItem, Confirmation, Meeting
from hub.domain.services import following, notices
from hub.domain.services.addresses import UNCONFIRMED_KEPT, proven
from hub.domain.services.following import follow_meeting, follow_meetings, stop, stop_key
from hub.domain.services.forgetting import tidy
from hub.domain.services.notices import told_now
from tests.hub.conftest import House
from tests.hub.fakes import START
from tests.hub.followers import Followers

STARTED, NEXT, DIGEST = AddressMailKind.STARTED, AddressMailKind.NEXT, AddressMailKind.DIGEST


@pytest.fixture
def people(house: House) -> Followers:
    house.clock.moment = START - timedelta(days=1)
    return Followers(house)


async def addresses(people: Followers) -> list[str]:
    async with people.house.desk.store.read() as session:
        return [row.email for row in (await session.exec(select(Address))).all()]


@pytest.mark.parametrize(("now", "due"), [(None, [1]), (1, [1, 2]), (2, [2, 3]), (3, [3]), (99, [1])])
def test_the_current_item_and_the_next_are_told(now: int | None, due: list[int]) -> None:
    assert told_now([1, 2, 3], now) == due
    assert told_now([], now) == []


async def test_nobody_is_told_before_the_meeting_is_public(people: Followers) -> None:
    first = people.house.items[0]
    await people.follow(items=[first])
    await people.house.do("meeting.open_room")
    assert await notices.tell(people.house.desk) == 0
    await people.house.do("meeting.go_live", confirmed=True)
    assert await notices.tell(people.house.desk) == 2
    assert await people.written() == [(STARTED, []), (NEXT, [])]


async def test_each_is_told_once_when_the_item_is_next(people: Followers) -> None:
    apologies, _, mill_lane, private, urgent = people.house.items
    await people.follow(start=False, items=[mill_lane, urgent])
    await people.house.live()
    assert await notices.tell(people.house.desk) == 0
    await people.house.next()
    assert await notices.tell(people.house.desk) == 1, "headings are nobody's turn"
    assert await notices.tell(people.house.desk) == 0
    await people.house.next()
    assert await notices.tell(people.house.desk) == 0
    await people.house.do("item.go", item_id=urgent, expected_version=(await people.house.meeting()).version)
    assert await notices.tell(people.house.desk) == 1, "the meeting jumped to it"
    assert [kind for kind, _ in await people.written()] == [NEXT, NEXT]
    assert apologies != private


async def test_who_has_not_confirmed_is_told_nothing(people: Followers) -> None:
    await people.ask()
    await people.house.live()
    assert await notices.tell(people.house.desk) == 0
    await people.confirm_newest()
    assert await notices.tell(people.house.desk) == 1, "late, and still true"


async def test_two_hubs_at_once_write_one_letter(people: Followers) -> None:
    for number in range(5):
        await people.follow(f"{number}@example.org")
    await people.house.live()
    told = await asyncio.gather(*(notices.tell(people.house.desk) for _ in range(4)))
    assert sum(told) == 5
    assert len(await people.written()) == 5


async def test_a_full_outbox_makes_them_wait_and_loses_nobody(
    people: Followers, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people.follow()
    await people.house.live()
    monkeypatch.setattr(notices, "MOST_WAITING", 1)
    assert await notices.tell(people.house.desk) == 0
    monkeypatch.undo()
    assert await notices.tell(people.house.desk) == 1


async def test_asking_twice_is_one_wish(people: Followers) -> None:
    await people.ask()
    await people.ask()
    await people.confirm_newest()
    await people.ask()
    assert len(await people.follows()) == 1


@pytest.mark.parametrize("which", ["heading", "nothing", "foreign"])
async def test_what_cannot_be_followed(people: Followers, which: str) -> None:
    items = {"heading": [people.house.items[1]], "nothing": [], "foreign": [999]}[which]
    with pytest.raises(Invalid) as refusal:
        await people.ask(start=False, items=items)
    assert refusal.value.field == "items"
    assert await addresses(people) == []


async def test_a_meeting_that_is_over_is_not_followed(people: Followers) -> None:
    await people.house.live()
    await people.house.do("meeting.end", confirmed=True)
    with pytest.raises(Forbidden):
        await people.ask()


async def test_an_unknown_committee_and_a_long_topic(people: Followers) -> None:
    desk = people.house.desk
    with pytest.raises(Invalid):
        await follow_meetings(desk, people.person(), committee_id=99, topic="")
    with pytest.raises(Invalid):
        await follow_meetings(desk, people.person(), committee_id=None, topic="x" * 61)


async def test_a_proven_browser_follows_at_once(people: Followers) -> None:
    await people.ask()
    proof = await people.confirm_newest()
    known = people.person("", proof)
    items = [people.house.items[0]]
    assert await follow_meeting(people.house.desk, people.house.ref, known, start=False, items=items)
    assert await follow_meetings(people.house.desk, known, committee_id=None, topic="trees")
    assert all(follow.confirmed_at for follow in await people.follows())


async def test_no_more_than_so_many_things_and_so_often(
    people: Followers, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people.subscribe(topic="0")
    monkeypatch.setattr(following, "MOST_FOLLOWED", 2)
    await people.subscribe(topic="1")
    with pytest.raises(TooMany, match="2 things"):
        await people.subscribe(topic="2")
    people.house.clock.advance(days=2)
    monkeypatch.undo()

    async def ask(number: int) -> None:
        person = people.person(f"{number}@example.org", device="one device")
        await follow_meetings(people.house.desk, person, committee_id=None, topic="")

    for number in range(5):
        await ask(number)
    with pytest.raises(TooMany, match="a lot at once"):
        await ask(5)


async def test_a_digest_has_what_is_new_and_changed_and_nothing_when_there_is_nothing(
    people: Followers,
) -> None:
    desk, clock = people.house.desk, people.house.clock
    await people.subscribe()
    assert await notices.write_digests(desk) == 0, "not before the next morning"
    clock.moment = datetime(2026, 11, 26, 7, tzinfo=UTC)
    assert await notices.write_digests(desk) == 1
    assert await people.written() == [], "what was planned when they asked is no news"
    await people.plan("new")
    clock.advance(hours=1)
    assert await notices.write_digests(desk) == 0, "once a day"
    clock.advance(days=1)
    await notices.write_digests(desk)
    assert await people.written() == [(DIGEST, [{"ref": "new", "changes": "new"}])]
    async with desk.store.write() as session:
        meeting = (await session.exec(select(Meeting).where(Meeting.ref == "new"))).one()
        meeting.agenda_status, meeting.location = "Cancelled", "Nowhere"
    clock.advance(days=1)
    await notices.write_digests(desk)
    assert (await people.written())[1:] == [(DIGEST, [{"ref": "new", "changes": "where status"}])]
    clock.advance(days=1)
    await notices.write_digests(desk)
    assert len(await people.written()) == 2


async def test_committees_and_topics_are_one_letter(people: Followers) -> None:
    desk, clock = people.house.desk, people.house.clock
    await people.subscribe(committee=1)
    await people.subscribe(topic="trees")
    await people.subscribe("kim@example.org", topic="budget")
    number = await people.plan("new")
    async with desk.store.write() as session:
        session.add(AgendaItem(meeting_id=number, number="1.", title="Felling of trees", position=0))
    clock.advance(days=1)
    assert await notices.write_digests(desk) == 2
    assert await people.written() == [(DIGEST, [{"ref": "new", "changes": "new"}])]


async def test_a_topic_that_comes_into_an_agenda_is_news(people: Followers) -> None:
    desk, clock = people.house.desk, people.house.clock
    number = await people.plan("new")
    await people.subscribe(topic="trees")
    async with desk.store.write() as session:
        session.add(AgendaItem(meeting_id=number, number="1.", title="Trees", position=0))
        session.add(AgendaItem(meeting_id=number, number="2.", title="", position=1, restricted=True))
    clock.advance(days=1)
    await notices.write_digests(desk)
    assert await people.written() == [(DIGEST, [{"ref": "new", "changes": "new"}])]


async def test_a_digest_is_written_once_by_two_hubs_and_after_a_kill(people: Followers) -> None:
    """Killed before the commit nothing was written; killed after it, all was."""
    desk, clock = people.house.desk, people.house.clock
    await people.subscribe()
    await people.plan("new")
    clock.advance(days=1)

    whole = desk.store

    class Killed(Exception):  # noqa: N818
        pass

    class Dying:
        """A store whose hub is killed just before the commit."""

        read = whole.read

        @asynccontextmanager
        async def write(self) -> AsyncIterator[AsyncSession]:
            async with whole.write() as session:
                yield session
                await session.flush()
                raise Killed

    desk.store = Dying()
    with pytest.raises(Killed):
        await notices.write_digests(desk)
    desk.store = whole
    assert await people.written() == []
    await asyncio.gather(*(notices.write_digests(desk) for _ in range(3)))
    assert len(await people.written()) == 1


async def test_one_press_stops_everything_and_deletes_the_address(people: Followers) -> None:
    await people.follow(items=[people.house.items[0]])
    await people.subscribe(topic="trees")
    async with people.house.desk.store.read() as session:
        address = (await session.exec(select(Address))).one()
    shown = stop_key(people.house.desk, address)
    first, *rest = await people.follows()
    assert not await stop(people.house.desk, shown, first.id)
    assert [one.id for one in await people.follows()] == [one.id for one in rest]
    assert await stop(people.house.desk, shown)
    assert await people.follows() == []
    assert await addresses(people) == []
    with pytest.raises(NotFound):
        await stop(people.house.desk, shown)


async def test_a_link_to_stop_is_no_proof_and_a_proof_stops_nothing(people: Followers) -> None:
    await people.ask()
    proof = await people.confirm_newest()
    desk = people.house.desk
    async with desk.store.read() as session:
        address = (await session.exec(select(Address))).one()
        assert await proven(desk, session, stop_key(desk, address)) is None
    with pytest.raises(NotFound):
        await stop(desk, proof)


async def test_nobody_stops_what_others_follow(people: Followers) -> None:
    await people.follow("sam@example.org")
    await people.follow("kim@example.org")
    async with people.house.desk.store.read() as session:
        sam = (await session.exec(select(Address).where(Address.email == "sam@example.org"))).one()
    (_, of_kim) = await people.follows()
    await stop(people.house.desk, stop_key(people.house.desk, sam), of_kim.id)
    assert of_kim.id in {one.id for one in await people.follows()}


async def test_wishes_and_addresses_go_with_the_meeting(people: Followers) -> None:
    await people.follow()
    await people.follow("kim@example.org")
    await people.subscribe("kim@example.org")
    await people.house.live()
    await notices.tell(people.house.desk)
    await people.house.do("meeting.end", confirmed=True)
    people.house.clock.advance(seconds=UNCONFIRMED_KEPT.total_seconds())
    await tidy(people.house.desk)
    assert [follow.kind for follow in await people.follows()] == ["digest"]
    await tidy(people.house.desk)
    assert await addresses(people) == ["kim@example.org"]


async def test_wishes_that_nobody_confirms_are_deleted(people: Followers) -> None:
    await people.ask()
    people.house.clock.advance(seconds=UNCONFIRMED_KEPT.total_seconds())
    await tidy(people.house.desk)
    assert await people.follows() == []
    assert await addresses(people) == []
    async with people.house.desk.store.read() as session:
        assert (await session.exec(select(Confirmation))).all() == []

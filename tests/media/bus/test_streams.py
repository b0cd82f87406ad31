"""The bus over a real Redis."""

import asyncio

import pytest
from redis.asyncio import Redis

from media.access_unit import AccessUnit, Track
from media.bus import BusAddress, Subscription, open_publisher, subscribe
from media.bus.streams import EXPIRE_SECONDS, KEPT_UNITS, Continuity, Entry, StreamsSubscription, stream_key
from tests.media.bus.units import picture, small, sound
from tests.support.redis import RedisServer

DEADLINE = 30.0


async def take(subscription: Subscription, count: int) -> list[AccessUnit]:
    units = aiter(subscription)
    async with asyncio.timeout(DEADLINE):
        return [await anext(units) for _ in range(count)]


@pytest.fixture
def address(redis_server: RedisServer) -> BusAddress:
    return BusAddress(f"{redis_server.url}#2026-11-26-planning")


async def test_a_late_reader_starts_at_the_last_key_picture(address: BusAddress) -> None:
    publisher = await open_publisher(address)
    early = [picture(0, key=True), *[sound(number) for number in range(200)]]
    late = [picture(1, key=True), *[picture(number) for number in range(2, 100)], sound(200)]
    for unit in early + late:
        publisher.publish(unit)
    await publisher.close()
    subscription = subscribe(address)
    assert await take(subscription, len(late)) == late
    second = await open_publisher(address)
    second.publish(picture(100))
    assert await take(subscription, 1) == [picture(100)]
    await subscription.close()
    await second.close()


@pytest.mark.parametrize("behind", [0, 1, 60])
async def test_a_late_reader_starts_at_the_key_pictures_of_both_renditions(
    address: BusAddress, behind: int
) -> None:
    publisher = await open_publisher(address)
    early = [small(0, key=True), picture(0, key=True)]
    early += [unit for number in range(1, 80) for unit in (sound(number), small(number), picture(number))]
    late = [small(80, key=True), picture(80, key=True)]
    late += [unit for number in range(81, 81 + behind) for unit in (small(number), picture(number))]
    for unit in early + late:
        publisher.publish(unit)
    await publisher.close()
    subscription = subscribe(address)
    assert await take(subscription, len(late)) == late
    await subscription.close()


async def test_a_reader_that_comes_between_two_key_pictures_has_both_renditions(address: BusAddress) -> None:
    publisher = await open_publisher(address)
    before = [small(0, key=True), picture(0, key=True), small(1), picture(1), small(2, key=True)]
    for unit in before:
        publisher.publish(unit)
    await publisher.close()
    subscription = subscribe(address)
    assert await take(subscription, 1) == [small(2, key=True)]
    again = await open_publisher(address)
    again.publish(picture(2, key=True))
    assert await take(subscription, 1) == [picture(2, key=True)]
    await subscription.close()
    await again.close()


async def test_the_stream_is_short_and_forgets(address: BusAddress, redis_server: RedisServer) -> None:
    publisher = await open_publisher(address)
    for start in range(0, 4000, 200):
        for number in range(start, start + 200):
            publisher.publish(picture(number, key=True, size=3000))
        while len(publisher._backlog):  # type: ignore[attr-defined]  # the test's own pacing
            await asyncio.sleep(0.001)
    await publisher.close()
    async with Redis(port=redis_server.port) as client:
        assert KEPT_UNITS <= await client.xlen(stream_key(address)) < KEPT_UNITS * 1.3
        assert 0 < await client.ttl(stream_key(address)) <= EXPIRE_SECONDS


async def test_sound_alone_is_read_too(address: BusAddress) -> None:
    publisher = await open_publisher(address)
    publisher.publish(sound(0))
    subscription = subscribe(address)
    assert await take(subscription, 1) == [sound(0)]
    await subscription.close()
    await publisher.close()


async def test_both_ends_survive_a_redis_restart(address: BusAddress, redis_server: RedisServer) -> None:
    publisher = await open_publisher(address)
    subscription = subscribe(address)
    publisher.publish(picture(0, key=True))
    assert await take(subscription, 1) == [picture(0, key=True)]
    await redis_server.stop()
    waiting = asyncio.create_task(take(subscription, 2))
    publisher.publish(picture(1))
    publisher.publish(picture(2, key=True))
    await redis_server.start()
    assert await waiting == [picture(1), picture(2, key=True)]
    await subscription.close()
    await publisher.close()


async def test_an_overflow_while_redis_is_away_goes_on_at_a_key_picture(
    address: BusAddress, redis_server: RedisServer
) -> None:
    await redis_server.stop()
    publisher = await open_publisher(address)
    for number in range(2100):
        publisher.publish(picture(number, key=number % 25 == 0))
    await redis_server.start()
    subscription = subscribe(address)
    units = aiter(subscription)
    async with asyncio.timeout(DEADLINE):
        first = await anext(units)
        assert first.key
        last = first
        while last.sequence != 2099:
            unit = await anext(units)
            assert unit.key or unit.sequence == last.sequence + 1
            last = unit
    await subscription.close()
    await publisher.close()


async def test_close_ends_a_waiting_reader(address: BusAddress) -> None:
    subscription = subscribe(address)

    async def read_all() -> list[AccessUnit]:
        return [unit async for unit in subscription]

    reading = asyncio.create_task(read_all())
    await asyncio.sleep(0)
    await subscription.close()
    async with asyncio.timeout(DEADLINE):
        assert await reading == []


@pytest.mark.parametrize("turns", range(8))
async def test_a_reader_that_is_cancelled_ends_whatever_came_just_then(
    address: BusAddress, turns: int
) -> None:
    """``turns`` of the event loop after an answer of Redis; one of them is when the reader tidies up."""
    subscription = subscribe(address)
    assert isinstance(subscription, StreamsSubscription)
    fetch, cancelled = subscription._fetch, asyncio.Event()

    async def fetch_and_be_cancelled(client: "Redis") -> list[Entry]:
        entries = await fetch(client)
        if entries and not cancelled.is_set():
            cancelled.set()
            later(turns)
        return entries

    def later(left: int) -> None:
        if left:
            asyncio.get_running_loop().call_soon(later, left - 1)
        else:
            reading.cancel()

    subscription._fetch = fetch_and_be_cancelled  # type: ignore[method-assign]
    reading = asyncio.create_task(take(subscription, 2))
    publisher = await open_publisher(address)
    publisher.publish(sound(0))
    await cancelled.wait()
    done, _ = await asyncio.wait({reading}, timeout=5)
    assert done, "it goes on reading"
    assert reading.cancelled()
    await publisher.close()
    await subscription.close()


def test_a_copy_is_dropped_and_a_gap_waits_for_a_key_picture() -> None:
    continuity = Continuity()
    units = [
        picture(0, key=True),
        picture(0, key=True),
        picture(1),
        picture(3),
        picture(4),
        sound(9),
        sound(11),
    ]
    units += [picture(5, key=True), picture(6), picture(0, session=8), picture(1, key=True, session=8)]
    accepted = [unit for unit in units if continuity.accept(unit)]
    assert [unit.sequence for unit in accepted if unit.track is Track.VIDEO_720] == [0, 1, 5, 6, 1]
    assert [unit.sequence for unit in accepted if unit.track is Track.OPUS] == [9, 11]


def test_an_address_needs_a_ref() -> None:
    with pytest.raises(ValueError, match="ref after a #"):
        subscribe(BusAddress("redis://127.0.0.1:6379/0"))

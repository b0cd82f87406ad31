"""The local bus over real sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest

from media.access_unit import AccessUnit
from media.bus import BusAddress, Subscription, open_publisher, subscribe
from media.bus.local import READ_AHEAD, Connection, LocalPublisher
from media.bus.wire import FrameDecoder, encode
from tests.media.bus.units import picture, sound

DEADLINE = 20.0


@pytest.fixture
def address(tmp_path: Path) -> BusAddress:
    return BusAddress(f"unix:{tmp_path}/x.bus")


@pytest.fixture
async def publisher(address: BusAddress) -> AsyncIterator[LocalPublisher]:
    opened = await LocalPublisher.open(address)
    yield opened
    await opened.close()


async def take(subscription: Subscription, count: int) -> list[AccessUnit]:
    units = aiter(subscription)
    async with asyncio.timeout(DEADLINE):
        return [await anext(units) for _ in range(count)]


async def test_a_late_reader_starts_with_the_kept_group(
    address: BusAddress, publisher: LocalPublisher
) -> None:
    for unit in (picture(0, key=True), picture(1), picture(2, key=True), sound(4), picture(3)):
        publisher.publish(unit)
    subscription = subscribe(address)
    assert await take(subscription, 3) == [picture(2, key=True), sound(4), picture(3)]
    publisher.publish(picture(4))
    assert await take(subscription, 1) == [picture(4)]
    await subscription.close()


async def test_a_reader_waits_for_its_publisher_and_for_the_next_one(address: BusAddress) -> None:
    subscription = subscribe(address)
    waiting = asyncio.create_task(take(subscription, 1))
    first = await open_publisher(address)
    first.publish(picture(0, key=True, session=1))
    assert await waiting == [picture(0, key=True, session=1)]
    await first.close()
    second = await open_publisher(address)
    second.publish(picture(0, key=True, session=2))
    assert await take(subscription, 1) == [picture(0, key=True, session=2)]
    await subscription.close()
    await second.close()


async def test_close_ends_the_iteration(address: BusAddress, publisher: LocalPublisher) -> None:
    publisher.publish(sound(0))
    subscription = subscribe(address)

    async def read_all() -> list[AccessUnit]:
        return [unit async for unit in subscription]

    first = await take(subscription, 1)
    reading = asyncio.create_task(read_all())
    await subscription.close()
    async with asyncio.timeout(DEADLINE):
        assert first + await reading == [sound(0)]


async def test_a_cancelled_wait_loses_nothing(address: BusAddress, publisher: LocalPublisher) -> None:
    publisher.publish(sound(0))
    subscription = subscribe(address)
    await take(subscription, 1)
    waiting = asyncio.ensure_future(anext(aiter(subscription)))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    publisher.publish(sound(1))
    assert await take(subscription, 1) == [sound(1)]
    await subscription.close()


async def test_a_stalled_reader_stops_nobody_and_continues_at_a_key_picture(
    address: BusAddress, publisher: LocalPublisher
) -> None:
    publisher.publish(picture(0, key=True))
    stalled = socket.socket(socket.AF_UNIX)
    stalled.setblocking(False)
    await asyncio.get_running_loop().sock_connect(stalled, address.url.removeprefix("unix:"))
    healthy = subscribe(address)
    assert await take(healthy, 1) == [picture(0, key=True)]
    last = 1600
    for number in range(1, last + 1):
        publisher.publish(picture(number, key=number % 100 == 0, size=10_000))
        if number % 50 == 0:
            await take(healthy, 50)
    publisher.publish(sound(0))

    reader, writer = await asyncio.open_unix_connection(sock=stalled)
    decoder, read = FrameDecoder(), [picture(0)][:0]
    async with asyncio.timeout(DEADLINE):
        while not read or read[-1] != sound(0):
            read += decoder.feed(await reader.read(65536))
    writer.close()
    pictures = read[:-1]
    gaps = [after for before, after in pairwise(pictures) if after.sequence != before.sequence + 1]
    assert gaps, "the stalled reader should have lost pictures"
    assert all(unit.key for unit in gaps)
    await healthy.close()


async def test_close_sends_what_is_waiting(address: BusAddress) -> None:
    publisher = await LocalPublisher.open(address)
    publisher.publish(picture(0, key=True))
    reader, writer = await asyncio.open_unix_connection(address.url.removeprefix("unix:"))
    decoder = FrameDecoder()
    assert decoder.feed(await reader.read(65536)) == [picture(0, key=True)]
    sent = [picture(number, size=50_000) for number in range(1, 40)]
    for unit in sent:
        publisher.publish(unit)
    closing = asyncio.create_task(publisher.close())
    read: list[AccessUnit] = []
    async with asyncio.timeout(DEADLINE):
        while data := await reader.read(65536):
            read += decoder.feed(data)
    assert read == sent
    await closing
    writer.close()
    assert not Path(address.url.removeprefix("unix:")).exists()


async def test_garbage_from_the_other_side_is_survived(tmp_path: Path) -> None:
    path = tmp_path / "x.bus"
    answers = [b"GET / HTTP/1.1\r\n\r\n", b""]
    good = LocalPublisher(path)

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answers[0])
        writer.close()
        server.close()
        await good._listen()

    server = await asyncio.start_unix_server(talk, path=str(path))
    subscription = subscribe(BusAddress(f"unix:{path}"))
    waiting = asyncio.create_task(take(subscription, 1))
    good.publish(sound(3))
    assert await waiting == [sound(3)]
    await subscription.close()
    await good.close()


class Pipe(asyncio.Transport):
    """A transport that counts."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.reading = True

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.writes.append(bytes(data))

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def is_closing(self) -> bool:
        return False

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True


async def test_what_is_published_at_one_moment_wakes_a_reader_once() -> None:
    pipe, publisher = Pipe(), LocalPublisher(Path())
    publisher.welcome().connection_made(pipe)
    moment = [sound(0), sound(1), picture(0, key=True)]
    for unit in moment:
        publisher.publish(unit)
    await asyncio.sleep(0)
    assert FrameDecoder().feed(b"".join(pipe.writes)) == moment
    assert len([data for data in pipe.writes if data]) == 1


async def test_a_reader_reads_no_further_ahead_than_it_may() -> None:
    pipe, connection = Pipe(), Connection()
    connection.connection_made(pipe)
    units = [sound(number) for number in range(READ_AHEAD + 1)]
    for unit in units:
        frame = encode(unit)
        connection.get_buffer(-1)[: len(frame)] = frame
        assert pipe.reading
        connection.buffer_updated(len(frame))
    assert not pipe.reading
    assert [await connection.take() for _ in units] == units
    waiting = asyncio.create_task(connection.take())
    await asyncio.sleep(0)
    assert pipe.reading
    connection.connection_lost(None)
    with pytest.raises(EOFError):
        await waiting

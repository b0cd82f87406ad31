"""The control channel over a real Unix socket."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from media.control.channel import ControlClient, ControlServer
from media.control.command import Disconnected, Done, Refused
from media.control.ingest import GetIngestStatus, IngestStatus, PublisherRefused, SetKeys

STATUS = IngestStatus(rtmp_port=1, srt_port=2, publishers={"rtmp": 3})


@pytest.fixture
def socket_path() -> Iterator[Path]:
    with TemporaryDirectory(prefix="moot") as folder:
        yield Path(folder) / "control"


@pytest.fixture
async def server(socket_path: Path) -> AsyncIterator[ControlServer]:
    async def status(_: GetIngestStatus) -> IngestStatus:
        return STATUS

    async def refuse(command: SetKeys) -> Done:
        if command.keys == []:
            raise RuntimeError("a bug")
        raise Refused("bad_key", "No.")

    server = ControlServer(socket_path, {GetIngestStatus: status, SetKeys: refuse})
    await server.start()
    yield server
    await server.close()


@pytest.fixture
async def client(server: ControlServer, socket_path: Path) -> AsyncIterator[ControlClient]:
    client = ControlClient(socket_path, (PublisherRefused,))
    await client.connect()
    yield client
    await client.close()


async def test_a_command_gets_its_reply_as_its_own_type(client: ControlClient) -> None:
    assert await client.call(GetIngestStatus()) == STATUS


async def test_replies_find_their_commands_when_many_wait(client: ControlClient) -> None:
    replies = await asyncio.gather(*(client.call(GetIngestStatus()) for _ in range(50)))
    assert replies == [STATUS] * 50


async def test_a_handler_that_fails_says_so_and_the_channel_lives_on(client: ControlClient) -> None:
    with pytest.raises(Refused, match="could not do this") as refusal:
        await client.call(SetKeys(keys=[]))
    assert refusal.value.code == "failed"
    assert await client.call(GetIngestStatus()) == STATUS


async def test_events_come_as_their_own_type(server: ControlServer, client: ControlClient) -> None:
    told = PublisherRefused(protocol="srt", address="nobody", sentence="No.")
    await client.call(GetIngestStatus())
    server.publish(told)
    async with asyncio.timeout(5):
        assert await anext(client.events()) == told


@pytest.mark.parametrize(
    "line",
    [
        b"not json\n",
        b"[]\n",
        b'{"id": 7}\n',
        b'{"id": 7, "call": "none", "args": {}}\n',
        b'{"id": 7, "call": "keys.set", "args": {"x": 1}}\n',
    ],
)
async def test_nonsense_is_answered_and_the_channel_lives_on(
    server: ControlServer, socket_path: Path, line: bytes
) -> None:
    reader, writer = await asyncio.open_unix_connection(socket_path)
    writer.write(line)
    answer = json.loads(await asyncio.wait_for(reader.readline(), 5))
    assert answer["ok"] is False
    assert answer["error"]["code"] == "bad_command"
    writer.write(b'{"id": 8, "call": "status", "args": {}}\n')
    assert json.loads(await asyncio.wait_for(reader.readline(), 5))["ok"] is True
    writer.close()
    await writer.wait_closed()


async def test_a_server_that_goes_away_ends_what_waits(socket_path: Path) -> None:
    arrived = asyncio.Event()

    async def never(_: GetIngestStatus) -> IngestStatus:
        arrived.set()
        await asyncio.Event().wait()
        return STATUS

    server = ControlServer(socket_path, {GetIngestStatus: never})
    await server.start()
    client = ControlClient(socket_path)
    await client.connect()
    waiting = asyncio.create_task(client.call(GetIngestStatus()))
    async with asyncio.timeout(5):
        await arrived.wait()
    await server.close()
    with pytest.raises(Disconnected):
        await waiting
    with pytest.raises(Disconnected):
        await client.call(GetIngestStatus())
    assert [event async for event in client.events()] == []
    await client.close()


async def test_only_the_owner_may_connect(server: ControlServer, socket_path: Path) -> None:
    assert socket_path.stat().st_mode & 0o077 == 0


async def test_a_command_does_not_wait_for_a_slow_one_before_it(socket_path: Path) -> None:
    slow_began, slow_may_end = asyncio.Event(), asyncio.Event()

    async def slow(_: SetKeys) -> Done:
        slow_began.set()
        await slow_may_end.wait()
        return Done()

    async def quick(_: GetIngestStatus) -> IngestStatus:
        return STATUS

    server = ControlServer(socket_path, {SetKeys: slow, GetIngestStatus: quick})
    await server.start()
    client = ControlClient(socket_path)
    await client.connect()
    slowly = asyncio.create_task(client.call(SetKeys(keys=[])))
    async with asyncio.timeout(5):
        await slow_began.wait()
    assert await client.call(GetIngestStatus()) == STATUS
    assert not slowly.done()
    slow_may_end.set()
    assert await slowly == Done()
    await client.close()
    await server.close()

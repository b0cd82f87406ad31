"""A studio that misbehaves, and a publisher that goes away, as the ingest process meets them."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from media.control.ingest import StreamKey
from media.ingest import delivery as delivery_module
from media.ingest.delivery import Delivery, Undeliverable
from media.ingest.ending import Ending
from tests.media.ingest.test_feeds import moving
from tests.support.waiting import until

POUR = [sys.executable, "-c", "import sys\nwhile True: sys.stdout.buffer.write(bytes(65536))"]
ECHO = [sys.executable, "-c", "import os\nwhile data := os.read(0, 65536): os.write(1, data)"]

Studio = Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]


@asynccontextmanager
async def delivering(path: Path, studio: Studio, command: list[str]) -> AsyncIterator[Delivery]:
    open_ends: list[asyncio.StreamWriter] = []
    met = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_ends.append(writer)
        met.set()
        if b'"source"' not in await reader.readline():
            return
        outcome = studio(reader, writer)
        if asyncio.iscoroutine(outcome):
            await outcome

    server = await asyncio.start_unix_server(serve, path)
    key = StreamKey(key="k", source="chamber", feeds_socket=str(path))
    try:
        yield await Delivery.open(key, "rtmp", "An encoder", command)
    finally:
        async with asyncio.timeout(5):
            await met.wait()
        for writer in open_ends:
            writer.transport.abort()
        server.close()
        await server.wait_closed()


async def run(delivery: Delivery) -> Ending:
    async with asyncio.timeout(10):
        return await delivery.run()


async def test_a_studio_that_reads_nothing_loses_the_publisher(tmp_path: Path) -> None:
    def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        transport = writer.transport
        assert isinstance(transport, asyncio.ReadTransport)
        transport.pause_reading()

    async with delivering(tmp_path / "s", deaf, POUR) as delivery:
        ending = await run(delivery)
    assert ending == Ending("The studio did not take the stream for two seconds.")


async def test_the_studios_last_word_is_passed_on(tmp_path: Path) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'{"ok": false, "sentence": "Not this codec."}\n')
        await writer.drain()
        writer.close()

    async with delivering(tmp_path / "s", refuse, POUR) as delivery:
        ending = await run(delivery)
    assert ending == Ending("Not this codec.", known=True)


@pytest.mark.parametrize("answer", [b"", b"[]\n", b"{}\n", b"nonsense\n", bytes(100_000)])
async def test_a_studio_that_breaks_off_ends_it(
    tmp_path: Path, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "AWAY_SECONDS", 0.3)

    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.close()

    async with delivering(tmp_path / "s", babble, ECHO) as delivery:
        ending = await run(delivery)
    assert ending == Ending("The studio closed the connection.")


async def test_the_next_studio_goes_on_where_the_stream_is(tmp_path: Path) -> None:
    """One that dies leaves no word; the encoder's child and its stream go on."""
    stream = moving(pictures=40)
    hellos: list[dict[str, Any]] = []
    got: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hellos.append(json.loads(await reader.readline()))
        if len(hellos) < 3:
            await reader.readexactly(1000)
            writer.transport.abort()
        else:
            got.set_result(await reader.read())
            writer.close()

    key = StreamKey(key="k", source="chamber", feeds_socket=str(tmp_path / "s"))
    async with await asyncio.start_unix_server(serve, tmp_path / "s"):
        delivery = await Delivery.open(key, "rtmp", "An encoder", ECHO)
        running = asyncio.create_task(run(delivery))
        for at in range(0, len(stream), 2000):
            await delivery.feed(stream[at : at + 2000])
            await until(lambda: hellos, "the studio")
        await until(lambda: len(hellos) == 3, "the third studio")
        delivery.finish()
        assert await running == Ending("The publisher left.", known=True)
        assert await got == stream
    assert [hello["source"] for hello in hellos] == ["chamber"] * 3
    kept = [hello["kept"] for hello in hellos]
    assert kept[0] == 0
    assert 1000 <= kept[1] <= kept[2] <= len(stream)


async def test_a_studio_that_stays_away_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_module, "AWAY_SECONDS", 0.2)

    async def dies(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (tmp_path / "s").unlink()
        writer.transport.abort()

    async with delivering(tmp_path / "s", dies, POUR) as delivery:
        assert await run(delivery) == Ending("The studio closed the connection.")


async def test_who_leaves_while_there_is_no_studio_has_left(tmp_path: Path) -> None:
    gone = asyncio.Event()

    async def dies(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1000)
        (tmp_path / "s").unlink()
        writer.transport.abort()
        gone.set()

    async with delivering(tmp_path / "s", dies, ECHO) as delivery:
        running = asyncio.create_task(run(delivery))
        await delivery.feed(bytes(1000))
        await gone.wait()
        delivery.finish()
        assert (await running).sentence in ("The publisher left.", "The studio closed the connection.")


async def test_what_was_fed_arrives_before_the_end(tmp_path: Path) -> None:
    got: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.set_result(await reader.read())
        writer.close()

    async with delivering(tmp_path / "s", listen, ECHO) as delivery:
        await delivery.feed(bytes(100_000))
        delivery.finish()
        ending = await run(delivery)
        assert len(await got) == 100_000
    assert ending == Ending("The publisher left.", known=True)


async def test_a_child_that_does_not_start_is_told_of(
    tmp_path: Path,
) -> None:
    with pytest.raises(Undeliverable, match="cannot start"):
        async with delivering(tmp_path / "s", lambda *_: None, ["/no/such/program"]):
            pass

"""A studio that misbehaves, and a publisher that goes away, as the ingest process meets them."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from media.control.ingest import StreamKey
from media.ingest.delivery import Delivery, Ending, Undeliverable

POUR = [sys.executable, "-c", "import sys\nwhile True: sys.stdout.buffer.write(bytes(65536))"]
ECHO = [sys.executable, "-c", "import sys, shutil; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)"]

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
async def test_a_studio_that_breaks_off_ends_it(tmp_path: Path, answer: bytes) -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.close()

    async with delivering(tmp_path / "s", babble, ECHO) as delivery:
        ending = await run(delivery)
    assert ending == Ending("The studio closed the connection.")


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

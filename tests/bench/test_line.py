"""A bad line is as bad as it says: datagrams and a connection through it, and netem told the same."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import pytest

from bench.impair.condition import CLEAR, CONDITIONS, Condition
from bench.impair.netem import down, up
from bench.impair.tunnel import Tunnel
from tests.support.network import WHY_NOT, Elsewhere, namespace
from tests.support.waiting import until, until_async

COUNT = 400
"""The devices hold 500 packets; what they would drop is not what is asked here."""
SO_RCVBUFFORCE = 33
BY_NAME = {condition.name: condition for condition in CONDITIONS}
needs_network = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)

ECHO = """
import asyncio, sys
class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport
        transport.get_extra_info("socket").setsockopt(1, 33, 8_000_000)
    def datagram_received(self, data, address): self.transport.sendto(data, address)
async def stream(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
async def main():
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(Echo, local_addr=("0.0.0.0", 7000))
    server = await asyncio.start_server(stream, "0.0.0.0", 7000)
    print("ready", flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


class Back(asyncio.DatagramProtocol):
    """What came back, by number."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.last = asyncio.Event()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        number = int.from_bytes(data[:4])
        if number == COUNT:
            self.last.set()
        else:
            self.numbers.append(number)


@asynccontextmanager
async def echo(elsewhere: Elsewhere) -> AsyncIterator[None]:
    """Somebody at the far end who sends everything back."""
    command = *elsewhere.within, sys.executable, "-c", ECHO
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(20):
            assert await process.stdout.readline() == b"ready\n"
        yield
    finally:
        process.terminate()
        await process.wait()


async def there_and_back(elsewhere: Elsewhere, line: Tunnel, condition: Condition) -> list[int]:
    """Which of so many numbered datagrams came back; the line is clear again afterwards."""
    loop = asyncio.get_running_loop()
    transport, back = await loop.create_datagram_endpoint(Back, remote_addr=(elsewhere.far(0), 7000))
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8_000_000)
    await line.become(condition)
    met = line.met
    for number in range(COUNT):
        transport.sendto(number.to_bytes(4) + bytes(1000))

    async def ended() -> bool:
        transport.sendto(COUNT.to_bytes(4))
        return back.last.is_set()

    await until(lambda: line.met >= met + COUNT, "the line to meet them all")
    await line.become(CLEAR)
    await until_async(ended, "the line to be clear")
    transport.close()
    return back.numbers


@asynccontextmanager
async def tunnelled() -> AsyncIterator[tuple[Elsewhere, Tunnel]]:
    """A line by our own means, wherever the kernel has others, and somebody at its end."""
    async with namespace() as elsewhere:
        line = Tunnel(elsewhere)
        await line.open()
        with closing(line):
            async with echo(elsewhere):
                yield elsewhere, line


@needs_network
async def test_the_line_loses_what_it_says_and_the_same_each_time() -> None:
    lost = []
    for _ in range(2):
        async with tunnelled() as (elsewhere, line):
            assert await there_and_back(elsewhere, line, CLEAR) == list(range(COUNT))
            came = await there_and_back(elsewhere, line, BY_NAME["5 % loss"])
            lost.append(sorted(set(range(COUNT)) - set(came)))
    assert 0.02 * COUNT < len(lost[0]) < 0.1 * COUNT
    assert lost[0] == lost[1], "it depends on the seed, however busy the machine is"


@needs_network
async def test_a_narrow_line_holds_half_a_second_and_drops_the_rest() -> None:
    async with tunnelled() as (elsewhere, line):
        came = await there_and_back(elsewhere, line, BY_NAME["800 kbit/s"])
        assert came == list(range(len(came))), "the first that came, in their order"
        assert 45 < len(came) < 60


@needs_network
async def test_nothing_passes_a_dead_line_and_a_connection_outlives_a_bad_one() -> None:
    async with tunnelled() as (elsewhere, line):
        assert await there_and_back(elsewhere, line, BY_NAME["3 s outage"]) == []
        reader, writer = await asyncio.open_connection(elsewhere.far(0), 7000)
        await line.become(BY_NAME["2 % loss"])
        writer.write(bytes(200_000))
        writer.write_eof()
        async with asyncio.timeout(30):
            assert len(await reader.read()) == 200_000
        writer.close()
        await writer.wait_closed()


def test_netem_is_told_the_same() -> None:
    assert down(CLEAR) == up(CLEAR) == ["delay", "0ms"]
    assert down(BY_NAME["2 % loss"]) == ["delay", "0ms", "loss", "2.00%"]
    assert down(BY_NAME["100 ms"]) == up(BY_NAME["100 ms"]) == ["delay", "50ms"]
    assert down(BY_NAME["800 kbit/s"]) == ["delay", "0ms", "rate", "800000bit", "limit", "40"]
    assert down(BY_NAME["3 s outage"]) == up(BY_NAME["3 s outage"]) == ["loss", "100%"]

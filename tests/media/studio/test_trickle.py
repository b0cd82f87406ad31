"""Candidates that a WHIP encoder finds after its offer (RFC 9725 section 4.3.2), against a real studio."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aioice import stun

from media.control.command import Refused
from media.control.feeds import CloseFeed, OpenFeed, Patched, PatchFeed
from media.sources.ice import listen_on
from media.sources.peer import MOST_CANDIDATES
from tests.media.studio.house import House
from tests.media.studio.publisher import Colour, Publisher, Tone

DEADLINE = 20.0
PRIORITY = 2_130_706_431


class Doorstep(asyncio.DatagramProtocol):
    """An address at which the studio may knock."""

    def __init__(self) -> None:
        self.knocks: asyncio.Queue[bytes] = asyncio.Queue()

    @classmethod
    async def open(cls) -> "Doorstep":
        loop = asyncio.get_running_loop()
        transport, doorstep = await loop.create_datagram_endpoint(cls, local_addr=("127.0.0.1", 0))
        doorstep.transport = transport
        doorstep.port = transport.get_extra_info("sockname")[1]
        return doorstep

    transport: asyncio.DatagramTransport
    port: int

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.knocks.put_nowait(data)

    async def names(self) -> str:
        """The user name of the next check."""
        async with asyncio.timeout(DEADLINE):
            message = stun.parse_message(await self.knocks.get())
        assert message.message_class is stun.Class.REQUEST
        return str(message.attributes["USERNAME"])


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    listen_on("127.0.0.1")
    house = House(tmp_path)
    await house.start()
    yield house
    assert await house.stop() == 0


@pytest.fixture
async def doorstep() -> AsyncIterator[Doorstep]:
    opened = await Doorstep.open()
    yield opened
    opened.transport.close()


async def without_candidates() -> str:
    """The offer of an encoder that has not found a way yet."""
    publisher = Publisher(Colour((120, 60, 70)), Tone(1000))
    offer = await publisher.offer()
    await publisher.close()
    return re.sub(r"a=(candidate:.*|end-of-candidates)\r\n", "", offer)


def value(sdp: str, name: str) -> str:
    found = re.search(rf"a={name}:(\S+)", sdp)
    assert found is not None
    return found[1]


def fragment(offer: str, *ports: int) -> str:
    candidates = "".join(f"a=candidate:1 1 udp {PRIORITY} 127.0.0.1 {port} typ host\r\n" for port in ports)
    return (
        f"a=ice-ufrag:{value(offer, 'ice-ufrag')}\r\na=ice-pwd:{value(offer, 'ice-pwd')}\r\n"
        f"m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:{value(offer, 'mid')}\r\n{candidates}a=end-of-candidates\r\n"
    )


async def test_the_studio_tries_what_an_encoder_finds_later(house: House, doorstep: Doorstep) -> None:
    offer = await without_candidates()
    answer = await house.client.call(OpenFeed(source="chamber", sdp=offer, label="Encoder"))
    tag = answer.etag.strip('"')
    assert answer.etag == f'"{tag}"'

    async def patch(text: str, *tags: str) -> Patched:
        return await house.client.call(PatchFeed(session=answer.session, fragment=text, tags=list(tags)))

    async def refused(text: str, *tags: str) -> str:
        with pytest.raises(Refused) as refusal:
            await patch(text, *tags)
        return refusal.value.code

    good = fragment(offer, doorstep.port)
    assert await refused(good, "another") == "stale"
    assert await refused("hello", tag) == "bad_fragment"
    restart = good.replace(value(offer, "ice-ufrag"), "another")
    assert await refused(restart, "*") == "no_restart"
    assert doorstep.knocks.empty()

    assert await patch(good, tag) == Patched()
    assert await doorstep.names() == f"{value(offer, 'ice-ufrag')}:{value(answer.sdp, 'ice-ufrag')}"
    await house.client.call(CloseFeed(session=answer.session))
    assert await refused(good, tag) == "no_session"


async def test_a_studio_does_not_knock_everywhere(house: House, doorstep: Doorstep) -> None:
    offer = await without_candidates()
    answer = await house.client.call(OpenFeed(source="chamber", sdp=offer, label="Encoder"))
    last = await Doorstep.open()
    allowed = fragment(offer, *range(1, MOST_CANDIDATES), last.port)
    preferred = fragment(offer, doorstep.port).replace(f" {PRIORITY} ", f" {PRIORITY + 1} ")
    for text in (allowed, preferred):
        await house.client.call(PatchFeed(session=answer.session, fragment=text, tags=["*"]))
    await last.names()
    assert doorstep.knocks.empty(), "one too many, and it would have been tried first"
    last.transport.close()
    await house.client.call(CloseFeed(session=answer.session))

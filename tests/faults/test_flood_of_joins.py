"""One address asks for hundreds of sessions by HTTP: it is told to stop, and nobody else notices."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector

from media.relay.door import HALF_OPEN_NEIGHBOURS
from tests.media.relay.player import Player
from tests.media.relay.test_sdp import CHROMIUM
from tests.support.demo import demo
from web.live.limits import BURST

SDP = {"Content-Type": "application/sdp"}
ANOTHER_STREET = "127.9.0.1"
"""Of this machine, and of another neighbourhood than the flood's."""
FLOOD = 300
TONE = 440.0
"""Of the demo's feed."""


@asynccontextmanager
async def resident(whep: str) -> AsyncIterator[Player]:
    """Somebody who comes from elsewhere, and hears the meeting."""
    viewer = Player()
    connector = TCPConnector(local_addr=(ANOTHER_STREET, 0))
    try:
        async with (
            ClientSession(connector=connector) as http,
            http.post(whep, data=await viewer.offer(), headers=SDP) as response,
        ):
            assert response.status == 201
            await viewer.accept(await response.text())
        await viewer.hears(TONE)
        yield viewer
    finally:
        await viewer.close()


async def flood(whep: str, body: str) -> Counter[int]:
    """All at once, from one address; how they were answered."""
    answers: Counter[int] = Counter()

    async def ask(http: ClientSession) -> None:
        async with http.post(whep, data=body, headers=SDP) as response:
            answers[response.status] += 1
            if response.status == 429:
                assert int(response.headers["Retry-After"]) > 0
                assert response.content_type == "application/problem+json"

    async with ClientSession() as http, asyncio.TaskGroup() as group:
        for _ in range(FLOOD):
            group.create_task(ask(http))
    return answers


@pytest.mark.timeout(240)
async def test_is_bounded_and_disturbs_nobody(tmp_path: Path) -> None:
    async with demo(tmp_path) as house, resident(house.links.whep) as viewer:
        sessions = await flood(house.links.whep, CHROMIUM)
        assert set(sessions) == {201, 429}
        assert sessions[201] <= HALF_OPEN_NEIGHBOURS
        nonsense = await flood(house.links.whep, "v=0\r\nnothing of the kind")
        assert set(nonsense) == {400, 429}
        assert nonsense[400] <= BURST + FLOOD // 10  # some are forgiven while the flood goes on
        await viewer.hears(TONE)
        async with resident(house.links.whep) as another:
            await another.hears(TONE)

"""The only place of the only relay is taken: whoever comes is told so, sent on, or let in when it is free.

Everything is real here, from the request to the relay's door; a viewer who has the place watches meanwhile.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urljoin

import pytest
from aiohttp import ClientResponse, ClientSession

from tests.media.relay.player import Player
from tests.support.demo import demo
from tests.support.waiting import until_async

SDP = {"Content-Type": "application/sdp"}
SECOND = "https://second.example"
TONE = 440.0
"""Of the demo's feed."""


class Taken:
    """A house for one viewer, who is there."""

    def __init__(self, http: ClientSession, whep: str, seat: str, viewer: Player) -> None:
        self.whep = whep
        self.viewer = viewer
        self._http = http
        self._seat = seat

    async def ask(self) -> ClientResponse:
        """One more wants to come in."""
        other = Player()
        try:
            offer = await other.offer()
        finally:
            await other.close()
        async with self._http.post(self.whep, data=offer, headers=SDP, allow_redirects=False) as response:
            await response.read()
            return response

    async def leave(self) -> None:
        """The viewer goes."""
        async with self._http.delete(self._seat) as response:
            assert response.status == 200


@asynccontextmanager
async def taken(folder: Path, overflow: str = "") -> AsyncIterator[Taken]:
    """Somebody watches in the only place."""
    settings = {"MOOTHALL_RELAY_CAPACITY": "1", "MOOTHALL_OVERFLOW_URL": overflow}
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(demo(folder, environment=settings))
        http = await stack.enter_async_context(ClientSession())
        viewer = Player()
        stack.push_async_callback(viewer.close)
        async with http.post(house.links.whep, data=await viewer.offer(), headers=SDP) as response:
            assert response.status == 201
            await viewer.accept(await response.text())
            seat = urljoin(house.links.whep, response.headers["Location"])
        await viewer.hears(TONE)
        yield Taken(http, house.links.whep, seat, viewer)


@pytest.mark.timeout(180)
async def test_says_when_to_come_again_and_lets_in_when_there_is_room(tmp_path: Path) -> None:
    async with taken(tmp_path) as house:
        for _ in range(5):
            response = await house.ask()
            assert response.status == 503
            assert response.content_type == "application/problem+json"
            assert (await response.json(content_type=None))["code"] == "full"
            assert int(response.headers["Retry-After"]) > 0
            assert response.headers["Access-Control-Allow-Origin"] == "*"
        await house.viewer.hears(TONE)
        await house.leave()

        async def let_in() -> bool:
            return (await house.ask()).status == 201

        assert await until_async(let_in, "the free place", 20.0)


@pytest.mark.timeout(180)
async def test_sends_on_to_the_house_that_takes_more(tmp_path: Path) -> None:
    async with taken(tmp_path, SECOND) as house:
        response = await house.ask()
        assert response.status == 307
        assert response.headers["Location"] == house.whep.replace(house.whep.split("/meetings")[0], SECOND)
        await house.viewer.hears(TONE)

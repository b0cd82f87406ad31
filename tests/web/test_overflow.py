"""A full house sends its players on: a real Chromium follows, and says goodbye to who took it in."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from media.control.command import Refused
from tests.support.browser import chromium, visitor
from tests.web.conftest import Site
from tests.web.engine import ANSWER
from web.assets import Assets
from web.live.exchange import CORS, FRAGMENT, SDP

pytestmark = pytest.mark.browser


@dataclass
class House:
    """Another one, which names its sessions without saying where it is."""

    address: str
    asked: list[tuple[str, str]] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.Response:
        """Take everybody in."""
        self.asked.append((request.method, request.path))
        if request.method == "OPTIONS":
            said = {
                "Access-Control-Allow-Methods": "POST, DELETE",
                "Access-Control-Allow-Headers": "Content-Type",
            }
            return web.Response(headers={**CORS, **said})
        if request.method == "DELETE":
            self.left.set()
            return web.Response(headers=CORS)
        located = {"Location": f"{request.path}/second-1", "Accept-Patch": FRAGMENT}
        return web.Response(status=201, text=ANSWER, content_type=SDP, headers={**CORS, **located})


@pytest.fixture
async def second() -> AsyncIterator[House]:
    house = House("")
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", house.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    house.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield house
    await runner.cleanup()


@pytest.fixture
def overflow_url(second: House) -> str:
    return second.address


@pytest.fixture
def assets() -> Assets:
    """The front end as it was built."""
    return Assets()


async def test_a_player_goes_on_to_the_second_house_and_leaves_it_again(
    site: Site, second: House, tmp_path: Path
) -> None:
    await site.house.live()
    site.engine.says = Refused("full", "All places are taken.")
    async with chromium(tmp_path) as browser, visitor(browser, "viewer") as person:
        await person.page.goto(str(site.client.make_url(site.meeting)))
        await person.page.locator(".mh-player__start").click()
        # Its answer has nothing that a browser could play, so the player goes at once.
        async with asyncio.timeout(20):
            await second.left.wait()
        assert not [fault for fault in person.faults if second.address in fault]
    whep = f"{site.meeting}/whep"
    assert ("POST", whep) in second.asked
    assert ("DELETE", f"{whep}/second-1") in second.asked
    assert not any(call[0] == "close_viewer" for call in site.engine.calls), (
        "the first house has no such session"
    )

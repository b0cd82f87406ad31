"""Debian's Chromium plays the relay's programme by WHEP."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Page

from media.control.channel import ControlClient
from media.control.relay import GetRelayStatus, OpenViewer
from tests.media.relay.feed import BLUE, RED, TONE_HZ, Encoder, Feed
from tests.media.relay.player import near
from tests.media.relay.process import RelayProcess
from tests.support.browser import chromium

pytestmark = pytest.mark.browser

PAGE = Path(__file__).with_name("watch.html")
DEADLINE = 40.0


@pytest.fixture
async def page(control: ControlClient, tmp_path: Path) -> AsyncIterator[Page]:
    """A page that offers to a WHEP endpoint of the barest kind."""

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=PAGE.read_text(), content_type="text/html")

    async def whep(request: web.Request) -> web.Response:
        answer = await control.call(OpenViewer(meeting="m1", sdp=await request.text()))
        return web.Response(status=201, text=answer.sdp, content_type="application/sdp")

    application = web.Application()
    application.add_routes([web.get("/", show), web.post("/whep", whep)])
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    async with chromium(tmp_path) as browser:
        opened = await browser.new_page()
        await opened.goto(f"http://{host}:{port}/")
        yield opened
    await runner.cleanup()


async def sees(page: Page, colour: tuple[int, int, int]) -> None:
    async with asyncio.timeout(DEADLINE):
        while True:
            seen = await page.evaluate("look()")
            if seen and near((seen[0], seen[1], seen[2]), colour):
                return
            await page.evaluate("new Promise(requestAnimationFrame)")


async def hears(page: Page, hz: float) -> None:
    await page.evaluate("listen()")
    async with asyncio.timeout(DEADLINE):
        while True:
            loudest, level = await page.evaluate("loudest()")
            if abs(loudest - hz) < 10 and level > -60:
                return
            await page.evaluate("new Promise(requestAnimationFrame)")


async def test_chromium_sees_and_hears_the_programme(
    page: Page, relay: RelayProcess, red_feed: Feed, control: ControlClient
) -> None:
    await page.evaluate("watch()")
    await sees(page, RED)
    await hears(page, TONE_HZ)
    numbers = await page.evaluate("numbers()")
    assert numbers["transport"]["srtpCipher"] == "SRTP_AEAD_AES_128_GCM"
    assert numbers["video"]["keyFramesDecoded"] >= 1
    assert (await control.call(GetRelayStatus())).viewers == {"m1": 1}
    await red_feed.close()
    feed = await Feed.open(relay.bus("m1"), Encoder(BLUE, session=2, start=30))
    await sees(page, BLUE)
    await feed.close()

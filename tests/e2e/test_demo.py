"""``moothall demo`` as somebody meets it who has read nothing: links that work, a picture that moves."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import numpy as np
import pytest
import pytest_asyncio
from aiohttp import ClientSession, CookieJar
from playwright.async_api import Browser, expect

from tests.e2e.viewer import Viewer
from tests.support.browser import chromium, visitor
from tests.support.demo import Demo, Links, demo
from tests.support.judge import peak
from tests.support.sockets import console, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

FIRST_FRAME_SECONDS = 15.0
BUSY_SECONDS = 10.0
"""What is added for a machine that also runs other tests."""


@dataclass(frozen=True)
class Running:
    """A demo with its own feed, a browser, and when the command was given."""

    demo: Demo
    browser: Browser
    begun: float

    @property
    def links(self) -> Links:
        return self.demo.links


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """One demo and one browser for the module; the browser first, so that its start is not counted."""
    directory = tmp_path_factory.mktemp("demo")
    async with chromium(directory) as browser:
        begun = time.monotonic()
        async with demo(directory) as started:
            yield Running(started, browser, begun)


async def test_the_first_picture_comes_within_15_seconds_and_it_moves_and_sounds(running: Running) -> None:
    async with visitor(running.browser, "first viewer") as person:
        viewer = Viewer(person)
        await viewer.open(running.links.meeting)
        await viewer.play()
        first = await person.look()
        took = time.monotonic() - running.begun
        print(f"first picture after {took:.1f} s")
        assert took < FIRST_FRAME_SECONDS + BUSY_SECONDS
        assert first is not None
        async with asyncio.timeout(10):
            while True:
                second = await person.look()
                if (
                    second is not None
                    and np.abs(second.pixels.astype(int) - first.pixels.astype(int)).max() > 40
                ):
                    break
        assert peak(await person.hear()) > -45
        assert not person.faults


async def test_a_viewer_without_webrtc_gets_hls_and_is_told(running: Running) -> None:
    async with visitor(running.browser, "viewer without WebRTC") as person:
        await person.page.route("**/whep", lambda route: route.abort())
        viewer = Viewer(person)
        await viewer.open(running.links.meeting)
        await viewer.play()
        await expect(viewer.player).to_have_attribute("data-transport", "hls")
        await expect(person.page.locator(".mh-player__status")).to_contain_text("HLS")
        assert peak(await person.hear()) > -45


async def test_the_generated_feed_is_labelled_until_an_encoder_connects(running: Running) -> None:
    cookies = await signed_in(running.links.console)
    ref = running.links.meeting.rsplit("/", 1)[1]
    async with console(running.links.home, ref, cookies) as desk:
        feed = await desk.feed(lambda one: one["state"] == "live", "the generated feed")
        assert feed["kind"] == "test"
    async with (
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as http,
        http.post(running.links.console, headers={"Origin": running.links.home.rstrip("/")}) as again,
    ):
        assert again.status >= 400, "a sign-in link works once"


async def test_every_link_answers(running: Running) -> None:
    links = running.links
    async with ClientSession() as http:
        for address in (links.home, links.meeting, links.speaker, links.hls, f"{links.api}/meetings"):
            async with http.get(address) as response:
                assert response.status == 200, address
        for address in (links.whep, links.whip):
            async with http.options(address) as response:
                assert response.status in (200, 204), address
                assert "application/sdp" in response.headers.get("Accept-Post", ""), address
    assert links.rtmp.startswith("rtmp://")
    assert links.srt.startswith("srt://")
    assert links.whip_token in links.rtmp
    assert links.whip_token in links.srt
    assert links.pid == running.demo.process.pid


async def test_reading_asking_and_registering_need_no_scripts(running: Running) -> None:
    async with visitor(running.browser, "reader", javascript=False) as person:
        page = person.page
        await page.goto(running.links.meeting)
        await expect(page.locator("#agenda li[data-state=now]")).to_have_count(1)
        await page.get_by_label("Your question").fill("Will there be a bus?")
        await page.get_by_role("button", name="Send question").click()
        await expect(page.get_by_text("Your question has arrived.")).to_be_visible()
        await page.goto(f"{running.links.meeting}/register")
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Register to speak")

"""A browser whose line becomes too narrow gets the small picture, and the full one when it is wide again."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page

from bench.fanout.feed import Feed
from bench.fanout.hall import Hall, hall
from tests.media.relay.narrow import NarrowPath
from tests.support.browser import CHROMIUM, chromium, visitor
from tests.support.waiting import until_async

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]

PAGE = Path(__file__).parents[2] / "bench" / "crowd" / "viewer.html"
WIDE, NARROW = 10_000_000, 100_000
"""Bytes a second: enough for everything; for the small picture of 600 kbit/s and the sound."""
FULL, SMALL = (1280, 720), (640, 360)
SECONDS = 90.0
"""It is three down and some more than ten up (docs/performance.md); two busy cores are slow."""
WATCH = """() => {
  const video = document.querySelector("video");
  window.sizes = [];
  const note = (now, frame) => {
    const last = sizes[sizes.length - 1];
    if (last && last.width === frame.width) last.pictures++;
    else sizes.push({ at: Date.now() / 1000, width: frame.width, height: frame.height, pictures: 1 });
    video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);
}"""
ENOUGH = 50
"""Pictures of one size: it stays."""


@asynccontextmanager
async def programme(folder: Path) -> AsyncIterator[Hall]:
    """A relay that plays both renditions."""
    feed = Feed(small=True)
    async with hall(folder / "hall") as server:

        async def play() -> None:
            while True:
                await feed.play(1, server)

        playing = asyncio.create_task(play())
        try:
            await feed.begun.wait()
            yield server
        finally:
            playing.cancel()
            await asyncio.wait([playing])


async def connect(page: Page, server: Hall) -> NarrowPath:
    """Through the line alone."""
    answer = await server.open(await page.evaluate("offer()"))
    found = re.search(r" (\d+) typ host", answer)
    assert found is not None
    path = await NarrowPath.open(int(found[1]), WIDE)
    await page.evaluate(
        "sdp => accept(sdp)", answer.replace(f" {found[1]} typ host", f" {path.port} typ host")
    )
    return path


async def shows(page: Page, size: tuple[int, int]) -> float:
    """Wait until the pictures on the screen have that size and keep it; since when, Unix seconds."""

    async def does() -> float | None:
        last = (await page.evaluate("sizes")) or [{"width": 0, "height": 0, "pictures": 0, "at": 0}]
        found = last[-1]
        same = (found["width"], found["height"]) == size and found["pictures"] >= ENOUGH
        return float(found["at"]) if same else None

    since = await until_async(does, f"pictures of {size}", SECONDS)
    assert since is not None
    return since


@pytest.mark.timeout(300)
async def test_down_and_up_again(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(programme(tmp_path))
        browser = await stack.enter_async_context(chromium(tmp_path))
        person = await stack.enter_async_context(visitor(browser, "viewer on a narrow line"))
        await person.page.set_content(PAGE.read_text())
        await person.page.evaluate(WATCH)
        path = await connect(person.page, server)
        stack.callback(path.close)
        await shows(person.page, FULL)
        for rate, size in ((NARROW, SMALL), (WIDE, FULL)):
            turned = await person.page.evaluate("Date.now() / 1000")
            path.rate = rate
            since = await shows(person.page, size)
            print(f"{rate} bytes a second: {size[0]} columns after {since - turned:.1f} s", flush=True)
        widths = [one["width"] for one in await person.page.evaluate("sizes")]
        assert [widths[0], widths[-1]] == [FULL[0], FULL[0]]
        assert SMALL[0] in widths
        assert not person.faults

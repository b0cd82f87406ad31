"""The first seconds of a viewer in a real Chromium: how soon there is a picture, and how live it is."""

import asyncio
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from playwright.async_api import Browser

from bench.fanout.feed import Feed
from bench.fanout.hall import Hall, hall
from tests.support.browser import chromium

PAGE = Path(__file__).parent.parent / "crowd" / "viewer.html"
SECONDS = 4.0
STEADY_PICTURES = 25
LIVE_SECONDS = 0.06
"""Nearer to live than this is live: a picture and a half."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """One viewer's."""

    first: float
    """Seconds from the answer to the first picture on the screen."""
    live: float
    """To the first picture from which on all are live."""
    behind: float
    """Seconds that the first picture was behind what the same viewer was shown later."""
    gap: float
    """The longest time without a new picture afterwards."""


def judge(accepted: float, shown: list[tuple[float, float]]) -> Beginning:
    """From the times at which pictures were shown, and their own."""
    usual = median(own - at for at, own in shown[-STEADY_PICTURES:])
    late = [(at, usual - (own - at)) for at, own in shown]
    live = next(
        at for number, (at, _) in enumerate(late) if all(one < LIVE_SECONDS for _, one in late[number:])
    )
    return Beginning(
        first=shown[0][0] - accepted,
        live=live - accepted,
        behind=late[0][1],
        gap=max(after - before for (before, _), (after, _) in pairwise(shown)),
    )


async def beginnings(count: int) -> list[Beginning]:
    """So many viewers, one after the other, at any moment of a group of pictures."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        (base / "browser").mkdir()
        async with hall(base / "hall") as server, chromium(base / "browser") as browser:
            feed = Feed()
            playing = asyncio.create_task(_play(feed, server))
            try:
                await feed.begun.wait()
                found = []
                for number in range(count):
                    await asyncio.sleep(number * 0.37 % 1)
                    found.append(await _one(browser, server))
                return found
            finally:
                playing.cancel()
                await asyncio.wait([playing])


async def _one(browser: Browser, server: Hall) -> Beginning:
    page = await browser.new_page()
    await page.set_content(PAGE.read_text())
    answer = await server.open(await page.evaluate("offer()"))
    await page.evaluate("sdp => accept(sdp)", answer)
    await asyncio.sleep(SECONDS)
    accepted, shown = await page.evaluate("[accepted, shown]")
    await page.close()
    return judge(accepted, [(at, own) for at, own in shown])


async def _play(feed: Feed, server: Hall) -> None:
    while True:
        await feed.play(1, server)

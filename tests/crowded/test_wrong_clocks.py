"""Devices whose clocks are hours off: what pages count down, and what they say of time, is the council's.

A resident's clock is slow by five hours, a viewer's fast by three, the officer's by a day and two hours.
"""

import re
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession
from playwright.async_api import Page, expect

from tests.e2e.clerk import Clerk
from tests.e2e.resident import Resident
from tests.e2e.viewer import Viewer
from tests.support.browser import CHROMIUM, Visitor, chromium, visitor
from tests.support.demo import demo
from tests.support.judge import RESIDENT
from tests.support.waiting import until_async

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]

LONDON = ZoneInfo("Europe/London")
NAME = "Kim Roe"
SLACK = 3
"""Seconds that pages and this test may be apart; every clock is wrong by thousands."""


async def left(http: ClientSession, meeting: str) -> float:
    """Seconds that whoever is on air has, as the hub has it."""
    async with http.get(f"{meeting}/state.json") as response:
        state = await response.json()
    return float(state["speaker"]["timer"]["ends_ms"] / 1000 - time.time())


async def shows(person: Visitor, selector: str, http: ClientSession, meeting: str) -> None:
    """The time left stands on this page as the hub has it."""
    clock = person.page.locator(selector).first
    await expect(clock).to_have_text(re.compile(r"\d+:\d\d"))

    async def agrees() -> bool:
        minutes, seconds = (await clock.inner_text()).split(":")
        return abs(int(minutes) * 60 + int(seconds) - await left(http, meeting)) < SLACK

    await until_async(agrees, f"{person.name}'s page to have the time left")


async def words(page: Page, address: str) -> str:
    await page.goto(address)
    return await page.locator("main").inner_text()


async def test_every_time_is_the_councils(tmp_path: Path) -> None:
    async with (
        demo(tmp_path / "hall") as hall,
        chromium(tmp_path, RESIDENT) as browser,
        visitor(browser, "officer", width=1366, height=768, clock_hours=26) as at_console,
        visitor(browser, "resident", clock_hours=-5) as at_home,
        visitor(browser, "viewer", clock_hours=3) as watching,
        visitor(browser, "punctual") as punctual,
        ClientSession() as http,
    ):
        clerk, resident, viewer = Clerk(at_console), Resident(at_home), Viewer(watching)
        assert abs(await watching.page.evaluate("() => Date.now()") / 1000 - 3 * 3600 - time.time()) < SLACK
        for path in ("", "register", "follow"):
            address = f"{hall.links.meeting}/{path}".rstrip("/")
            if path:
                assert await words(watching.page, address) == await words(punctual.page, address)
        await punctual.page.goto(hall.links.home)
        ahead = punctual.page.get_by_role("link", name="Executive").first
        upcoming = str(await ahead.evaluate("link => link.href"))
        assert await words(watching.page, upcoming) == await words(punctual.page, upcoming)

        await clerk.sign_in(hall.links.console)
        await clerk.open(hall.links.meeting.replace("/meetings/", "/console/meetings/"))
        clock = at_console.page.locator(".mc-facts div").filter(has_text="Time").locator("dd")

        async def is_now() -> bool:
            hours, minutes, seconds = map(int, (await clock.inner_text()).split(":"))
            now = datetime.now(LONDON)
            apart = (hours * 3600 + minutes * 60 + seconds) - (now.hour * 3600 + now.minute * 60 + now.second)
            return min(apart % 86_400, -apart % 86_400) < SLACK

        await until_async(is_now, "the console to say what time it is")

        link = await resident.register(f"{hall.links.meeting}/register", NAME, "kim@example.org", "Mill Lane")
        await clerk.confirm(NAME)
        await resident.arrive(link)
        await clerk.sees_ready(NAME)
        await clerk.call(NAME)
        await resident.is_called()
        await viewer.open(hall.links.meeting)
        await viewer.play()
        await clerk.admit(NAME)
        # A clock that is wrong would have it over at once, or in hours.
        await expect(at_home.page.locator(".mh-cue strong")).to_have_text(re.compile("^[1-5]$"))
        await resident.is_on_air()
        await shows(at_home, ".mh-timer__time", http, hall.links.meeting)
        await shows(watching, "#speaker-line [role=timer] [aria-hidden]", http, hall.links.meeting)
        await shows(at_console, ".mc-row[data-state=on_air] .mc-left", http, hall.links.meeting)
        assert await at_home.page.locator(".mh-timer").get_attribute("data-urgency") == "calm"
        await viewer.choose("hls")

        async def is_behind() -> bool:
            told = str(await viewer.player.get_attribute("data-behind"))
            return told != "" and 0 < float(told) < 60

        await until_async(is_behind, "the player to know how far behind it is")
        await clerk.finish(NAME)
        await resident.is_off_air()
        for person in (at_console, at_home, watching, punctual):
            assert not person.faults, person.faults

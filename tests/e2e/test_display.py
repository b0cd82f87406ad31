"""The display on the wall of the chamber follows the meeting by itself."""

import re
import uuid
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.clerk import Clerk
from tests.e2e.resident import Resident
from tests.support.browser import CHROMIUM, chromium, visitor
from tests.support.demo import demo
from tests.support.judge import RESIDENT

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]


async def command(page: Page, home: str, ref: str, name: str, /, **payload: object) -> None:
    """Give a command from the session of this browser, as another clerk's console would."""
    body = {"client_id": uuid.uuid4().hex, **payload}
    address = f"{home}api/v1/meetings/{ref}/commands/{name}"
    response = await page.request.post(address, data=body, headers={"Origin": home.rstrip("/")})
    assert response.ok, await response.text()


async def test_the_display_shows_who_speaks_and_who_is_next(tmp_path: Path) -> None:
    async with (
        demo(tmp_path / "hall", "--no-feed") as hall,
        chromium(tmp_path, RESIDENT) as browser,
        visitor(browser, "wall", width=1920, height=1080) as wall,
        visitor(browser, "resident") as at_home,
    ):
        page, resident = wall.page, Resident(at_home)
        ref = hall.links.meeting.rsplit("/", 1)[1]
        display = f"{hall.links.home}console/meetings/{ref}/display"
        refused = await page.goto(display)
        assert refused is not None
        assert refused.status == 401, "the officers' alone"
        await Clerk(wall).sign_in(hall.links.console)
        await page.goto(display)
        await expect(page.locator(".md-sees")).to_contain_text("LIVE")
        await expect(page.locator(".md-next")).to_have_count(0)

        await resident.arrive(hall.links.speaker)
        await expect(page.locator(".md-next li")).to_have_text(["Sam Lee"])
        speakers = (await wall.page_data())["snapshot"]["speakers"]
        (number,) = [row["id"] for row in speakers if row["name"] == "Sam Lee"]
        await command(page, hall.links.home, ref, "speaker.call", registration_id=number)
        await resident.is_called()
        await command(page, hall.links.home, ref, "speaker.admit", registration_id=number)
        await expect(page.locator(".md-name")).to_have_text("Sam Lee")
        await expect(page.locator(".md-timer [aria-hidden]")).to_have_text(re.compile(r"[23]:\d\d"))
        await expect(page.locator(".md-next")).to_have_count(0)
        await command(page, hall.links.home, ref, "point_of_order.raise", name="Cllr Jane Doe")
        await expect(page.locator(".md-point")).to_have_text("Point of order: Cllr Jane Doe")
        await command(page, hall.links.home, ref, "point_of_order.end")
        await expect(page.locator(".md-point")).to_have_text("")
        await command(page, hall.links.home, ref, "speaker.finish", registration_id=number)
        await expect(page.locator(".md-name")).to_have_count(0)
        # The page that was refused is the only fault that its browser saw.
        assert [fault for fault in wall.faults if "401" not in fault] == []

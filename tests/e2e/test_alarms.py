"""An alarm of the real studio stands at the console with the button that mends it."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.clerk import Clerk
from tests.support.browser import CHROMIUM, chromium, visitor
from tests.support.demo import demo
from tests.support.sockets import console

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]


async def test_after_a_cut_the_alarm_leads_back_to_the_public(tmp_path: Path) -> None:
    async with (
        demo(tmp_path / "hall", "--no-feed") as hall,
        chromium(tmp_path) as browser,
        visitor(browser, "clerk", width=1366, height=768) as officer,
    ):
        clerk, page = Clerk(officer), officer.page
        ref = hall.links.meeting.rsplit("/", 1)[1]
        await clerk.sign_in(hall.links.console)
        await clerk.open(f"{hall.links.home}console/meetings/{ref}")
        await clerk.sees_state("LIVE")
        cookies = "; ".join(f"{one['name']}={one['value']}" for one in await officer.context.cookies())
        async with console(hall.links.home, ref, cookies) as desk:
            await page.keyboard.press("y")
            await expect(page.get_by_role("dialog", name="Order of business")).to_be_visible()
            await page.keyboard.press("Escape")
            await page.keyboard.press("Escape")
            await clerk.sees_state("SLATE")
            told = await desk.until(
                "engine", lambda engine: "technical" in codes(engine["alarms"]), "the studio's alarm"
            )
            await desk.until(
                "state", lambda told: told["public"]["state"] == "technical", "the meeting's state"
            )
            alarm = next(one for one in told["alarms"] if one["code"] == "technical")
            line = page.locator('.mc-alarm[data-code="technical"]')
            await expect(line).to_contain_text(alarm["sentence"])
            await line.get_by_role("button", name="Return to public…").press("Enter")
            await page.get_by_role("dialog").get_by_role("button", name="Yes, open to the public").click()
            await clerk.sees_state("LIVE")
            await expect(line).to_have_count(0)
            await desk.until(
                "engine", lambda engine: "technical" not in codes(engine["alarms"]), "the all-clear"
            )
        assert officer.faults == []


def codes(alarms: list[dict[str, str]]) -> set[str]:
    return {alarm["code"] for alarm in alarms}

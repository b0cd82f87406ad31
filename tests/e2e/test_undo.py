"""A step too far is taken back at the console with one key, and the viewers' index forgets it."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.clerk import Clerk
from tests.support.browser import CHROMIUM, chromium, visitor
from tests.support.demo import demo
from tests.support.judge import RESIDENT
from tests.support.waiting import until_async

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]


async def test_next_item_pressed_by_mistake(tmp_path: Path) -> None:
    async with (
        demo(tmp_path / "hall", "--no-feed") as hall,
        chromium(tmp_path, RESIDENT) as browser,
        visitor(browser, "clerk", width=1366, height=768) as officer,
    ):
        clerk, page = Clerk(officer), officer.page
        ref = hall.links.meeting.rsplit("/", 1)[1]
        await clerk.sign_in(hall.links.console)
        await clerk.open(f"{hall.links.home}console/meetings/{ref}")
        await clerk.sees_state("LIVE")
        before = await (await page.request.get(f"{hall.links.meeting}/state.json")).json()
        await page.keyboard.press("n")
        await expect(page.get_by_role("button", name="Undo the last step")).to_be_visible()

        async def told() -> tuple[int | None, list[object]]:
            """What the public page says now; it is told a moment after the console."""
            state = await (await page.request.get(f"{hall.links.meeting}/state.json")).json()
            return state["now_item_id"], state["index"]

        async def moved() -> bool:
            item, index = await told()
            return item != before["now_item_id"] and len(index) == len(before["index"]) + 1

        async def is_back() -> bool:
            return await told() == (before["now_item_id"], before["index"])

        await until_async(moved, "the public page to move on")
        await clerk.undo()
        await until_async(is_back, "the public page to be as before")
        after = await (await page.request.get(f"{hall.links.meeting}/state.json")).json()
        (now,) = [item for item in after["agenda"] if item["id"] == after["now_item_id"]]
        await clerk.sees_item(now["title"])
        assert officer.faults == []

"""A step too far is taken back at the console with one key, and the viewers' index forgets it."""

from pathlib import Path

import pytest

from hub.domain import demo_council
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

        async def told() -> tuple[int | None, list[object]]:
            """What the public page says now; it is told a moment after the console."""
            state = await (await page.request.get(f"{hall.links.meeting}/state.json")).json()
            return state["now_item_id"], state["index"]

        async def begun() -> bool:
            item, index = await told()
            return item is not None and bool(index)

        await until_async(begun, "the first item, to which the demo goes by itself")
        before = await told()

        async def moved() -> bool:
            item, index = await told()
            return item != before[0] and len(index) == len(before[1]) + 1

        async def is_back() -> bool:
            return await told() == before

        await page.keyboard.press("n")
        await until_async(moved, "the public page to move on")
        # What an officer has not seen yet they do not take back: that press is refused.
        await clerk.sees_item(demo_council._AGENDA[1].title)
        await clerk.undo()
        await until_async(is_back, "the public page to be as before")
        await clerk.sees_item(demo_council._AGENDA[0].title)
        assert officer.faults == []

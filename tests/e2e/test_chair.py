"""The chair's view follows the meeting by itself, and has nothing to press."""

import re
from pathlib import Path

import pytest
from aiohttp import ClientSession, DummyCookieJar
from playwright.async_api import expect

from tests.e2e.clerk import Clerk
from tests.support.browser import CHROMIUM, chromium, visitor
from tests.support.demo import demo
from tests.support.eyes import Eyes
from tests.support.far_speaker import FarSpeaker
from tests.support.sockets import Console, audience, console

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]

MEMBER = "Cllr Jane Doe"
QUESTION = "What does the footpath cost?"


async def test_the_chair_reads_who_speaks_what_is_asked_and_whether_it_is_private(tmp_path: Path) -> None:
    async with (
        demo(tmp_path / "hall", "--no-feed") as hall,
        chromium(tmp_path) as browser,
        visitor(browser, "chair", width=1024, height=768) as tablet,
        ClientSession(cookie_jar=DummyCookieJar()) as http,
    ):
        page, eyes, home = tablet.page, Eyes(), hall.links.home.rstrip("/")
        ref = hall.links.meeting.rsplit("/", 1)[1]
        refused = await page.goto(f"{home}/console/meetings/{ref}/chair")
        assert refused is not None
        assert refused.status == 401, "the officers' alone"
        await Clerk(tablet).sign_in(hall.links.console)
        await page.goto(f"{home}/console/meetings/{ref}/chair")
        await expect(page.locator(".md-sees")).to_contain_text("LIVE")
        await expect(page.locator(".md-item")).to_contain_text("Apologies for absence")
        await expect(page.locator(".md-then")).to_contain_text("Then item 2 Declarations of interest")
        await expect(page.locator(".md-next")).to_contain_text("1 speaker is expected and not here yet.")
        cookies = "; ".join(f"{one['name']}={one['value']}" for one in await tablet.context.cookies())
        sam = FarSpeaker("Sam Lee", hall.links.speaker.rsplit("/", 1)[1])
        async with console(home, ref, cookies) as desk, sam.at_home(http, home):
            await expect(page.locator(".md-next li")).to_have_text(
                [re.compile(r"Sam Lee Item 5 · 3:00 · Ready")]
            )
            number = desk.told["state"]["speakers"][0]["id"]
            await desk.call("speaker.call", registration_id=number)
            await desk.feed(lambda feed: feed["state"] == "live", "Sam's picture", source=str(number))
            await desk.call("speaker.admit", registration_id=number)
            await expect(page.locator(".md-name")).to_have_text("Sam Lee")
            await expect(page.locator(".md-timer [aria-hidden]")).to_have_text(re.compile(r"[23]:\d\d"))
            await eyes.look_at_console(page, "somebody speaks")
            await desk.call("point_of_order.raise", name=MEMBER)
            await expect(page.locator(".md-point")).to_have_text(f"Point of order: {MEMBER}")
            stands = await page.locator(".md-timer [aria-hidden]").inner_text()
            await eyes.look_at_console(page, "a point of order")
            assert await page.locator(".md-timer [aria-hidden]").inner_text() == stands, "the time stands"
            await desk.call("point_of_order.end")
            await expect(page.locator(".md-point")).to_have_text("")
            await desk.call("speaker.finish", registration_id=number)
            await expect(page.locator(".md-name")).to_have_count(0)
            await a_question(home, ref, desk)
            await expect(page.locator(".md-aloud")).to_contain_text(QUESTION)
            await expect(page.locator(".md-private")).to_have_count(0)
            await desk.call("meeting.private", item_id=None, paragraphs=[3])
            await expect(page.locator(".md-private")).to_contain_text("Private session.")
            await eyes.look_at_console(page, "private")
        assert eyes.found == []
        assert await page.locator("button, a[href], input, select, textarea").count() <= 1, "the skip link"
        assert [fault for fault in tablet.faults if "401" not in fault] == []


async def a_question(home: str, ref: str, desk: Console) -> None:
    """Asked, approved, and being answered."""
    async with audience(home, ref, "device-of-kim") as viewer:
        asked = await viewer.call("question.submit", text=QUESTION, author="Kim", item_id=None)
    question = asked["question"]["id"]
    await desk.call("question.approve", question_id=question)
    await desk.call("question.start_answer", question_id=question)

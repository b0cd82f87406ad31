"""At a telephone's size, by touch alone: somebody who watches asks, and somebody speaks from home."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.clerk import Clerk
from tests.e2e.viewer import Viewer
from tests.support.browser import CHROMIUM, Visitor, chromium, visitor
from tests.support.demo import demo
from tests.support.judge import Signature

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]

WIDTH, HEIGHT = 390, 844
TOM = Signature("Tom", (40, 160, 200), 880)
NAME = "Tom Ash"
QUESTION = "Will the footpath stay open?"
SMALLEST = 24
"""CSS pixels of what is tapped (WCAG 2.2, 2.5.8)."""


class Phone:
    """Somebody with a telephone."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page

    async def tap(self, target: Locator) -> None:
        """Tap it with a finger, which needs some room and gets it."""
        await expect(target).to_be_visible()
        await target.scroll_into_view_if_needed()
        box = await target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= SMALLEST, f"{await target.inner_text()!r}: {box}"
        await target.tap()

    async def press(self, name: str | re.Pattern[str]) -> None:
        await self.tap(self.page.get_by_role("button", name=name).first)

    async def choose(self, label: str | re.Pattern[str]) -> None:
        """A radio button or a box, by its words."""
        await self.page.get_by_label(label).first.evaluate("box => box.labels[0].scrollIntoView()")
        await self.page.get_by_label(label).first.tap()
        await expect(self.page.get_by_label(label).first).to_be_checked()

    async def fits(self) -> None:
        """Nothing goes over the edge: the page scrolls up and down only."""
        assert await self.page.evaluate("() => document.scrollingElement.scrollWidth") <= WIDTH


async def test_a_question_and_three_minutes_on_air(tmp_path: Path) -> None:
    async with (
        demo(tmp_path / "hall") as hall,
        chromium(tmp_path, TOM) as browser,
        visitor(browser, "clerk", width=1366, height=768) as at_console,
        visitor(browser, "watching", width=WIDTH, height=HEIGHT, touch=True) as watching,
        visitor(browser, "tom", width=WIDTH, height=HEIGHT, touch=True) as at_home,
    ):
        clerk = Clerk(at_console)
        await clerk.sign_in(hall.links.console)
        await clerk.open(hall.links.meeting.replace("/meetings/", "/console/meetings/"))
        await asks(Phone(watching), clerk, hall.links.meeting)
        await speaks(Phone(at_home), Viewer(watching), clerk, hall.links.meeting)
        for person in (at_console, watching, at_home):
            assert not person.faults, person.faults


async def asks(phone: Phone, clerk: Clerk, meeting: str) -> None:
    """From the meeting's page to the published question."""
    viewer = Viewer(phone.visitor)
    await viewer.open(meeting)
    await phone.fits()
    await phone.tap(phone.page.locator(".mh-player__start"))
    await expect(viewer.player).to_have_attribute("data-phase", "playing")
    form = phone.page.locator("#questions form").first
    await phone.tap(form.locator("[name=text]"))
    await phone.page.keyboard.type(QUESTION)
    await phone.tap(form.get_by_role("button").first)
    await expect(phone.page.locator(".own-questions")).to_contain_text(QUESTION)
    await clerk.sees_pending(QUESTION)
    await clerk.question("Approve", QUESTION)
    await expect(viewer.question(QUESTION)).to_be_visible()
    await phone.fits()


async def speaks(phone: Phone, viewer: Viewer, clerk: Clerk, meeting: str) -> None:
    """From the form over the waiting room onto the air."""
    page, words = phone.page, phone.page.locator("#speaker-app")
    await page.goto(f"{meeting}/register")
    await phone.fits()
    await phone.choose("By video link")
    if await page.get_by_label("Speak at the meeting").count():
        await phone.choose("Speak at the meeting")
    await phone.choose("With picture and sound")
    for label, value in (("Your name", NAME), ("Email address", "tom@example.org")):
        await phone.tap(page.get_by_label(label, exact=True))
        await page.keyboard.type(value)
    await phone.choose(re.compile("Mill Lane"))
    await phone.press("Register")
    await expect(page.locator("#personal-link")).to_be_visible()
    await phone.fits()
    await clerk.confirm(NAME)
    await phone.tap(page.locator("#personal-link"))
    await phone.press("Continue on this device")
    await expect(page.get_by_label(re.compile("I agree to be broadcast"))).to_be_visible()
    await phone.fits()
    await phone.choose(re.compile("I agree to be broadcast"))
    await phone.press("Continue")
    await phone.press("Turn on camera and microphone")
    await expect(words).to_contain_text("We can hear you.")
    await phone.fits()
    await phone.press("I am ready")
    await expect(words).to_contain_text("You are number 1.")
    await phone.fits()
    await clerk.sees_ready(NAME)
    await clerk.call(NAME)
    await expect(words).to_contain_text("You are next")
    await expect(words).to_contain_text("Your camera and microphone are connected")
    await phone.fits()
    await clerk.admit(NAME)
    await expect(words).to_contain_text("You are on air")
    await phone.fits()
    await expect(page.locator(".mh-timer__time")).to_be_in_viewport()
    await viewer.visitor.hears(TOM.hz)
    await phone.press("Mute myself")
    await viewer.visitor.hears_no_more(TOM.hz)
    await phone.press("Unmute myself")
    await viewer.visitor.hears(TOM.hz)
    await expect(viewer.page.locator("#speaker-line")).to_contain_text(NAME)
    await clerk.finish(NAME)
    await expect(words).to_contain_text("You are off air")
    await phone.fits()

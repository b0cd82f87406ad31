"""One webinar from the form to the feedback: registration, a poll, a raised hand, on air by consent.

Every page is looked at by the rules of axe-core in the states that only webinars have.
"""

from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.clerk import Clerk
from tests.e2e.resident import Resident
from tests.e2e.viewer import Viewer
from tests.support.browser import CHROMIUM, chromium, visitor
from tests.support.demo import demo
from tests.support.eyes import Eyes
from tests.support.judge import Signature

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.timeout(300),
]

IDA = Signature("Ida", (200, 40, 160), 880)
"""Her camera and microphone, which all browsers of this test have."""
TITLE = "Caring for somebody at home"
QUESTION = "What would help you most?"


async def create(page: Page) -> str:
    """Write the webinar down at the list of meetings; its ref."""
    await page.get_by_role("link", name="New webinar").click()
    await page.get_by_label("Title").fill(TITLE)
    await page.get_by_label("Day").fill((date.today() + timedelta(days=1)).isoformat())  # noqa: DTZ011
    await page.get_by_label("Time of the beginning").fill("18:30")
    await page.get_by_label("Presenters").fill("Ann Ash")
    await page.get_by_label("Programme").fill("What help there is\nYour questions")
    await page.get_by_role("button", name="Create the webinar").click()
    await page.wait_for_url("**/console/meetings/*")
    return page.url.rsplit("/", 1)[1]


async def ask(page: Page) -> None:
    """Make a poll by its dialog, opened by its key, and open it at once."""
    await page.keyboard.press("z")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Question").fill(QUESTION)
    await dialog.get_by_label("Options").fill("Time\nMoney\nCompany")
    await dialog.get_by_role("button", name="Open now").click()
    await expect(dialog.locator(".mc-row")).to_have_attribute("data-state", "open")


async def fits(page: Page) -> bool:
    """Whether the console is one screen."""
    return bool(await page.evaluate("() => document.documentElement.scrollHeight <= innerHeight"))


async def test_a_webinar_is_played_to_its_end(tmp_path: Path) -> None:
    eyes = Eyes()
    async with (
        demo(tmp_path / "hall") as hall,
        chromium(tmp_path, IDA) as browser,
        visitor(browser, "clerk", width=1366, height=768) as at_console,
        visitor(browser, "Ida") as at_home,
        visitor(browser, "viewer") as watching,
    ):
        clerk, ida = Clerk(at_console), at_home.page
        await clerk.sign_in(hall.links.console)
        ref = await create(at_console.page)
        address = f"{hall.links.home}meetings/{ref}"
        await expect(at_console.page.locator(".mc-speakers")).to_contain_text("Ann Ash")

        await ida.goto(address)
        await eyes.look(ida, "webinar, before")
        await ida.get_by_role("button", name="Register for this webinar").click()
        await eyes.look(ida, "registering")
        await ida.get_by_label("Your name").fill("Ida Poe")
        await ida.get_by_label("Email address").fill("ida@example.org")
        await ida.get_by_role("button", name="Register").click()
        await expect(ida.get_by_role("heading", name="You are registered")).to_be_visible()
        await eyes.look(ida, "registered")
        await expect(at_console.page.locator(".mc-webinar")).to_contain_text("1 registered")
        await eyes.look_at_console(at_console.page, "console, before")
        assert await fits(at_console.page)

        await clerk.open_room()
        await clerk.go_live()
        await ida.goto(address)
        viewer = Viewer(watching)
        await viewer.open(address)
        await viewer.play()

        await ask(at_console.page)
        await eyes.look_at_console(at_console.page, "dialog, polls")
        assert await fits(at_console.page)
        dialog = at_console.page.get_by_role("dialog")
        await dialog.get_by_role("button", name="Close", exact=True).click()
        await expect(dialog).to_have_count(0)
        poll = ida.locator(".poll")
        await expect(poll).to_contain_text(QUESTION)
        await eyes.look(ida, "a poll is open")
        await poll.get_by_label("Company").check()
        await poll.get_by_role("button", name="Vote").click()
        await expect(poll).to_contain_text("You have voted.")
        panel = at_console.page.locator(".mc-webinar")
        await expect(panel).to_contain_text("Time 0 · Money 0 · Company 1")
        await expect(watching.page.locator(".poll")).to_contain_text(QUESTION)
        await expect(watching.page.locator(".poll progress")).to_have_count(0)
        await panel.get_by_role("button", name="Show figures").click()
        await expect(watching.page.locator(".poll progress")).to_have_count(3)
        await expect(watching.page.locator(".poll-figures li").nth(2)).to_contain_text("1 vote")
        await eyes.look(watching.page, "figures are shown")

        await ida.get_by_label("Your name, as it is to be shown").fill("Ida Poe")
        await ida.get_by_role("button", name="Raise your hand").click()
        await expect(ida.locator("#hand")).to_contain_text("Your hand is up.")
        await expect(at_console.page.locator(".mc-speakers")).to_contain_text("Hand up")
        await eyes.look_at_console(at_console.page, "console, a hand is up")
        assert await fits(at_console.page)
        await at_console.page.keyboard.press("h")
        await expect(ida.locator("#hand")).to_contain_text("You are asked to come on air.")
        await eyes.look(ida, "asked to come on air")
        await ida.get_by_label("With picture and sound").check()
        await ida.get_by_role("button", name="I agree, take me on air").click()
        await ida.wait_for_url("**/speak/*")

        resident = Resident(at_home)
        await resident.arrive(ida.url)
        await resident.is_called()
        await watching.does_not_hear(IDA.hz)
        await clerk.admit("Ida Poe")
        await resident.is_on_air()
        await watching.sees_shares(IDA, least=0.12)
        await watching.hears(IDA.hz)
        await expect(watching.page.locator("#speaker-line")).to_contain_text("Ida Poe")
        await clerk.finish("Ida Poe")
        await resident.is_off_air()

        await clerk.end()
        await watching.page.goto(address)
        form = watching.page.locator("#feedback")
        await eyes.look(watching.page, "feedback")
        await form.get_by_label("Good", exact=True).check()
        await form.get_by_label("What should we know?").fill("More of it, please.")
        await form.get_by_role("button", name="Send feedback").click()
        await expect(form).to_contain_text("Thank you.")
        await expect(panel).to_contain_text("4 of 5 · from 1 person")
        await expect(panel).to_contain_text("More of it, please.")
        await eyes.look_at_console(at_console.page, "console, feedback")
        assert await fits(at_console.page)
        assert eyes.found == []
        for person in (at_console, at_home, watching):
            assert not person.faults

"""A discussion before a meeting, the whole way: opened, written, confirmed, read, closed and summed up.

With a real mail server on loopback, and everybody in a browser of their own.
"""

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.clerk import Clerk
from tests.support.browser import CHROMIUM, chromium, visitor
from tests.support.demo import demo
from tests.support.eyes import Eyes
from tests.support.mail import Mailbox, mail_server, text_of
from tests.support.waiting import until_async

TITLE = "Trees on Mill Lane"
WORDS = "Keep the limes, and plant two more."
SUMMARY = "Those who wrote want the limes to stay."
LINK = re.compile(r"http://\S+/address/[\w-]+")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]


async def open_discussion(clerk: Page) -> None:
    """By the keyboard and the dialog of the console."""
    await clerk.keyboard.press("g")
    dialog = clerk.get_by_role("dialog")
    await dialog.get_by_label("Title").fill(TITLE)
    await dialog.get_by_label("Introduction").fill("Which trees should stay?")
    await dialog.get_by_role("button", name="Open the discussion").click()
    await expect(dialog).to_contain_text("Nobody has written yet.")


async def write(page: Page, meeting: str) -> None:
    """From the meeting's page to the form, and send it."""
    await page.goto(meeting)
    await page.get_by_role("link", name=re.compile(TITLE)).click()
    await page.get_by_label("What do you want to say?").fill(WORDS)
    await page.get_by_label("Your name").fill("Sam Lee")
    await page.get_by_label("Email address").fill("sam@example.org")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("status")).to_contain_text("We have sent an e-mail")
    await expect(page.locator(".mh-own")).to_contain_text("It waits for you to open the link")


async def link_in(mailbox: Mailbox) -> str:
    async def came() -> bool:
        return bool(mailbox.messages)

    await until_async(came, "the e-mail", 20.0)
    (message,) = mailbox.messages
    (link,) = LINK.findall(text_of(message))
    return str(link)


def post(clerk: Page) -> Locator:
    return clerk.get_by_role("dialog").locator(".mc-question").filter(has_text=WORDS)


async def test_a_discussion_goes_the_whole_way(tmp_path: Path) -> None:
    async with mail_server() as mailbox:
        mail = {
            "MOOTHALL_SMTP_HOST": "127.0.0.1",
            "MOOTHALL_SMTP_PORT": str(mailbox.port),
            "MOOTHALL_SMTP_SECURITY": "none",
            "MOOTHALL_SMTP_FROM": "meetings@ouseby.example",
        }
        eyes = Eyes()
        async with (
            demo(tmp_path / "hall", "--no-feed", environment=mail) as hall,
            chromium(tmp_path) as browser,
            visitor(browser, "clerk", width=1366, height=768) as at_console,
            visitor(browser, "resident") as at_home,
            visitor(browser, "mailbox") as at_the_mailbox,
            visitor(browser, "viewer") as watching,
        ):
            clerk, resident, viewer = at_console.page, at_home.page, watching.page
            await Clerk(at_console).sign_in(hall.links.console)
            upcoming = clerk.get_by_role("heading", name="Coming up").locator(
                "xpath=following-sibling::ul[1]"
            )
            await upcoming.get_by_role("link").first.click()
            await expect(clerk.locator(".mc-show")).to_be_visible()
            meeting = clerk.url.replace("/console", "")
            await open_discussion(clerk)

            await write(resident, meeting)
            await eyes.look(resident, "the discussion, with a post that is not confirmed")
            await expect(post(clerk)).to_contain_text("Not confirmed yet.")
            await eyes.look_at_console(clerk, "the dialog of discussions")
            link = await link_in(mailbox)
            confirming = at_the_mailbox.page
            await confirming.goto(link)
            await confirming.reload()
            await eyes.look(confirming, "the link in the e-mail")
            await expect(post(clerk)).to_contain_text("Not confirmed yet.")
            await confirming.get_by_role("button", name="Yes, this was me").click()
            await expect(confirming.locator(".mh-own")).to_contain_text("An officer will read it.")

            await viewer.goto(meeting)
            await viewer.get_by_role("link", name=re.compile(TITLE)).click()
            await expect(viewer.get_by_role("main")).to_contain_text("Nothing has been published yet.")
            await post(clerk).get_by_role("button", name="Approve").click()
            await expect(post(clerk)).to_contain_text("Published")
            await viewer.reload()
            await expect(viewer.locator(".post-list")).to_contain_text(WORDS)
            assert "sam@example.org" not in await viewer.content()
            await resident.reload()
            await expect(resident.locator(".mh-own")).to_contain_text("It is published.")

            dialog = clerk.get_by_role("dialog")
            await dialog.get_by_role("button", name="Close it now").click()
            await dialog.get_by_label("Summary").fill(SUMMARY)
            await dialog.get_by_role("button", name="Publish the summary").click()
            await expect(dialog.get_by_role("button", name="Change the summary")).to_be_visible()
            await resident.reload()
            await expect(resident.get_by_role("button", name="Send")).to_have_count(0)
            await viewer.goto(meeting)
            discussion = viewer.locator(".agenda-discussion")
            await expect(discussion).to_contain_text(SUMMARY)
            await discussion.get_by_text("1 post").click()
            await expect(discussion.get_by_text(WORDS)).to_be_visible()
            await eyes.look(viewer, "the meeting with a summary")
            for path in ("/follow?topic=trees", f"{urlsplit(meeting).path}/follow"):
                await viewer.goto(urljoin(meeting, path))
                await eyes.look(viewer, path)
            assert not eyes.found, "\n".join(eyes.found)
            assert "sam@example.org" not in await viewer.content()
            for person in (at_console, at_home, at_the_mailbox, watching):
                assert not person.faults, person.faults

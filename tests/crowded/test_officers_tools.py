"""What officers press at the console, each in a browser, with what comes of it in the browsers of others."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.clerk import Clerk
from tests.e2e.resident import Resident
from tests.e2e.viewer import Viewer
from tests.support.browser import CHROMIUM, Visitor, chromium, visitor
from tests.support.demo import Demo, demo
from tests.support.eyes import Eyes
from tests.support.judge import RESIDENT
from tests.support.mail import Mailbox, mail_server, text_of
from tests.support.waiting import until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]

NAME = "Kim Roe"
MOTION = "That the order be confirmed"


@dataclass
class Scene:
    hall: Demo
    clerk: Clerk
    other: Visitor
    """A resident, or somebody who watches."""

    @property
    def console(self) -> Page:
        return self.clerk.page

    @property
    def live(self) -> str:
        return self.hall.links.meeting

    async def open_console(self, meeting: str) -> None:
        await self.clerk.open(meeting.replace("/meetings/", "/console/meetings/"))


@asynccontextmanager
async def scene(directory: Path, mailbox: Mailbox | None = None) -> AsyncIterator[Scene]:
    mail = (
        {
            "MOOTHALL_SMTP_HOST": "127.0.0.1",
            "MOOTHALL_SMTP_PORT": str(mailbox.port),
            "MOOTHALL_SMTP_SECURITY": "none",
            "MOOTHALL_SMTP_FROM": "meetings@ouseby.example",
        }
        if mailbox is not None
        else {}
    )
    async with (
        demo(directory / "hall", "--no-feed", environment=mail) as hall,
        chromium(directory, RESIDENT) as browser,
        visitor(browser, "clerk", width=1366, height=768) as at_console,
        visitor(browser, "other") as other,
    ):
        clerk = Clerk(at_console)
        await clerk.sign_in(hall.links.console)
        yield Scene(hall, clerk, other)
        assert not [*at_console.faults, *other.faults]


async def test_days_before_a_device_is_tested_and_a_link_is_sent_again(tmp_path: Path) -> None:
    eyes = Eyes()
    async with mail_server() as mailbox, scene(tmp_path, mailbox) as here:
        console, resident = here.console, Resident(here.other)
        upcoming = console.get_by_role("heading", name="Coming up").locator("xpath=following-sibling::ul[1]")
        await upcoming.get_by_role("link").filter(has_text="Planning").first.click()
        await expect(console.locator(".mc-show")).to_be_visible()
        meeting = console.url.replace("/console", "")
        link = await resident.register(f"{meeting}/register", NAME, "kim@example.org", "Mill Lane")
        row = console.locator(".mc-speakers .mc-row").filter(has_text=NAME)
        await here.clerk.confirm(NAME)

        page = resident.page
        await page.goto(link)
        await page.get_by_role("button", name="Continue on this device").click()
        await page.get_by_label("I agree to be broadcast").check()
        await page.get_by_role("button", name="Continue").click()
        await page.get_by_role("button", name="Turn on camera and microphone").click()
        await expect(resident.words).to_contain_text("We can hear you.")
        await expect(row).not_to_contain_text("tested")
        await page.get_by_role("button", name="Send the result to the council").click()
        await expect(resident.words).to_contain_text("The council has your result of")
        await expect(resident.words).to_contain_text("Camera and microphone work.")
        await expect(row).to_contain_text(re.compile(r"device tested on .+ at \d\d:\d\d"))
        await expect(row).to_have_attribute("data-state", "confirmed")

        def links() -> list[str]:
            """Personal links in the letters so far, in their order."""
            return re.findall(r"http://\S+/speak/\S+", "\n".join(map(text_of, mailbox.messages)))

        await until(lambda: len(links()) == 2, "the two letters of a registration")
        await console.get_by_title(f"Details of {NAME}").click()
        await console.get_by_role("dialog").get_by_role("button", name="Send the link by e-mail").click()
        await until(lambda: len(links()) == 3, "the link once more")
        assert set(links()) == {link}
        dialog = console.get_by_role("dialog")
        await expect(dialog).to_contain_text("personal link: sent on")
        await dialog.get_by_text("Take out of the meeting…").click()
        await dialog.get_by_label(f"Why, as {NAME} will read it").fill("You wrote threats.")
        await eyes.look_at_console(console, "taking somebody out")
        await dialog.get_by_role("button", name="Take out now").click()
        await expect(row).to_have_attribute("data-state", "removed")
        await expect(resident.words).to_contain_text("An officer has taken you out of the meeting")
        await expect(resident.words).to_contain_text("You wrote threats.")
        await page.reload()
        await expect(page.get_by_role("main")).to_contain_text("You wrote threats.")
        await eyes.look(page, "somebody who was taken out")
    assert not eyes.found, "\n".join(eyes.found)


async def defer(console: Page, number: str) -> None:
    """By the keyboard and its dialog: to the end."""
    await console.keyboard.press("y")
    dialog = console.get_by_role("dialog", name="Order of business")
    item = dialog.locator("select").first
    value = (
        await item.locator("option")
        .filter(has_text=re.compile(f"^{re.escape(number)} "))
        .get_attribute("value")
    )
    await item.select_option(value)
    await dialog.get_by_role("button", name="Defer it").click()
    await expect(dialog).to_have_count(0)


async def test_the_order_of_business_a_vote_and_a_notice(tmp_path: Path) -> None:
    eyes = Eyes()
    async with scene(tmp_path) as here:
        console, viewer = here.console, Viewer(here.other)
        await here.open_console(here.live)
        await viewer.open(here.live)
        items = viewer.page.locator("#agenda li[data-item-id]:not(.agenda-heading) .agenda-number")
        before = await items.all_inner_texts()
        third, fourth = before[2], before[3]
        await viewer.item(fourth).get_by_role("button", name="Tell me when it is next").click()

        dialog = console.get_by_role("dialog", name="Order of business")
        await defer(console, third)
        await expect(dialog).to_have_count(0)
        await expect(items.last).to_have_text(third)
        await expect(viewer.item(third)).to_have_attribute("data-state", "deferred")
        await expect(viewer.item(third).locator(".agenda-state")).to_have_text("Deferred")
        await console.get_by_role("button", name=re.compile("^Undo: defer")).click()
        await expect(items).to_have_text(before)
        await defer(console, third)

        await console.keyboard.press("y")
        await dialog.get_by_text("Add an urgent item").click()
        await eyes.look_at_console(console, "the order of business")
        await dialog.get_by_label("Title, as the public read it").fill("Flood on Foss Bank")
        await dialog.get_by_label("Why it cannot wait").fill("The river rose today.")
        await dialog.get_by_role("button", name="Add the item").click()
        added = viewer.page.locator("#agenda li").filter(has_text="Flood on Foss Bank")
        await expect(added).to_contain_text("Urgent business, added during the meeting.")
        await viewer.page.reload()
        await expect(added).to_contain_text("Urgent business, added during the meeting.")

        await console.keyboard.press("y")
        await dialog.locator("select").first.select_option(
            await dialog.locator("select").first.locator("option").last.get_attribute("value")
        )
        await dialog.get_by_text("Defer it to another meeting", exact=True).click()
        await dialog.get_by_label("The day of that meeting, if it is known").fill("2099-12-03")
        await eyes.look_at_console(console, "deferring to another meeting")
        await dialog.get_by_role("button", name="Defer it to another meeting: it is passed over here").click()
        note = viewer.page.locator("#agenda li:last-of-type .agenda-put-off")
        await expect(note).to_have_text("Deferred to the meeting of Thursday 3 December 2099.")
        await viewer.page.reload()
        await expect(note).to_have_text("Deferred to the meeting of Thursday 3 December 2099.")

        now = int(
            await console.locator(".mc-item:not(.mc-item--heading)").evaluate_all(
                "rows => rows.findIndex(row => row.getAttribute('aria-current') === 'step')"
            )
        )
        for _ in range(before.index(fourth) - now - 2):
            await here.clerk.next_item()
        await expect(viewer.page.locator(".mh-told")).to_contain_text(fourth.rstrip("."))

        await console.keyboard.press("v")
        await console.get_by_label("What was voted on?").fill(MOTION)
        for label, votes in (("For", "7"), ("Against", "2"), ("Abstained", "1")):
            await console.get_by_role("dialog").get_by_label(label, exact=True).fill(votes)
        await console.get_by_role("dialog").get_by_role("button", name="Carried").click()
        result = viewer.page.locator("[data-result-id]").filter(has_text=MOTION)
        await expect(result).to_contain_text("7 for, 2 against, 1 abstained")
        await eyes.look(viewer.page, "an agenda in another order")
    assert not eyes.found, "\n".join(eyes.found)


async def test_minutes_that_are_expected_are_counted_and_told(tmp_path: Path) -> None:
    eyes = Eyes()
    async with scene(tmp_path) as here:
        console, viewer = here.console, Viewer(here.other)
        await here.open_console(here.live)
        await viewer.open(here.live)
        now = console.locator(".mc-item[aria-current]")
        times = console.locator(".mc-item[aria-current] + .mc-item:not(.mc-item--heading) .mc-item__times")
        told = viewer.page.locator("#agenda li[aria-current] + li:not(.agenda-heading) .agenda-expected")
        for _ in range(3):
            # Behind the third of the demonstration's items no heading comes.
            if await console.locator(".mc-item[aria-current] + .mc-item:not(.mc-item--heading)").count():
                break
            await here.clerk.next_item()
        await expect(told).to_have_count(0)

        await console.keyboard.press("y")
        dialog = console.get_by_role("dialog", name="Order of business")
        await dialog.get_by_text("Expected minutes").click()
        name = await now.locator(".mc-item__title").inner_text()
        minutes = dialog.locator(".mc-minutes").get_by_label(re.compile(re.escape(name)))
        await minutes.fill("no")
        await expect(dialog.get_by_role("alert")).to_contain_text("Whole minutes, 600 at most.")
        await eyes.look_at_console(console, "minutes that are none")
        await minutes.fill("25")
        await console.keyboard.press("Tab")
        await expect(dialog.get_by_role("alert")).to_have_count(0)
        await expect(now.locator(".mc-item__times")).to_have_text(re.compile(r"^\d+ of 25 min$"))
        await expect(times).to_have_text(re.compile(r"^\d\d:\d\d$"))
        await expect(told).to_have_text(re.compile(r"^Expected about (\d+(:\d\d)?[ap]m|midday|midnight)$"))
        by_script = await told.inner_text()
        await eyes.look(viewer.page, "an agenda with a time")
        await viewer.page.reload()
        await expect(told).to_have_text(by_script)
        await dialog.get_by_role("button", name="Do nothing").click()
        await console.get_by_role("button", name=re.compile("^Undo: minutes of")).click()
        await expect(told).to_have_count(0)
        await expect(now.locator(".mc-item__times")).to_have_text(re.compile(r"^\d+ min$"))
    assert not eyes.found, "\n".join(eyes.found)


async def test_a_key_of_ones_own_lasts_and_escape_leaves_it(tmp_path: Path) -> None:
    eyes = Eyes()
    async with scene(tmp_path) as here:
        console = here.console
        await here.open_console(here.live)
        await console.keyboard.press("?")
        dialog = console.get_by_role("dialog", name="Keys")
        await eyes.look_at_console(console, "the list of keys")
        note = dialog.get_by_role("button", name=re.compile("note for the minutes"))
        await note.click()
        await console.keyboard.press("Escape")
        await expect(note).to_have_text("D")
        await note.click()
        await console.keyboard.press("n")
        await expect(dialog.get_by_role("status")).to_contain_text("N is the key for “Next item” already.")
        await note.click()
        await console.keyboard.press(";")
        await expect(note).to_have_text(";")
        await dialog.get_by_role("button", name="Close").click()
        await console.reload()
        await expect(console.get_by_role("button", name="Note")).to_have_attribute("aria-keyshortcuts", ";")
        await console.keyboard.press("d")
        await expect(console.get_by_role("dialog")).to_have_count(0)
        await console.keyboard.press(";")
        await expect(console.get_by_role("dialog", name="Note for the minutes")).to_be_visible()
    assert not eyes.found, "\n".join(eyes.found)

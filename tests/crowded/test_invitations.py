"""A clerk invites a signer, an interpreter and a presenter, chooses a delay, and names the chamber.

In a meeting that has not begun, at the real console, with everybody in a browser of their own. In the end the
public see and hear all three of them.
"""

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.clerk import Clerk
from tests.e2e.viewer import Viewer
from tests.support.browser import CHROMIUM, Visitor, chromium, chromium_that_shares, visitor
from tests.support.demo import demo
from tests.support.judge import Region, Signature

GWEN = Signature("Gwen", (200, 40, 160), 880)
"""Her camera and microphone, which all browsers of this test have."""
SLIDES = "Slides of Bob Birch"
"""Title of the tab that his browser shares."""
SLIDE = Signature("slide", (120, 200, 20), 0.0)
SIGNERS_PLACE: Region = (0.9, 0.8, 0.97, 0.9)
SLIDES_PLACE: Region = (0.3, 0.4, 0.5, 0.6)
SIGNERS_PLACE_BESIDE_SLIDES: Region = (0.8, 0.58, 0.93, 0.68)
DELAY = 3

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]


async def invite(clerk: Page, name: str, part: re.Pattern[str]) -> str:
    """Issue a link at the console; it is shown once, to copy."""
    await clerk.get_by_role("button", name="Invite…").click()
    dialog = clerk.get_by_role("dialog")
    await dialog.get_by_label("Name", exact=True).fill(name)
    await dialog.get_by_label(part).check()
    await dialog.get_by_role("button", name="Make the link").click()
    link = await dialog.get_by_label("Personal link").input_value()
    await dialog.get_by_role("button", name="Close").click()
    await expect(row(clerk, name)).to_contain_text("has not come yet")
    return link


def row(clerk: Page, name: str) -> Locator:
    return clerk.locator(".mc-row").filter(has_text=name)


async def arrive(person: Visitor, link: str, turn_on: str | None) -> None:
    """Open the personal link, check the device, and say so."""
    await person.page.goto(link)
    await person.page.get_by_role("button", name="Continue on this device").click()
    if turn_on:
        await person.page.get_by_role("button", name=turn_on).click()
    await expect(person.page.get_by_role("button", name="I am ready")).to_be_visible()
    await person.page.get_by_role("button", name="I am ready").click()
    await expect(person.page.locator("#speaker-app")).to_contain_text("An officer will bring you in")


async def share(presenter: Visitor) -> None:
    """Show a tab whose title the browser has been told to choose."""
    slides = await presenter.context.new_page()
    await slides.set_content(f"<title>{SLIDES}</title><body style='background: rgb{SLIDE.colour}'>")
    await presenter.page.bring_to_front()
    await presenter.page.get_by_role("button", name="Choose what to share").click()
    await expect(presenter.page.locator("#speaker-app")).to_contain_text("Your screen")


async def test_everybody_who_was_invited_takes_part(tmp_path: Path) -> None:
    welsh = {"MOOTHALL_INTERPRETED_LANGUAGE": "cy"}
    async with (
        demo(tmp_path / "hall", environment=welsh) as hall,
        chromium(tmp_path, GWEN) as browser,
        chromium_that_shares(SLIDES) as with_a_screen,
        visitor(browser, "clerk", width=1366, height=768) as at_console,
        visitor(browser, "signer") as signer,
        visitor(browser, "interpreter") as interpreter,
        visitor(with_a_screen, "presenter") as presenter,
        visitor(browser, "viewer") as watching,
    ):
        clerk = Clerk(at_console)
        page = at_console.page
        await clerk.sign_in(hall.links.console)
        upcoming = page.get_by_role("heading", name="Coming up").locator("xpath=following-sibling::ul[1]")
        await upcoming.get_by_role("link").first.click()
        ref = page.url.rsplit("/", 1)[1]
        links = [
            await invite(page, "Gwen Rees", re.compile("Interpreter into Cymraeg")),
            await invite(page, "Ann Ash", re.compile("Sign language")),
            await invite(page, "Bob Birch", re.compile("Presenter")),
        ]
        await clerk.open_room()
        await expect(page.locator(".mc-delay")).to_contain_text("The public see this without a delay.")
        await page.get_by_label("Delay in seconds").fill(str(DELAY))
        await page.get_by_role("button", name="Set the delay").click()
        await expect(page.locator(".mc-delay")).to_contain_text(f"The public see this {DELAY} seconds later.")

        await arrive(interpreter, links[0], "Turn on the microphone")
        await arrive(signer, links[1], "Turn on the camera")
        await arrive(presenter, links[2], None)
        for name in ("Gwen Rees", "Ann Ash", "Bob Birch"):
            await row(page, name).get_by_role("button", name="Bring in").click()
        await expect(interpreter.page.locator("#speaker-app")).to_contain_text("You are interpreting")
        await expect(signer.page.locator("#speaker-app")).to_contain_text("You are seen as the signer")
        for name in ("Gwen Rees", "Ann Ash"):
            await expect(row(page, name)).to_contain_text(re.compile("arriv", re.IGNORECASE))
        assert await signer.page.locator("#speaker-app audio").count() == 1

        await page.get_by_role("button", name="Go live").first.click()
        await page.get_by_role("dialog").get_by_role("button", name="Go live now").click()
        await clerk.sees_state("LIVE")
        for button, words in (
            ("Private session", f"drops the last {DELAY} s"),
            ("Adjourn", f"last {DELAY} s seen first"),
            ("CUT", f"drops the last {DELAY} s"),
        ):
            await expect(page.get_by_role("button", name=button).first).to_contain_text(words)
        await expect(page.locator(".mc-delay")).to_contain_text("A private session is not recorded.")
        await expect(page.get_by_label("Delay in seconds")).to_have_count(0)
        await page.get_by_label("Name in the chamber’s picture").fill("Cllr Jane Doe, Chair")
        await page.get_by_role("button", name="Set", exact=True).click()

        viewer = Viewer(watching)
        await viewer.open(f"{hall.links.home}meetings/{ref}")
        await expect(watching.page.locator("#speaker-line")).to_contain_text("Cllr Jane Doe, Chair")
        await viewer.play()
        await watching.sees(GWEN.colour, SIGNERS_PLACE)
        await watching.does_not_hear(GWEN.hz)
        await interpreter.hears(440, selector="#speaker-app audio")

        language = watching.page.get_by_label("Language of the sound")
        await language.select_option(label="Cymraeg (cyfieithu)")
        await watching.hears(GWEN.hz)
        await language.select_option("")
        await watching.hears_no_more(GWEN.hz)

        await share(presenter)
        await watching.sees(SLIDE.colour, SLIDES_PLACE)
        await watching.sees(GWEN.colour, SIGNERS_PLACE_BESIDE_SLIDES)
        await presenter.page.get_by_role("button", name="Stop sharing").click()
        await watching.sees(GWEN.colour, SIGNERS_PLACE)

        await row(page, "Ann Ash").get_by_role("button", name="Take the link back").click()
        await expect(signer.page.locator("#speaker-app")).to_contain_text("Your invitation was taken back")
        await row(page, "Gwen Rees").get_by_role("button", name="Send out").click()
        await expect(interpreter.page.locator("#speaker-app")).to_contain_text("An officer will bring you in")
        await page.get_by_role("button", name="Private session").first.click()
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_label(f"Drop the last {DELAY} seconds")).to_be_checked()
        await expect(dialog).to_contain_text("A private session is not recorded.")
        for person in (at_console, signer, interpreter, presenter, watching):
            assert not person.faults

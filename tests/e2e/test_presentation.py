"""An officer chooses a PDF at the console and turns its pages; viewers see that page, each time."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.clerk import Clerk
from tests.e2e.viewer import Viewer
from tests.support.browser import CHROMIUM, chromium, visitor
from tests.support.demo import demo
from tests.support.documents import BLUE, GREEN, RED, write_pdf
from tests.support.judge import Signature

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]


async def choose(page: Page, document: Path) -> None:
    """By the browser's own dialog for files."""
    async with page.expect_file_chooser() as opened:
        await page.get_by_text("Upload a PDF").click()
    await (await opened.value).set_files(document)


async def test_the_public_see_the_page_that_the_officer_turns_to(tmp_path: Path) -> None:
    async with (
        demo(tmp_path / "hall", "--no-feed") as hall,
        chromium(tmp_path) as browser,
        visitor(browser, "clerk", width=1366, height=768) as officer,
        visitor(browser, "viewer") as watching,
    ):
        clerk, viewer, page = Clerk(officer), Viewer(watching), officer.page
        ref = hall.links.meeting.rsplit("/", 1)[1]
        await clerk.sign_in(hall.links.console)
        await clerk.open(f"{hall.links.home}console/meetings/{ref}")
        await clerk.sees_state("LIVE")
        await viewer.open(hall.links.meeting)
        await viewer.play()
        group = page.get_by_role("group", name="Presentation")
        await choose(page, write_pdf(tmp_path / "Site plans.pdf", RED, GREEN, BLUE))
        show = group.get_by_role("button", name="Show the PDF")
        await expect(show).to_be_visible()
        seen = await watching.look()
        assert seen is not None
        assert not seen.shows(RED), "nothing is shown before the officer says so"
        await show.click()
        await watching.sees(RED)
        said = group.get_by_role("status")
        await expect(said).to_have_text("Site plans: page 1 of 3")
        await expect(group.get_by_role("button", name="Back")).to_be_disabled()
        for button, number, colour in (("On", 2, GREEN), ("On", 3, BLUE), ("Back", 2, GREEN)):
            await group.get_by_role("button", name=button, exact=True).click()
            await expect(said).to_have_text(f"Site plans: page {number} of 3")
            await watching.sees(colour)
        await group.get_by_role("button", name="Stop showing").click()
        await expect(show).to_be_visible()
        await watching.sees_shares(least=0.0, gone=[Signature("the page", GREEN, 0.0)])
        assert [*officer.faults, *watching.faults] == []

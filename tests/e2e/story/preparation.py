"""Before the meeting: it is imported, and a resident registers."""

import re

from playwright.async_api import expect

from tests.e2e.modgov import MILL_LANE, MINUTES, RESTRICTED, SECRET, WORK_PROGRAMME
from tests.e2e.story.story import EMAIL, Story


async def before(story: Story) -> None:
    """1. The clerk imports a meeting; its page has agenda, documents, start and how to register."""
    await story.import_meetings()
    story.ref = f"{story.day:%Y-%m-%d}-audit-committee"
    viewer, page = story.viewer, story.viewer.page
    await viewer.open(f"{story.house.address}/")
    await page.get_by_role("link", name="Audit Committee").first.click()
    await expect(page).to_have_url(story.meeting)
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Audit Committee")
    await expect(page.locator("main")).to_contain_text(f"{story.day.day} {story.day:%B %Y}")
    for item in (MINUTES, MILL_LANE, WORK_PROGRAMME):
        await expect(viewer.item(item.number)).to_contain_text(item.title)
    await expect(viewer.item(RESTRICTED.number)).to_contain_text("in private")
    papers = viewer.item(WORK_PROGRAMME.number).locator(".agenda-documents a")
    await expect(papers).to_have_attribute("href", re.compile("mgConvert2PDF"))
    await expect(page.locator("main a[href='']")).to_have_count(0)
    assert SECRET not in await page.content()


async def registration(story: Story) -> None:
    """2. A resident registers with a plain form; the clerk signs in and confirms."""
    story.link = await story.resident.register(f"{story.meeting}/register", "Sam Lee", EMAIL, MILL_LANE.title)
    await story.clerk.sign_in(await story.house.sign_in_link("clerk@example.org", "Alex Clerk"))
    await story.clerk.open(f"{story.house.address}/console/meetings/{story.ref}")
    await story.clerk.confirm("Sam Lee")

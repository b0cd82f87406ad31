"""The console on the laptop that a council has: in 1366×768 nothing essential is to be scrolled for.

In Chromium, with the site's own pages on a real database; what the studio would say is set by the test.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from hub.domain.people import Resident
from hub.domain.services.accounts import new_sign_in_link
from hub.domain.services.registration import register, take_slot
from media.control.alarm import Alarm
from media.control.feeds import FeedStatus
from media.control.studio import GateState, GateStatus, SlateText
from tests.hub.fakes import studio_status
from tests.support.browser import CHROMIUM, chromium, visitor
from tests.web.conftest import Site
from web.assets import Assets

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]

WIDTH, HEIGHT = 1366, 768
NAMES = (
    "Ada Ash",
    "Ben Birch",
    "Cleo Cedar",
    "Dev Douglas",
    "Eve Elm",
    "Finn Fir",
    "Gwen Gorse",
    "Hal Hazel",
)
SLATE = SlateText(title="The broadcast has stopped for technical reasons", kind="technical")
ALARMS = [
    Alarm(code="feed_stalled", sentence="Ada Ash: nothing has come for 3 seconds.", source="2"),
    Alarm(
        code="silent",
        sentence="The programme has been silent for ten seconds: the public hear nothing. Check that the "
        "sound desk feeds the encoder and that a microphone is open.",
        source="chamber",
    ),
    Alarm(code="hls_away", sentence="Viewing by HLS is being started again. Its viewers wait some seconds."),
]
ALWAYS = (".mc-state strong", ".mc-state > span", ".mc-cut", ".mc-facts", ".mc-footer button")
HIDDEN = """
(selectors) => selectors.flatMap((selector) => {
  const found = [...document.querySelectorAll(selector)];
  if (!found.length) return [`${selector}: is not there`];
  return found.flatMap((element, number) => {
    const box = element.getBoundingClientRect();
    const inside = box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const seen = box.height && inside && top && element.contains(top);
    return seen ? [] : [`${selector} ${number}: “${element.textContent}” at ${JSON.stringify(box)}`];
  });
})
"""
"""What is not wholly in the window, lies under something else, or is cut off by its panel."""
SCROLLED = """
() => {
  const { scrollHeight, scrollWidth } = document.scrollingElement;
  return [scrollWidth, scrollHeight];
}
"""


@pytest.fixture
def assets() -> Assets:
    """The pages' own scripts and styles."""
    return Assets()


def feed(source: str, label: str) -> FeedStatus:
    return FeedStatus(
        source=source,
        kind="speaker" if source.isdigit() else "rtmp",
        label=label,
        state="live",
        sentence="Picture and sound are arriving.",
        width=1280,
        height=720,
        frames_per_second=25,
        sound=True,
        level_dbfs=-22,
    )


async def fits(page: Page, *essential: str) -> None:
    """Nothing scrolls but panels, and these are to be seen as the page stands."""
    await expect(page.locator(".mc")).to_be_visible()
    assert await page.evaluate(SCROLLED) == [WIDTH, HEIGHT]
    assert await page.evaluate(HIDDEN, [*ALWAYS, *essential]) == []


async def called(site: Site, name: str) -> int:
    """Somebody who registered and has come so far."""
    house = site.house
    person = await register(house.desk, house.ref, name=name, email="s@example.org", item_id=house.items[2])
    await house.do("speaker.confirm", registration_id=person.registration_id)
    await take_slot(house.desk, person.token, name)
    resident = Resident(person.registration_id, house.meeting_id, name)
    await house.do("speaker.check_in", resident)
    await house.do("speaker.call", registration_id=person.registration_id)
    return person.registration_id


async def as_in_life(site: Site, state: GateState, speakers: dict[int, str]) -> None:
    """The studio says what it would."""
    feeds = [feed("chamber", "Chamber"), *(feed(str(number), name) for number, name in speakers.items())]
    gate = GateStatus(state=state, slate=SLATE, since_ms=0, changes=1)
    on_air = [str(number) for number in speakers]
    site.engine.studio = studio_status(gate, *feeds).model_copy(update={"on_air": on_air})


async def test_the_essentials_are_on_one_screen(site: Site, tmp_path: Path) -> None:
    house = site.house
    token = await new_sign_in_link(house.desk, "ann@example.org")
    address = str(site.client.make_url("/")).rstrip("/")
    async with chromium(tmp_path) as browser, visitor(browser, "clerk", width=WIDTH, height=HEIGHT) as clerk:
        page = clerk.page

        async def opens() -> None:
            await page.goto(f"{address}/console{site.meeting}")

        await page.goto(f"{address}/sign-in/{token}")
        await page.get_by_role("button", name="Continue").click()
        await page.wait_for_url("**/console")
        await opens()
        await expect(page.locator(".mc")).to_have_attribute("data-state", "scheduled")
        await fits(page, ".mc-gate button")
        await shows_all_keys(page)

        await house.do("meeting.open_room")
        await as_in_life(site, GateState.WAITING, {})
        await opens()
        await expect(page.locator(".mc")).to_have_attribute("data-state", "pre_show")
        await fits(page, ".mc-gate button", ".mc-next", ".mc-layouts button")

        await house.do("meeting.go_live", confirmed=True)
        on_air = await a_full_house(site)
        await as_in_life(site, GateState.OPEN, on_air)
        await opens()
        await expect(page.locator('.mc-row[data-state="on_air"]')).to_have_count(6)
        await expect(page.locator('.mc-question[data-state="pending"]')).to_have_count(11)
        live = (
            ".mc-next",
            ".mc-gate button",
            ".mc-layouts button",
            '.mc-row[data-state="on_air"] .mc-row__who strong',
            '.mc-row[data-state="on_air"] .mc-button',
            ".mc-question:first-of-type",
        )
        await fits(page, *live)

        site.engine.alarms = ALARMS
        await opens()
        await expect(page.locator(".mc-alarm")).to_have_count(3)
        await fits(page, ".mc-alarm > span:first-child", ".mc-alarm button", *live)

        site.engine.alarms = []
        await house.do("meeting.private", item_id=house.items[3], paragraphs=[3])
        await as_in_life(site, GateState.PRIVATE, on_air)
        await opens()
        await expect(page.locator(".mc-state strong")).to_have_text("PRIVATE")
        first = '.mc-row[data-state="on_air"]:nth-child(-n + 3)'
        await fits(page, ".mc-gate button", ".mc-next", f"{first} .mc-button")

        await house.do("meeting.end", confirmed=True)
        site.engine.studio = None
        house.desk.recordings_kept = timedelta(days=180)
        await opens()
        await expect(page.locator(".mc-over")).to_contain_text("kept until Tuesday 25 May 2027")
        await fits(page, ".mc-over")
        await keeps_it_for_longer(page)
        assert clerk.faults == []


async def shows_all_keys(page: Page) -> None:
    """From the heading to the button, which has the focus."""
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert await page.evaluate(HIDDEN, [".mc-dialog h2", ".mc-keys dd", ".mc-dialog__buttons"]) == []
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def keeps_it_for_longer(page: Page) -> None:
    """A later day and a reason are needed."""
    await page.get_by_role("button", name="Keep it for longer").click()
    dialog = page.get_by_role("dialog", name="Keep the recording for longer")
    last_day, reason = dialog.get_by_label("The last day"), dialog.get_by_label("Reason, for the log only")
    keep = dialog.get_by_role("button", name="Keep it")
    await expect(last_day).to_have_value("2027-05-25")
    await reason.fill("A complaint")
    await expect(keep).to_be_disabled()
    await expect(keep).to_have_accessible_description("Choose a later day first.")
    await last_day.fill("2028-01-31")
    await expect(keep).to_be_enabled()
    await reason.fill(" ")
    await expect(keep).to_be_disabled()
    await expect(keep).to_have_accessible_description("Write the reason first.")


async def a_full_house(site: Site) -> dict[int, str]:
    """Six on air, two called, and ten questions beside the one that is planted. Who is on air."""
    house = site.house
    await house.next()
    numbers = [await called(site, name) for name in NAMES]
    for number in numbers[:6]:
        await house.do("speaker.admit", registration_id=number)
    for count in range(10):
        await house.ask(f"Why is footpath number {count} closed?", device=f"device-{count}")
    return dict(zip(numbers[:6], NAMES, strict=False))

"""Somebody who watches: what their page says, and how it plays."""

import re
import time
from typing import Literal

from playwright.async_api import Locator, expect

from tests.support.browser import Visitor
from tests.support.waiting import until_async

Way = Literal["whep", "hls"]
Picture = Literal["auto", "720p", "360p", "sound"]
MILLISECONDS = 1000


class Viewer:
    """The public page in a browser."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.player = self.page.locator("#player")

    async def open(self, address: str) -> None:
        """Open the meeting's page."""
        response = await self.page.goto(address)
        assert response is not None
        assert response.status == 200, f"{address}: {response.status}"

    async def play(self) -> None:
        """Press the large button and wait for the first picture."""
        await self.page.locator(".mh-player__start").click()
        await self._plays()

    async def choose(self, way: Way) -> None:
        """Choose a way of playing, and wait until it plays so."""
        await self.page.get_by_label("Way of playing").select_option(way)
        await expect(self.player).to_have_attribute("data-transport", way)
        await self._plays()

    async def show(self, picture: Picture) -> None:
        """Choose the full picture, the small one or none, and wait until it plays."""
        await self.page.get_by_label("Picture", exact=True).select_option(picture)
        await expect(self.player).to_have_attribute("data-picture", picture)
        await self._plays()

    def item(self, number: str) -> Locator:
        """An agenda item by its public number."""
        title = re.compile(rf"(^|\s){re.escape(number)}(\s|$)")
        return self.page.locator("#agenda li[data-item-id]").filter(has_text=title)

    async def item_is_now(self, number: str, seconds: float) -> None:
        """Wait until the agenda says that an item is being dealt with."""
        await expect(self.item(number)).to_have_attribute("data-state", "now", timeout=seconds * MILLISECONDS)

    async def became_now(self, number: str) -> tuple[int, float]:
        """The item's id, and when the page said so, Unix seconds; to be asked once it is so."""
        item = int(str(await self.item(number).get_attribute("data-item-id")))
        return item, float(await self.page.evaluate("item => moot.since(item)", str(item))) / 1000

    async def notice(self, words: str | re.Pattern[str]) -> None:
        """Wait until the page says why there is a slate."""
        await expect(self.page.locator("#notice")).to_contain_text(words)

    async def no_notice(self) -> None:
        """Wait until it is gone."""
        await expect(self.page.locator("#notice")).to_have_text("")

    async def time_left(self) -> int:
        """Seconds that the page says the speaker still has."""
        clock = self.page.locator("#speaker-line [role=timer] [aria-hidden]")
        await expect(clock).to_have_text(re.compile(r"\d+:\d\d"))
        minutes, seconds = (await clock.inner_text()).split(":")
        return int(minutes) * 60 + int(seconds)

    async def ask(self, text: str, author: str) -> None:
        """Send a question by the form, and see that it was taken."""
        form = self.page.locator("#questions form").first
        await form.locator("[name=text]").fill(text)
        await form.locator("[name=author]").fill(author)
        await form.get_by_role("button").click()
        await expect(self.page.locator(".own-questions")).to_contain_text(text)

    def question(self, text: str) -> Locator:
        """A published question."""
        return self.page.locator(".question-list [data-question-id]").filter(has_text=text)

    async def position(self) -> float:
        """Playback time in seconds."""
        return float(await self.page.evaluate("() => document.querySelector('video').currentTime"))

    async def plays_from(self, seconds: float, tolerance: float = 1.5) -> None:
        """Wait until the video goes on from about there."""
        begun = time.monotonic()

        async def is_there() -> bool:
            ahead = await self.position() - seconds + tolerance
            return 0 < ahead < tolerance + time.monotonic() - begun + 1

        await until_async(is_there, f"the video to play from {seconds:g} s", 40)
        await self._plays()

    async def _plays(self) -> None:
        await expect(self.player).to_have_attribute("data-phase", "playing")

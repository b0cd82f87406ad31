"""The officer who runs the meeting, alone, at the console."""

import re

from playwright.async_api import Locator, expect

from tests.support.browser import SEEN_SECONDS, Visitor
from tests.support.judge import Rgb, still
from tests.support.waiting import until_async


class Clerk:
    """The console in a browser."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.state = self.page.locator(".mc-state strong")
        """What the public have, in one word."""

    async def sign_in(self, link: str) -> None:
        """Use the one-time link."""
        await self.page.goto(link)
        await self.page.get_by_role("button", name="Continue").click()
        await self.page.wait_for_url("**/console")

    async def open(self, address: str) -> None:
        """Open the console of one meeting."""
        await self.page.goto(address)
        await expect(self.state).to_be_visible()

    async def sees_state(self, word: str) -> None:
        """Wait until the console says OFF, SLATE, LIVE or PRIVATE."""
        await expect(self.state).to_have_text(word)

    async def sees_feed(self, source: str) -> None:
        """Wait until a feed's picture and sound arrive."""
        await expect(self.page.locator(f'.mc-still[data-of="{source}"] img')).to_be_visible()
        await expect(self.page.get_by_label("Feeds", exact=True).first).to_contain_text("are arriving")

    async def picture_shows(self, ref: str, of: str, colour: Rgb) -> None:
        """Wait until the console's still of a source has a colour."""
        address = f"/console/meetings/{ref}/picture.jpg?of={of}"
        origin = "/".join(self.page.url.split("/")[:3])
        seen: list[object] = []

        async def shows() -> bool:
            response = await self.page.request.get(origin + address)
            picture = still(await response.body()) if response.ok else None
            seen[:] = [picture and picture.mean()]
            return picture is not None and picture.shows(colour)

        try:
            await until_async(shows, f"the console's picture of {of}", SEEN_SECONDS)
        except TimeoutError as error:
            raise AssertionError(f"{error}; it is {seen}") from None

    async def open_room(self) -> None:
        """Start the studio with its slate."""
        await self._press("Open the room")
        await self.sees_state("SLATE")

    async def go_live(self) -> None:
        """Asks for confirmation."""
        await self._press("Go live")
        await self._answer(re.compile("Go live (now|all the same)"))
        await self.sees_state("LIVE")

    async def next_item(self) -> None:
        """The one large button."""
        await self._press("Next item")

    async def sees_item(self, title: str) -> None:
        """Wait until an item is the current one."""
        await expect(self.page.locator('.mc-item[aria-current="step"]')).to_contain_text(title)

    async def undo(self) -> None:
        """Take back the last step by its key; the button is there as long as it can be."""
        button = self.page.get_by_role("button", name=re.compile("^Undo: "))
        await expect(button).to_be_visible()
        await self.page.keyboard.press("u")
        await expect(button).to_have_count(0)

    async def go_private(self, number: str, paragraph: int) -> None:
        """Exclude the public from the item that the dialog proposes."""
        # The button that takes back a step may name the item that was called: a private session, too.
        await self.page.get_by_role("button", name=re.compile("^Private session")).click()
        dialog = self.page.get_by_role("dialog")
        await expect(dialog.locator("select option:checked")).to_contain_text(number)
        await dialog.locator(".mc-paragraphs label").nth(paragraph - 1).click()
        await self._answer("Exclude the public now")
        await self.sees_state("PRIVATE")

    async def return_to_public(self) -> None:
        """Asks for confirmation; the first "no" changes nothing."""
        await self._press("Return to public")
        await self._answer("Do nothing")
        await self.sees_state("PRIVATE")
        await self._press("Return to public")
        await self._answer("Yes, open to the public")
        await self.sees_state("LIVE")

    async def end(self) -> None:
        """Asks for confirmation."""
        await self._press("End meeting")
        await self._answer("End the meeting now")

    async def confirm(self, name: str) -> None:
        """Accept a registration."""
        await self._speaker(name, "Confirm")
        await expect(self._row(name)).to_have_attribute("data-state", "confirmed")

    async def sees_ready(self, name: str) -> None:
        """Wait until a resident is in the waiting room."""
        await expect(self._row(name)).to_have_attribute("data-state", "checked_in")

    async def call(self, name: str) -> None:
        """Ask a resident who waits to be ready."""
        await self._speaker(name, "Call")

    async def admit(self, name: str) -> None:
        """Bring them on air."""
        await self._speaker(name, "On air")

    async def finish(self, name: str) -> None:
        """Take them off."""
        await self._speaker(name, "Take off")

    async def sees_lost(self, name: str) -> None:
        """Wait until the console says so."""
        await expect(self._row(name)).to_contain_text(
            re.compile(r"connection lost; place kept until \d+:\d\d")
        )

    async def admit_privately(self, name: str) -> None:
        """Let somebody into the private session."""
        await self._speaker(name, "Admit to private session")
        await expect(self._row(name)).to_contain_text("Send out of private session")

    async def layout(self, name: str) -> None:
        """Choose how the picture is composed."""
        await (
            self.page.get_by_role("group", name="Layout").get_by_role("button", name=name, exact=True).click()
        )

    async def names(self) -> None:
        """Put the names of who is seen into the picture, or take them out."""
        await self._press("Names")

    async def share_a_screen(self) -> None:
        """Show what the browser chooses."""
        await self._press("Share a screen")
        await expect(self.page.get_by_role("button", name="Stop sharing")).to_be_visible()

    async def stop_sharing(self) -> None:
        """Show it no more."""
        await self._press("Stop sharing")
        await expect(self.page.get_by_role("button", name="Share a screen")).to_be_visible()

    async def sees_pending(self, text: str) -> None:
        """Wait until a question waits to be read."""
        await expect(self._question(text)).to_have_attribute("data-state", "pending")

    async def question(self, button: str, text: str) -> None:
        """Approve a question, or say that it is being answered, or that it was."""
        await self._question(text).get_by_role("button", name=button).click()

    async def _press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name).first.click()

    async def _answer(self, name: str | re.Pattern[str]) -> None:
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_role("button", name=name).click()
        await expect(dialog).to_have_count(0)

    async def _speaker(self, name: str, button: str) -> None:
        await self._row(name).get_by_role("button", name=button).click()

    def _row(self, name: str) -> Locator:
        return self.page.locator(".mc-speakers .mc-row").filter(has_text=name)

    def _question(self, text: str) -> Locator:
        return self.page.locator(".mc-question").filter(has_text=text)

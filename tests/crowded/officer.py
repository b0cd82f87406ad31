"""An officer who runs a meeting at the console by keys alone; every press is counted."""

import re
from collections import Counter

from playwright.async_api import Locator, expect

from tests.support.browser import Visitor

COUNTING = """
window.felt = { keys: 0, pointers: 0 };
addEventListener("keydown", () => { felt.keys += 1; }, true);
addEventListener("pointerdown", () => { felt.pointers += 1; }, true);
"""
"""What the page itself felt, to be held against what the test says that it pressed."""


class Officer:
    """The console in a browser, without a mouse."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.presses: Counter[str] = Counter()
        """What for → how many."""
        self.dialog = self.page.get_by_role("dialog")

    async def sign_in(self, link: str) -> None:
        """By the one-time link; this is before the console, and not counted."""
        await self.page.goto(link)
        await self.page.get_by_role("button", name="Continue").press("Enter")
        await self.page.wait_for_url("**/console")

    async def open(self, address: str) -> None:
        """The console of one meeting."""
        await self.page.add_init_script(COUNTING)
        await self.page.goto(address)
        await self.sees_state("OFF")

    async def press(self, key: str, what: str) -> None:
        """One key, once."""
        self.presses[what] += 1
        await self.page.keyboard.press(key)

    async def felt(self) -> tuple[int, int]:
        """Keys and pointers that the page noticed."""
        keys, pointers = await self.page.evaluate("() => [felt.keys, felt.pointers]")
        return keys, pointers

    async def sees_state(self, word: str) -> None:
        """Wait until the console says OFF, SLATE, LIVE or PRIVATE."""
        await expect(self.page.locator(".mc-state strong")).to_have_text(word)

    async def sees_line(self, about: str, check: str) -> None:
        """Wait until a line of the checklist stands so."""
        lines = self.page.locator(f'.mc-readiness li[data-about="{about}"]')
        await expect(lines.last).to_have_attribute("data-check", check)

    async def reads(self, about: str, words: str) -> None:
        """Wait until a line of the checklist says so."""
        await expect(self.page.locator(f'.mc-readiness li[data-about="{about}"]')).to_contain_text(words)

    async def asks(self, title: str) -> None:
        """Wait for a dialog."""
        await expect(self.dialog.get_by_role("heading", name=title)).to_be_visible()

    async def is_done(self) -> None:
        """Wait until the dialog is closed."""
        await expect(self.dialog).to_have_count(0)

    def speaker(self, name: str) -> Locator:
        """A row of the speakers."""
        return self.page.locator(".mc-speakers .mc-row").filter(has_text=name)

    def questions(self, state: str) -> Locator:
        """The questions in one state."""
        return self.page.locator(f'.mc-question[data-state="{state}"]')

    async def confirm_speakers(self, *names: str) -> None:
        """All who registered."""
        for name in names:
            await expect(self.speaker(name)).to_have_attribute("data-state", "submitted")
        await self.press("i", "speakers confirmed")
        await self.asks("Confirm who may speak")
        await self.press("Enter", "speakers confirmed")
        await self.is_done()
        for name in names:
            await expect(self.speaker(name)).to_have_attribute("data-state", "confirmed")

    async def open_room(self) -> None:
        """The studio, with its slate."""
        await self.press("o", "room opened")
        await self.sees_state("SLATE")

    async def go_live(self) -> None:
        """Mark who is here, in the dialog that asks, and begin."""
        await self.press("l", "gone live")
        await self.asks("Go live")
        for key, office in (("c", "chair"), ("k", "clerk")):
            await self.sees_line(office, "missing")
            await self.press(key, "people marked")
            await self.sees_line(office, "fine")
        await self.press("Enter", "gone live")
        await self.is_done()
        await self.sees_state("LIVE")

    async def next_item(self, title: str) -> None:
        """The item of this title becomes current."""
        # A press while the one before is on its way does nothing, and the item is told before the answer.
        await expect(self.page.locator(".mc-next")).to_be_enabled()
        await self.press("n", "items")
        await expect(self.page.locator('.mc-item[aria-current="step"]')).to_contain_text(title)

    async def hear(self, name: str) -> None:
        """Call a resident, admit them once they are connected, take them off."""
        row = self.speaker(name)
        await expect(row).to_have_attribute("data-state", "checked_in")
        await self.press("s", "speakers")
        await expect(row.locator('.mc-row__link[data-state="live"]')).to_be_visible()
        await self.press("s", "speakers")
        await expect(row).to_have_attribute("data-state", "on_air")
        await self.press("s", "speakers")
        await expect(row).to_have_attribute("data-state", "done")

    async def approve_together(self, count: int, *, left: int) -> None:
        """So many as came; those that want a closer look are left."""
        await expect(self.questions("pending")).to_have_count(count + left)
        await self.press("b", "questions approved")
        await self.asks("Approve questions together")
        await expect(self.dialog.get_by_role("button", name=re.compile(f"^Approve {count}$"))).to_be_focused()
        await self.press("Enter", "questions approved")
        await self.is_done()
        await expect(self.questions("pending")).to_have_count(left)

    async def reject_as_personal(self) -> None:
        """The one that waits."""
        await self.press("x", "questions rejected")
        await self.asks("Reject the question")
        await self.press("2", "questions rejected")
        await self.is_done()
        await expect(self.questions("pending")).to_have_count(0)

    async def answer_aloud(self) -> None:
        """The question that most support: being answered, then answered."""
        answered = await self.questions("answered").count()
        await self.press("t", "questions answered")
        await expect(self.questions("answering")).to_have_count(1)
        await self.press("t", "questions answered")
        await expect(self.questions("answered")).to_have_count(answered + 1)

    async def go_private(self, number: str, paragraph: int) -> None:
        """Exclude the public from the current item."""
        await self.press("p", "private session")
        await self.asks("Private session")
        await expect(self.dialog.locator("select option:checked")).to_contain_text(number)
        await self.press(str(paragraph), "private session")
        await expect(self.dialog.locator(".mc-paragraphs input").nth(paragraph - 1)).to_be_checked()
        await self.press("Enter", "private session")
        await self.is_done()
        await self.sees_state("PRIVATE")

    async def return_to_public(self) -> None:
        """Asked for with one key, and confirmed with another."""
        await self.press("r", "private session")
        await self.asks("Return to public")
        await self.press("y", "private session")
        await self.is_done()
        await self.sees_state("LIVE")

    async def end(self) -> None:
        """For good."""
        await self.press("e", "meeting ended")
        await self.asks("End the meeting")
        await self.press("y", "meeting ended")
        await expect(self.page.locator(".mc-over")).to_contain_text("Watch the recording")

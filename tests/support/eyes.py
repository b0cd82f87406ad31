"""What is wrong with a page for whoever cannot see it, has a narrow screen, or reads another language."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from playwright.async_api import Page

from tests.support.axe import sideways, violations
from tests.support.pseudo_locale import left_in_english

NARROW = 320
_TOGETHER = re.compile(r"[a-z]{2,}[.!?][A-Z][a-z]+ ")
_TEXTS = """() => {
  const own = (element) => !element.closest("script, style, noscript, [lang=en]");
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode())
    if (own(text.parentElement)) texts.push(text.textContent);
  for (const name of ["aria-label", "title", "alt", "placeholder"])
    for (const one of document.querySelectorAll(`[${name}]`))
      if (own(one)) texts.push(one.getAttribute(name));
  return texts;
}"""


@dataclass
class Eyes:
    """Looks at pages in one language and keeps what it finds, so that one walk finds all."""

    prefix: str = ""
    """Before every page's path."""
    say: Callable[[str], str] = str
    """An English text of the pages in this language."""
    names: Iterable[str] | None = None
    """What is the same in every language; ``None`` where the pages may be in English."""
    found: list[str] = field(default_factory=list)
    looked: int = 0

    async def look(self, page: Page, what: str) -> None:
        """At a page of the public or of somebody with a personal link: as it is, and on a telephone."""
        await self._rules(page, what)
        await self._words(page, what)
        usual = page.viewport_size
        assert usual is not None
        await page.set_viewport_size({"width": NARROW, "height": usual["height"]})
        self._keep(f"{what}, narrow", await sideways(page))
        await self._rules(page, f"{what}, narrow")
        await page.set_viewport_size(usual)

    async def look_at_console(self, page: Page, what: str) -> None:
        """At a page of the officers, who have a desk, and English whatever the public have."""
        if self.names is None:
            await self._rules(page, what)

    async def _rules(self, page: Page, what: str) -> None:
        self.looked += 1
        self._keep(what, await violations(page))
        if self.names is None:
            together = _TOGETHER.findall(await page.locator("body").inner_text())
            self._keep(what, [f"no space between sentences: “{text}”" for text in together])

    async def _words(self, page: Page, what: str) -> None:
        if self.names is not None:
            left = [left_in_english(text, self.names) for text in await page.evaluate(_TEXTS)]
            self._keep(what, [f"in English: “{text}”" for text in dict.fromkeys(left) if text])

    def _keep(self, what: str, found: Iterable[str]) -> None:
        self.found += [f"{what}: {one}" for one in found]

"""What axe-core, an instrument of others, says against a page; and whether one must scroll it sideways.

The script is given to the page by the browser's own debugger, past the Content-Security-Policy, which stays
as the public have it.
"""

from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "web/front/node_modules/axe-core/axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_RUN = """tags => axe.run(document, { runOnly: tags, resultTypes: ["violations"] }).then((found) => ({
  rules: found.passes.length + found.violations.length,
  violations: found.violations.flatMap((one) => one.nodes.map((node) => ({
    rule: one.id, help: one.help, element: node.html.slice(0, 200), why: node.failureSummary,
  }))),
}))"""
_SIDEWAYS = """() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= innerWidth) return [];
  const all = [...document.querySelectorAll("body *")];
  const wide = all.filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5);
  return [`${page.scrollWidth} of ${innerWidth} pixels`, ...wide.map((one) => one.outerHTML.slice(0, 160))];
}"""
RULES_AT_LEAST = 12
"""That applied to a page: fewer, and it was not looked at."""


async def violations(page: Page) -> list[str]:
    """One line for each element and rule."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(AXE.read_text())
    found: dict[str, Any] = await page.evaluate(_RUN, list(TAGS))
    assert found["rules"] >= RULES_AT_LEAST, f"axe-core applied {found['rules']} rules to {page.url}"
    return [
        f"{one['rule']}: {one['help']}\n    {one['element']}\n    {one['why']}" for one in found["violations"]
    ]


async def sideways(page: Page) -> list[str]:
    """By how much the page is wider than the window, and what makes it so, the outermost first."""
    wide: list[str] = await page.evaluate(_SIDEWAYS)
    return [f"wider than the window: {one}" for one in wide[:3]]

"""``python -m tests.screenshots docs/screenshots``: takes the pictures that are kept there, in Chromium."""

import asyncio
import io
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from PIL import Image
from playwright.async_api import Page

from tests.crowded.company import walk
from tests.crowded.walk import PARTS

COLOURS = 128
"""Of a screenshot, which are few, so that a hundred of them do not weigh more than the house."""
TELEPHONE = {"width": 360, "height": 740}
ON_A_TELEPHONE = ("meeting, playing", "speaker, waiting", "speaker, on air")
LEFT_OUT = re.compile(r"mistake|forgotten|narrow|again|before its end|open page|search|not found")


class Photographer:
    """Takes a picture of each page that it is shown, named after what it was told that it is."""

    prefix = ""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.taken: dict[str, str] = {}
        """What is seen on each picture, by the file's name."""

    def say(self, text: str, /) -> str:
        """The pages are English."""
        return text

    async def look(self, page: Page, what: str) -> None:
        """Of the whole page, and some of a telephone's window."""
        await self._take(page, what, whole=True)
        if what in ON_A_TELEPHONE:
            usual = page.viewport_size
            assert usual is not None
            await page.set_viewport_size({"width": TELEPHONE["width"], "height": TELEPHONE["height"]})
            await self._take(page, f"{what}, telephone", whole=False)
            await page.set_viewport_size(usual)

    async def look_at_console(self, page: Page, what: str) -> None:
        """Of what an officer sees without scrolling."""
        await self._take(page, what, whole=False)

    async def _take(self, page: Page, what: str, *, whole: bool) -> None:
        if LEFT_OUT.search(what):
            return
        name = re.sub(r"\W+", "-", what.lower()).strip("-") + ".png"
        # Not compared with anything: a second lets pictures arrive and dissolves come to their end.
        await page.wait_for_timeout(1000)
        taken = await page.screenshot(full_page=whole, animations="disabled")
        with Image.open(io.BytesIO(taken)) as picture:
            picture.convert("RGB").quantize(COLOURS).save(self._folder / name, optimize=True)
        self.taken[name] = what


def page(taken: Mapping[str, str]) -> str:
    """The page that shows them all, in the order of a meeting."""
    shown = "\n".join(
        f"## {what[0].upper()}{what[1:]}\n\n![{what}]({name})\n" for name, what in taken.items()
    )
    return f"# What people see\n\nTaken by `make screenshots`, in the order of one meeting.\n\n{shown}"


async def main(folder: Path) -> None:
    """Walk through a meeting with a camera."""
    folder.mkdir(parents=True, exist_ok=True)
    photographer = Photographer(folder)
    with tempfile.TemporaryDirectory() as directory:
        async with walk(Path(directory), photographer) as it:
            for part in PARTS:
                await part(it)
    (folder / "README.md").write_text(page(photographer.taken))
    print(f"{len(photographer.taken)} pictures in {folder}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))

"""The document that is shown page by page: the first page for everybody, the second for a private session."""

import asyncio
from pathlib import Path

from aiohttp import FormData
from PIL import Image

from media.control.picture import HidePages, PageStatus, ShowPage
from tests.gate.council import HubMeeting
from tests.gate.marks import COLOURS, Mark
from tests.gate.meeting import Meeting, RefusedByHub

PUBLIC_PAGE, PRIVATE_PAGE = 1, 2
TITLE = "What is shown"


class Projection:
    """``folder``: where the document may lie."""

    def __init__(self, meeting: Meeting, folder: Path) -> None:
        self._meeting = meeting
        self._document = folder / f"{meeting.ref}.pdf"
        self._uploaded = False
        self.page = 0
        """What should be shown."""

    async def show(self, page: int) -> None:
        """Raises what ``Meeting.do`` and ``Meeting.studio`` raise."""
        if not self._uploaded:
            await self._prepare()
        self.page = page
        if isinstance(self._meeting, HubMeeting):
            await self._meeting.do("presentation.show", page=page)
        else:
            status = PageStatus(title=TITLE, page=page, pages=2)
            await self._meeting.studio(ShowPage(document=str(self._document), page=status))

    async def hide(self) -> None:
        """Raises what ``Meeting.do`` and ``Meeting.studio`` raise."""
        if isinstance(self._meeting, HubMeeting):
            await self._meeting.do("presentation.stop")
        else:
            await self._meeting.studio(HidePages())
        self.page = 0

    async def _prepare(self) -> None:
        await asyncio.to_thread(_write, self._document)
        if isinstance(self._meeting, HubMeeting):
            house = self._meeting.house
            form = FormData()
            pdf = self._document.read_bytes()
            form.add_field("document", pdf, filename=f"{TITLE}.pdf", content_type="application/pdf")
            address = f"{house.address}/api/v1/meetings/{self._meeting.ref}/presentation"
            async with house.http.post(address, data=form, headers=house.clerk) as response:
                if response.status != 200:
                    raise RefusedByHub(await response.text())
        self._uploaded = True


def _write(path: Path) -> None:
    pages = [Image.new("RGB", (960, 540), _rgb(mark)) for mark in (Mark.PAGE, Mark.PRIVATE)]
    pages[0].save(path, "PDF", save_all=True, append_images=pages[1:], resolution=72, quality=95)


def _rgb(mark: Mark) -> tuple[int, int, int]:
    """ITU-R BT.709, limited range."""
    luma, blue, red = COLOURS[mark]
    y, b, r = (luma - 16) / 219, (blue - 128) / 224, (red - 128) / 224
    rgb = y + 1.5748 * r, y - 0.1873 * b - 0.4681 * r, y + 1.8556 * b
    return tuple(round(255 * min(1.0, max(0.0, value))) for value in rgb)  # type: ignore[return-value]

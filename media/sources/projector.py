"""The projector: shows a document page by page, as the source ``presentation``."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import av
import structlog

from media.clock import Clock
from media.control.command import Refused
from media.control.picture import PageStatus
from media.sources.desk import FeedDesk
from media.sources.intake import PRESENTATION, Intake
from media.sources.renderer import NotRendered, Renderer

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 0.2
"""A page stands still, and a source whose picture is old is taken for lost: the page is handed in again."""


class Projector:
    """Use from the event loop's thread. A screen that is shared takes its place, and the other way round."""

    def __init__(self, desk: FeedDesk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock
        self._turn = asyncio.Lock()
        self._barred = 0
        self._withdrawals = 0
        self._renderer: Renderer | None = None
        self._intake: Intake | None = None
        self._frame: av.VideoFrame | None = None
        self._showing: asyncio.Task[None] | None = None
        self.page: PageStatus | None = None
        """What is shown now."""

    async def show(self, document: Path, page: PageStatus, wanted: Callable[[], bool] = lambda: True) -> None:
        """Show this page, if it is still ``wanted`` when it is drawn.

        Raises ``Refused``: ``bad_page``, and what was shown before stays; or ``gate_moved``.
        """
        withdrawals = self._withdrawals
        async with self._turn:
            if not 1 <= page.page <= page.pages:
                raise Refused("bad_page", f"The document has {page.pages} pages.")
            frame = await self._rendered(document, page.page)
            begins = self._intake is None or self._intake.finished
            if begins:
                await self._end("The presentation goes on.")
            if self._barred or withdrawals != self._withdrawals or not wanted():
                raise Refused(
                    "gate_moved", "The private session is over: show the page again if all may see it."
                )
            self._frame = frame
            if self._intake is None or begins:
                self._intake = self._desk.arrive(PRESENTATION, "pages", page.title)
                self._showing = asyncio.create_task(self._go_on_showing(self._intake), name="projector")
            self.page = page
            self._intake.label = f"{page.title}, page {page.page} of {page.pages}"
            self._intake.put_picture(self._frame)

    async def stop(self) -> None:
        """Show nothing any more. Does nothing when nothing is shown."""
        async with self._turn:
            await self._end("The presentation was stopped.")
            if self._renderer is not None:
                await asyncio.to_thread(self._renderer.close)
                self._renderer = None

    @asynccontextmanager
    async def taken_down(self) -> AsyncIterator[None]:
        """Nothing is shown any more, and nothing is put up until the end; what is being drawn never is."""
        self._barred += 1
        self._withdrawals += 1
        try:
            await self._end("The presentation was stopped.")
            yield
        finally:
            self._barred -= 1

    async def _end(self, sentence: str) -> None:
        self.page = None
        showing, self._showing = self._showing, None
        if showing is not None:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)
        intake, self._intake = self._intake, None
        if intake is not None:
            self._desk.leave(intake, sentence)

    async def _go_on_showing(self, intake: Intake) -> None:
        while not intake.finished:
            if self._frame is not None:
                intake.put_picture(self._frame)
            await asyncio.sleep(AGAIN_SECONDS)
        # Something else took the place of the presentation.
        self.page = None

    async def _rendered(self, document: Path, page: int) -> av.VideoFrame:
        """A renderer that broke is replaced once: another page may have broken it."""
        for last in (False, True):
            try:
                return await asyncio.to_thread(self._render, document, page)
            except (NotRendered, OSError) as error:
                log.warning("page_not_rendered", page=page, error=str(error))
                if last:
                    raise Refused("bad_page", str(error)) from error
        raise AssertionError("two attempts either give a page or a refusal")

    def _render(self, document: Path, page: int) -> av.VideoFrame:
        renderer = self._renderer
        if renderer is None or renderer.document != document:
            if renderer is not None:
                renderer.close()
            renderer = self._renderer = Renderer(document)
        try:
            return renderer.render(page)
        except NotRendered:
            renderer.close()
            self._renderer = None
            raise

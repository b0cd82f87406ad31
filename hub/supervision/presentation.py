"""The document of a meeting: checked when it is uploaded, kept beside the recording, shown page by page."""

import asyncio
import json
import secrets
import shutil
import sys
from pathlib import Path

import structlog

from hub.supervision.process import MediaProcess
from media.client.engine import Document
from media.control.command import Refused
from media.control.picture import HidePages, PageStatus, ShowPage
from media.control.studio import StudioStatus

log = structlog.get_logger(__name__)

CHECK_SECONDS = 20.0
SHOW_SECONDS = 35.0
"""Longer than the studio's own two attempts at a page."""
LONGEST_TITLE = 100
TOO_MUCH = "The PDF cannot be read: reading it takes too much time or memory. Save it again, or in parts."


class KeptDocument(Document):
    """A document and where it lies."""

    file: str


class Presentation:
    """The newest document of a meeting, and the page that should be shown."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory / "presentation"
        self._about = self._directory / "document.json"
        self._wish: ShowPage | None = None

    @property
    def document(self) -> KeptDocument | None:
        """What was uploaded last."""
        try:
            return KeptDocument.model_validate_json(self._about.read_text())
        except FileNotFoundError:
            return None
        except ValueError:
            log.warning("document_not_understood", path=self._about.name)
            return None

    async def keep(self, upload: Path, title: str) -> Document:
        """Check an uploaded PDF and keep it. Raises ``Refused`` with ``bad_document`` and a sentence."""
        pages = await count_pages(upload)
        name = f"{secrets.token_hex(8)}.pdf"
        document = KeptDocument(title=title[:LONGEST_TITLE] or "Presentation", pages=pages, file=name)
        await asyncio.to_thread(self._store, upload, document)
        return Document(title=document.title, pages=document.pages)

    async def show(self, studio: MediaProcess, page: int) -> PageStatus:
        """Show a page. Raises ``Refused`` (``no_document``, ``bad_page``) and ``Disconnected``."""
        document = self.document
        if document is None:
            raise Refused("no_document", "No document was uploaded for this meeting yet.")
        if not 1 <= page <= document.pages:
            raise Refused("bad_page", f"The document has {document.pages} pages: there is no page {page}.")
        status = PageStatus(title=document.title, page=page, pages=document.pages)
        wish = ShowPage(document=str(self._directory / document.file), page=status)
        await studio.call(wish, SHOW_SECONDS)
        self._wish = wish
        return status

    async def stop(self, studio: MediaProcess) -> None:
        """Show no page. Raises ``Disconnected``; then none is shown when the studio is back either."""
        self._wish = None
        await studio.call(HidePages())

    async def reassert(self, studio: MediaProcess, before: StudioStatus) -> None:
        """After the studio was restarted: the page that it showed before.

        It may have stopped by itself: for a screen that was shared, or at the end of a private session.
        """
        if self._wish is None or before.page is None:
            return
        again = self._wish.model_copy(update={"secret": before.gate.secret})
        try:
            await studio.call(again, SHOW_SECONDS)
        except Refused as refusal:
            self._wish = None
            log.warning("page_not_shown_again", sentence=refusal.message)

    def learn(self, status: StudioStatus) -> None:
        """After the hub was restarted: what the studio shows now."""
        document = self.document
        if status.page is not None and document is not None:
            self._wish = ShowPage(document=str(self._directory / document.file), page=status.page)

    def _store(self, upload: Path, document: KeptDocument) -> None:
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = self._directory / document.file
        shutil.copyfile(upload, kept)
        kept.chmod(0o600)
        new = self._about.with_suffix(".new")
        new.write_text(document.model_dump_json())
        new.replace(self._about)
        for old in self._directory.glob("*.pdf"):
            # What is shown at this moment is held open by its renderer.
            if old != kept:
                old.unlink()


async def count_pages(upload: Path) -> int:
    """Pages of a PDF, found out in a process of its own. Raises ``Refused`` with ``bad_document``."""
    with upload.open("rb") as file:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "media.sources.pages", "check"),
            stdin=file,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            said, _ = await child.communicate()
    except TimeoutError:
        said = b""
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return _judge(said, child.returncode)


def _judge(said: bytes, status: int | None) -> int:
    try:
        answer = json.loads(said) if status == 0 else {}
    except ValueError:
        answer = {}
    match answer:
        case {"pages": int(pages)} if pages > 0:
            return pages
        case {"sentence": str(sentence)}:
            raise Refused("bad_document", sentence)
    raise Refused("bad_document", TOO_MUCH)

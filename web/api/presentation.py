"""What officers bring into a meeting from their own machine: a PDF, or their screen."""

import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from aiohttp import BodyPartReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from hub.domain.errors import Invalid
from hub.domain.people import Staff
from hub.domain.services.presentation import take_down
from hub.domain.states.meeting import RUNNING
from media.control.command import Refused
from web.keys import DESK, ENGINE
from web.live import exchange
from web.live.exchange import Unfit
from web.meetings import state_of
from web.problem import problem
from web.visitors import staff

PDF_LIMIT = 50 * 1024 * 1024
"""Bytes."""
TITLE_LIMIT = 100
SOURCE = "presentation"
_NOT_A_TITLE = re.compile(r"[\x00-\x1f\x7f]+")


async def upload(request: web.Request) -> web.Response:
    """POST of a form with the field ``document``: check the PDF and keep it. Nothing is shown by this."""
    officer = await staff(request)
    ref = request.match_info["ref"]
    await state_of(request, ref, rehearsals=True)
    try:
        async with _received(request) as (file, title):
            document = await request.app[ENGINE].keep_document(ref, file, title)
    except _TooLarge:
        return problem(413, "too_large", f"A PDF can have {PDF_LIMIT // 1024 // 1024} MB at most.")
    except Refused as refusal:
        if refusal.code != "bad_document":
            raise
        return problem(422, refusal.code, refusal.message)
    subject = f"“{document.title}”, {document.pages} pages"
    await take_down(request.app[DESK], officer, ref, "presentation.upload", subject)
    answer = {"ok": True, "title": document.title, "pages": document.pages}
    return web.json_response(answer, headers={hdrs.CACHE_CONTROL: "no-store"})


async def share(request: web.Request) -> web.Response:
    """POST of an SDP offer: the officer's screen becomes the presentation."""
    officer = await staff(request)
    ref = request.match_info["ref"]
    if await state_of(request, ref, rehearsals=True) not in RUNNING:
        return problem(409, "illegal_transition", "The room is not open, so nothing can be shown in it.")
    try:
        sdp = await exchange.read_offer(request)
        answer = await request.app[ENGINE].open_feed(ref, SOURCE, sdp, f"Screen of {officer.name}")
    except Unfit as error:
        return error.answer()
    except Refused as no:
        return exchange.refused(no)
    await _note(request, officer, "presentation.share")
    return exchange.created(request, answer)


async def stop_sharing(request: web.Request) -> web.Response:
    """DELETE of the session."""
    officer = await staff(request)
    try:
        await request.app[ENGINE].close_feed(request.match_info["ref"], request.match_info["session"])
    except Refused as no:
        return exchange.refused(no)
    await _note(request, officer, "presentation.unshare")
    return web.Response(status=200)


async def _note(request: web.Request, officer: Staff, action: str) -> None:
    ref = request.match_info["ref"]
    await take_down(request.app[DESK], officer, ref, action, f"Screen of {officer.name}")


class _TooLarge(Exception):  # noqa: N818  turned into an answer at once
    """More bytes than a PDF may have."""


@asynccontextmanager
async def _received(request: web.Request) -> AsyncIterator[tuple[Path, str]]:
    """The uploaded file, for as long as it is looked at, and its title. Raises ``Invalid``, ``_TooLarge``."""
    if request.content_type != "multipart/form-data":
        raise Invalid("Choose a PDF and send it as a form.", field="document")
    if (request.content_length or 0) > PDF_LIMIT + 64 * 1024:
        raise _TooLarge
    with tempfile.NamedTemporaryFile(prefix="moothall-", suffix=".pdf") as file:
        try:
            title = await _read_part(request, file)
        except (ValueError, HttpProcessingError) as error:
            raise Invalid("The form was not complete. Send it again.", field="document") from error
        yield Path(file.name), title


async def _read_part(request: web.Request, file: IO[bytes]) -> str:
    form = await request.multipart()
    part = await form.next()
    if not isinstance(part, BodyPartReader) or part.name != "document":
        raise Invalid("Choose a PDF.", field="document")
    size = 0
    while piece := await part.read_chunk(256 * 1024):
        size += len(piece)
        if size > PDF_LIMIT:
            raise _TooLarge
        file.write(piece)
    file.flush()
    stem = Path((part.filename or "").replace("\\", "/")).stem
    return _NOT_A_TITLE.sub(" ", stem).strip()[:TITLE_LIMIT]


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    shared = "/api/v1/meetings/{ref}/share"
    return [
        web.post("/api/v1/meetings/{ref}/presentation", upload),
        web.post(shared, share),
        web.delete(shared + "/{session}", stop_sharing),
    ]

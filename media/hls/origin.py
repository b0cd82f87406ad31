"""The HTTP origin: playlists and parts that wait for the live edge, segments from memory or disk."""

import gzip
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from math import ceil
from pathlib import Path

from aiohttp import web

from media.hls.edge import Edge, TooManyWaiting
from media.hls.library import Library
from media.hls.playlist import PLAYLISTS, MediaPlaylists, multivariant
from media.hls.segmenter import PART_TARGET, TARGET_SECONDS
from media.hls.window import Rendition, Window

HOLD_SECONDS = 3.0 * TARGET_SECONDS
"""How long a request is held before it is told to come again (RFC 8216bis, 6.2.5.2)."""
PARTS_AHEAD = ceil(3 / PART_TARGET)
"""The Advance Part Limit."""
SEGMENTS_AHEAD = 2
FRESH_SECONDS = TARGET_SECONDS // 2
"""For how long caches may give the newest playlist to others."""
HELD_SECONDS = 6 * TARGET_SECONDS
"""The same for the answer to a blocking request: whoever asks later has that part to come yet."""
COMPRESS_FROM = 1024

PLAYLIST_TYPE = "application/vnd.apple.mpegurl"
MEDIA_TYPES = {
    Rendition.VIDEO.value: "video/mp4",
    Rendition.SMALL.value: "video/mp4",
    Rendition.AUDIO.value: "audio/mp4",
    Rendition.INTERPRETED.value: "audio/mp4",
    Rendition.CAPTIONS.value: "text/vtt; charset=utf-8",
}
FOR_EVER = "public, max-age=31536000, immutable"
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Range",
    "Access-Control-Expose-Headers": "Content-Length, Content-Range, Age, Date",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Directives:
    """The delivery directives of a playlist request."""

    msn: int | None
    part: int | None
    skip: bool

    @classmethod
    def read(cls, request: web.Request) -> "Directives":
        """Raises ``HTTPBadRequest`` with a sentence when they make no sense."""
        msn, part = (_whole_number(request, name) for name in ("_HLS_msn", "_HLS_part"))
        if part is not None and msn is None:
            raise web.HTTPBadRequest(text="_HLS_part needs _HLS_msn beside it.\n")
        skip = request.query.get("_HLS_skip")
        if skip not in (None, "YES", "v2"):
            raise web.HTTPBadRequest(text="_HLS_skip is YES or v2.\n")
        return cls(msn, part, skip is not None)


@dataclass(frozen=True, slots=True)
class Page:
    """One playlist, made once for all who ask for it."""

    version: int
    plain: bytes
    packed: bytes


class Origin:
    """The routes of one programme."""

    def __init__(self, window: Window, library: Library, edge: Edge, directory: Path) -> None:
        self._window = window
        self._library = library
        self._edge = edge
        self._directory = directory
        self._playlists = MediaPlaylists(window)
        self._pages: dict[tuple[Rendition | None, bool], Page] = {}

    def application(self) -> web.Application:
        """An aiohttp application to serve."""
        app = web.Application(middlewares=[_cross_origin])
        app.router.add_get("/main.m3u8", self._multivariant)
        for rendition, name in PLAYLISTS.items():
            app.router.add_get(f"/{name}", partial(self._playlist, rendition))
        app.router.add_get(r"/{name:[\w.-]+}", self._media)
        return app

    async def _multivariant(self, request: web.Request) -> web.StreamResponse:
        await self._held(lambda: bool(self._window.segments))
        return self._answer(request, None, False, FRESH_SECONDS)

    async def _playlist(self, rendition: Rendition, request: web.Request) -> web.StreamResponse:
        directives = Directives.read(request)
        self._refuse_what_nobody_has(rendition)
        msn, part = directives.msn, directives.part
        if msn is not None and not self._window.ended:
            self._refuse_far_ahead(msn, part)
        await self._held(lambda: bool(self._window.segments) and (msn is None or self._window.has(msn, part)))
        if rendition is Rendition.SMALL and not self._window.ever_small:
            raise web.HTTPNotFound(text="This meeting has no such rendition.\n")
        return self._answer(
            request, rendition, directives.skip, FRESH_SECONDS if msn is None else HELD_SECONDS
        )

    def _refuse_what_nobody_has(self, rendition: Rendition) -> None:
        if rendition is Rendition.INTERPRETED and self._window.language is None:
            raise web.HTTPNotFound(text="This meeting has no interpreted language.\n")
        if rendition is Rendition.CAPTIONS and self._window.captions is None:
            raise web.HTTPNotFound(text="This meeting has no captions.\n")

    def _refuse_far_ahead(self, msn: int, part: int | None) -> None:
        edge_msn, edge_part = self._window.edge
        parts_so_far = edge_part if msn == edge_msn else 0
        if msn > self._window.last_msn + SEGMENTS_AHEAD or (
            part is not None and msn >= edge_msn and part > parts_so_far + PARTS_AHEAD
        ):
            raise web.HTTPBadRequest(text="That is too far ahead of the live edge.\n")

    async def _media(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if self._library.is_next_part(name):
            await self._held(lambda: not self._library.is_next_part(name) or self._window.ended)
        headers = {"Cache-Control": FOR_EVER, "Content-Type": MEDIA_TYPES.get(name[0], "video/mp4")}
        data = self._library.memory(name)
        if data is not None:
            return web.Response(body=data, headers=headers)
        if self._library.on_disk(name):
            return web.FileResponse(self._directory / name, headers=headers)
        raise web.HTTPNotFound(text="There is no such segment, or it has left the window.\n")

    async def _held(self, there: Callable[[], bool]) -> None:
        try:
            if await self._edge.wait(there, HOLD_SECONDS):
                return
        except TooManyWaiting:
            pass
        raise web.HTTPServiceUnavailable(text="Not yet there.\n", headers={"Retry-After": "1"})

    def _answer(
        self, request: web.Request, rendition: Rendition | None, skip: bool, seconds: int
    ) -> web.Response:
        page = self._page(rendition, skip)
        headers = {"Cache-Control": f"public, max-age={seconds}", "Vary": "Accept-Encoding"}
        headers["Content-Type"] = PLAYLIST_TYPE
        if page.packed and "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=page.packed, headers={**headers, "Content-Encoding": "gzip"})
        return web.Response(body=page.plain, headers=headers)

    def _page(self, rendition: Rendition | None, skip: bool) -> Page:
        page = self._pages.get((rendition, skip))
        if page is None or page.version != self._window.version:
            text = multivariant(self._window) if rendition is None else self._playlists.text(rendition, skip)
            plain = text.encode()
            packed = gzip.compress(plain, 1, mtime=0) if len(plain) >= COMPRESS_FROM else b""
            page = self._pages[rendition, skip] = Page(self._window.version, plain, packed)
        return page


def _whole_number(request: web.Request, name: str) -> int | None:
    values = request.query.getall(name, [])
    if not values:
        return None
    if len(values) > 1 or not (values[0].isascii() and values[0].isdigit()) or len(values[0]) > 12:
        raise web.HTTPBadRequest(text=f"{name} is one whole number.\n")
    return int(values[0])


@web.middleware
async def _cross_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.method == "OPTIONS":
        return web.Response(status=204, headers=CORS)
    try:
        response = await handler(request)
    except web.HTTPException as refusal:
        refusal.headers.update({**CORS, "Cache-Control": "no-store"})
        raise
    response.headers.update(CORS)
    return response

"""LL-HLS of a meeting: passed on from its origin while it is live, from the recording afterwards."""

import asyncio
import re
from functools import lru_cache, partial
from pathlib import Path
from urllib.parse import parse_qsl, quote

from aiohttp import ClientError, hdrs, web
from yarl import URL

from hub.domain.errors import NotFound
from hub.domain.states.meeting import RUNNING, MeetingState
from media.caller import place_of
from media.control.command import Disconnected
from recordings.parts import find_part, read_part
from recordings.playlist import Only, interpreted_language, media_playlist, multivariant_playlist
from web import visitors
from web.keys import ENGINE
from web.live.made import Made, head_of, may_have
from web.live.origin import ORIGINS, SHELF
from web.live.shelf import Kept, TooManyWait
from web.meetings import published_recording
from web.recorded import Recorded

DIRECTIVES = ("_HLS_msn", "_HLS_part", "_HLS_skip")
RETURNED = (
    hdrs.CONTENT_TYPE,
    hdrs.CONTENT_ENCODING,
    hdrs.CACHE_CONTROL,
    hdrs.VARY,
    hdrs.RETRY_AFTER,
)
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Range",
    "Access-Control-Expose-Headers": "Content-Length, Content-Range, Age, Date",
}
PLAYLIST = "application/vnd.apple.mpegurl"
PIECE = 64 * 1024
LARGE = 4 * PIECE
"""Parts are smaller, segments larger."""
_ZEROS = re.compile(r"^0+(?=[0-9]+$)")
ALONE: dict[str, Only] = {
    "pictures.m3u8": "pictures",
    "floor.m3u8": "floor",
    "audio.m3u8": "floor",
    "interpreted.m3u8": "interpreted",
    "captions.m3u8": "captions",
}


async def live_file(request: web.Request, socket: Path | None) -> web.StreamResponse | None:
    """The answer of the origin at ``socket``, fetched once for all who ask. None when there is no origin.

    Raises ``Disconnected`` when the origin is there and does not answer.
    """
    if socket is None:
        return None
    packed = "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, "")
    shelf, file = request.app[SHELF], request.match_info["file"]
    query = _directives(request.raw_path.partition("?")[2])
    key, place = (str(socket), file, query, str(packed)), place_of(visitors.address(request))
    try:
        kept = await shelf.get(key, partial(_fetch, request, socket, query, packed), place)
    except TooManyWait:
        return web.Response(status=503, text="Too many wait.\n", headers={**CORS, hdrs.RETRY_AFTER: "1"})
    except (ClientError, TimeoutError) as error:
        if not await asyncio.to_thread(socket.exists):
            return None
        raise Disconnected("The LL-HLS origin does not answer") from error
    return await _hand_out(request, kept, int(shelf.age(kept)))


@lru_cache(1024)
def _directives(query: str) -> str:
    """What the origin reads of a query, in one order and spelling: what is the same is asked for once.

    Otherwise a hostile player would have the origin hold a request for each number of zeros before a number.
    """
    asked = [(name, _ZEROS.sub("", value)) for name, value in parse_qsl(query, keep_blank_values=True)]
    return "&".join(f"{name}={quote(value)}" for name in DIRECTIVES for key, value in asked if key == name)


async def _fetch(request: web.Request, socket: Path, query: str, packed: bool) -> Kept:
    path = f"/{request.match_info['file']}"
    address = URL.build(scheme="http", host="origin", path=path, query_string=query, encoded=True)
    # Our client would ask for gzip by itself, and whoever asked us may not read it.
    encoding = {hdrs.ACCEPT_ENCODING: "gzip" if packed else "identity"}
    session = await request.app[ORIGINS].session(socket)
    async with session.get(address, headers=encoding) as answer:
        headers = {str(name): answer.headers[name] for name in RETURNED if name in answer.headers}
        return request.app[SHELF].received(answer.status, {**CORS, **headers}, await answer.read())


async def _hand_out(request: web.Request, kept: Kept, age: int) -> web.StreamResponse:
    if len(kept.body) <= LARGE and may_have(request):
        kept.head = kept.head or await head_of(request, kept.status, kept.headers, len(kept.body))
        return Made(kept.status, kept.head, b"Age: %d\r\n\r\n" % age, kept.body)
    headers = {**kept.headers, hdrs.AGE: str(age)}
    if len(kept.body) <= LARGE or request.method == hdrs.METH_HEAD:
        return web.Response(status=kept.status, headers=headers, body=kept.body)
    response = web.StreamResponse(status=kept.status, headers=headers)
    response.content_length = len(kept.body)
    await response.prepare(request)
    # Bit by bit: what slow viewers have not fetched yet is in memory once, and not again for each of them.
    for start in range(0, len(kept.body), PIECE):
        await response.write(kept.body[start : start + PIECE])
    await response.write_eof()
    return response


async def serve(request: web.Request) -> web.StreamResponse:
    """GET and HEAD of a playlist, part or segment: live from the origin, else out of the recording."""
    engine, ref = request.app[ENGINE], request.match_info["ref"]
    live = await live_file(request, engine.hls_socket(ref))
    if live is not None:
        return live
    state, found = await published_recording(request)
    try:
        return await _recorded_file(state, found, request.match_info["file"])
    except (NotFound, Disconnected):
        # A player some seconds behind was told of it before the meeting ended.
        late = await live_file(request, engine.late_hls_socket(ref))
        if late is None:
            raise
        return late


async def _recorded_file(state: MeetingState, found: Recorded | None, name: str) -> web.StreamResponse:
    if found is None:
        if state in RUNNING:
            raise Disconnected("There is no LL-HLS origin")
        raise NotFound("There is nothing to watch of this meeting now.")
    headers, captions = {**CORS, "Cache-Control": "public, max-age=60"}, found.captions
    if name == "main.m3u8":
        return web.Response(
            text=multivariant_playlist(found.timeline, captions=captions.language if captions else None),
            content_type=PLAYLIST,
            headers=headers,
        )
    text = _media_playlist(found, name)
    if text is not None:
        return web.Response(text=text, content_type=PLAYLIST, headers=headers)
    lines = captions.file(name) if captions is not None else None
    if lines is not None:
        return web.Response(body=lines, content_type="text/vtt", charset="utf-8", headers=headers)
    part = await asyncio.to_thread(find_part, found.timeline, name)
    if part is not None:
        body = await asyncio.to_thread(read_part, found.directory, part)
        return web.Response(body=body, content_type="video/mp4", headers=headers)
    if name not in found.files:
        raise NotFound("The recording has no such file.")
    return web.FileResponse(found.directory / name, headers={**headers, hdrs.CONTENT_TYPE: "video/mp4"})


def _media_playlist(found: Recorded, name: str) -> str | None:
    """``None`` when the recording has no playlist of this name."""
    if name == "video.m3u8":
        return media_playlist(found.timeline)
    only = ALONE.get(name)
    if only is None or not _has(found, only):
        return None
    return media_playlist(found.timeline, only=only)


def _has(found: Recorded, only: Only) -> bool:
    if only == "captions":
        return found.captions is not None
    return only != "interpreted" or interpreted_language(found.timeline) is not None


async def options(request: web.Request) -> web.Response:
    """The preflight of a player on another site that asks for ranges."""
    return web.Response(status=204, headers=CORS)


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    address = r"/meetings/{ref}/hls/{file:\w[\w.-]*}"
    return [web.get(address, serve), web.options(address, options)]

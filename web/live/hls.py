"""LL-HLS of a meeting: passed on from its origin while it is live, from the recording afterwards."""

import asyncio
from pathlib import Path

from aiohttp import ClientError, ClientSession, hdrs, web
from yarl import URL

from hub.domain.errors import NotFound
from hub.domain.snapshots import PublicSnapshot
from hub.domain.states.meeting import RUNNING
from media.control.command import Disconnected
from recordings.parts import find_part, read_part
from recordings.playlist import Only, interpreted_language, media_playlist, multivariant_playlist
from web.keys import ENGINE
from web.live.origin import ORIGINS
from web.meetings import published_recording
from web.recorded import Recorded

FORWARDED = (hdrs.RANGE, hdrs.IF_NONE_MATCH, hdrs.ACCEPT_ENCODING)
RETURNED = (
    hdrs.CONTENT_TYPE,
    hdrs.CONTENT_LENGTH,
    hdrs.CONTENT_RANGE,
    hdrs.CONTENT_ENCODING,
    hdrs.ACCEPT_RANGES,
    hdrs.CACHE_CONTROL,
    hdrs.ETAG,
    hdrs.LAST_MODIFIED,
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
ALONE: dict[str, Only] = {
    "pictures.m3u8": "pictures",
    "floor.m3u8": "floor",
    "interpreted.m3u8": "interpreted",
}


async def live_file(request: web.Request, socket: Path | None) -> web.StreamResponse | None:
    """The answer of the origin at ``socket``, passed on as it comes. None when there is no origin.

    Raises ``Disconnected`` when the origin is there and does not answer.
    """
    if socket is None:
        return None
    response = web.StreamResponse(headers=CORS)
    try:
        await _pass_on(request, await request.app[ORIGINS].session(socket), response)
    except (ClientError, TimeoutError) as error:
        if response.prepared:
            _hang_up(request)
            return response
        if not await asyncio.to_thread(socket.exists):
            return None
        raise Disconnected("The LL-HLS origin does not answer") from error
    return response


async def _pass_on(request: web.Request, session: ClientSession, response: web.StreamResponse) -> None:
    address = URL.build(
        scheme="http",
        host="origin",
        path=f"/{request.match_info['file']}",
        query_string=request.rel_url.raw_query_string,
        encoded=True,
    )
    headers = {name: request.headers[name] for name in FORWARDED if name in request.headers}
    # Our client would ask for gzip by itself, and whoever asked us may not read it.
    headers.setdefault(hdrs.ACCEPT_ENCODING, "identity")
    async with session.request(request.method, address, headers=headers) as answer:
        response.set_status(answer.status)
        response.headers.update({name: answer.headers[name] for name in RETURNED if name in answer.headers})
        await response.prepare(request)
        async for piece in answer.content.iter_chunked(PIECE):
            await response.write(piece)
        await response.write_eof()


def _hang_up(request: web.Request) -> None:
    """Half an answer must not look like a whole one."""
    if request.transport is not None:
        request.transport.abort()


async def serve(request: web.Request) -> web.StreamResponse:
    """GET and HEAD of a playlist, part or segment: live from the origin, else out of the recording."""
    engine, ref = request.app[ENGINE], request.match_info["ref"]
    live = await live_file(request, engine.hls_socket(ref))
    if live is not None:
        return live
    snapshot, found = await published_recording(request)
    try:
        return await _recorded_file(snapshot, found, request.match_info["file"])
    except (NotFound, Disconnected):
        # A player some seconds behind was told of it before the meeting ended.
        late = await live_file(request, engine.late_hls_socket(ref))
        if late is None:
            raise
        return late


async def _recorded_file(snapshot: PublicSnapshot, found: Recorded | None, name: str) -> web.StreamResponse:
    if found is None:
        if snapshot.state in RUNNING:
            raise Disconnected("There is no LL-HLS origin")
        raise NotFound("There is nothing to watch of this meeting now.")
    headers = {**CORS, "Cache-Control": "public, max-age=60"}
    if name == "main.m3u8":
        return web.Response(
            text=multivariant_playlist(found.timeline), content_type=PLAYLIST, headers=headers
        )
    only = ALONE.get(name)
    if only is not None and interpreted_language(found.timeline) is not None:
        text = media_playlist(found.timeline, only=only)
        return web.Response(text=text, content_type=PLAYLIST, headers=headers)
    if name in ("video.m3u8", "audio.m3u8"):
        return web.Response(text=media_playlist(found.timeline), content_type=PLAYLIST, headers=headers)
    part = await asyncio.to_thread(find_part, found.timeline, name)
    if part is not None:
        body = await asyncio.to_thread(read_part, found.directory, part)
        return web.Response(body=body, content_type="video/mp4", headers=headers)
    if name not in found.files:
        raise NotFound("The recording has no such file.")
    return web.FileResponse(found.directory / name, headers={**headers, hdrs.CONTENT_TYPE: "video/mp4"})


async def options(request: web.Request) -> web.Response:
    """The preflight of a player on another site that asks for ranges."""
    return web.Response(status=204, headers=CORS)


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    address = r"/meetings/{ref}/hls/{file:\w[\w.-]*}"
    return [web.get(address, serve), web.options(address, options)]

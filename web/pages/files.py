"""Files: built assets, the recording for keeping, its chapters and captions."""

from urllib.parse import quote

from aiohttp import hdrs, web

from hub.domain import views
from hub.domain.errors import NotFound
from recordings.chapters import Chapter, to_list, to_webvtt
from recordings.download import downloads
from web.assets import Assets
from web.keys import DESK
from web.meetings import published_recording
from web.recorded import Recorded

FOR_EVER = "public, max-age=31536000, immutable"
SOON = {"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"}


async def recording(request: web.Request) -> web.StreamResponse:
    """The recording as MP4, whole or in ranges. ``?part=2``: the second file, after a restart."""
    found = _required((await published_recording(request))[1])
    parts = downloads(found.directory, request.match_info["ref"])
    number = request.query.get("part", "1")
    if not number.isdecimal() or not 1 <= int(number) <= len(parts):
        raise NotFound(f"The recording has {len(parts)} part(s).")
    part = parts[int(number) - 1]
    return web.FileResponse(
        part.path,
        headers={
            hdrs.CONTENT_TYPE: "video/mp4",
            hdrs.CONTENT_DISPOSITION: f"attachment; filename*=UTF-8''{quote(part.name)}",
            hdrs.CACHE_CONTROL: "public, max-age=60",
        },
    )


async def chapters_vtt(request: web.Request) -> web.Response:
    """Chapters for players."""
    return web.Response(
        text=to_webvtt(await _chapters(request)), content_type="text/vtt", charset="utf-8", headers=SOON
    )


async def chapters_json(request: web.Request) -> web.Response:
    """Chapters for programs: ``[{id, label, start, end}]`` in seconds of the recording."""
    return web.json_response(to_list(await _chapters(request)), headers=SOON)


async def captions_vtt(request: web.Request) -> web.Response:
    """What was said, in seconds of the recording."""
    recorded = _required((await published_recording(request))[1])
    if recorded.captions is None:
        raise NotFound("The recording of this meeting has no captions.")
    text = recorded.captions.played(recorded.timeline)
    return web.Response(text=text, content_type="text/vtt", charset="utf-8", headers=SOON)


async def _chapters(request: web.Request) -> list[Chapter]:
    found = _required((await published_recording(request))[1])
    snapshot = await views.public_snapshot(request.app[DESK], request.match_info["ref"])
    return found.chapters(snapshot.index)


def _required(found: Recorded | None) -> Recorded:
    if found is None:
        raise NotFound(
            "This meeting has no recording here. It may be in preparation: look again in a minute."
        )
    return found


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    return [
        web.get("/meetings/{ref}/recording.mp4", recording),
        web.get("/meetings/{ref}/chapters.vtt", chapters_vtt),
        web.get("/meetings/{ref}/chapters.json", chapters_json),
        web.get("/meetings/{ref}/captions.vtt", captions_vtt),
    ]


def static(assets: Assets) -> list[web.RouteDef]:
    """Built assets: their names change with their content, so they may be kept for ever."""

    async def asset(request: web.Request) -> web.StreamResponse:
        path = assets.folder / request.match_info["name"]
        if not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={hdrs.CACHE_CONTROL: FOR_EVER})

    return [web.get(r"/static/{name:\w[\w.-]*}", asset)]

"""The officers' pages: the list of meetings, and the console of one."""

from aiohttp import web

from hub.domain import views
from hub.domain.services.rehearsal import rehearse, unfinished_rehearsals
from media.control.command import Disconnected, Refused
from recordings.playlist import choice
from web import language
from web.keys import DESK, ENGINE, SITE
from web.meetings import public_url
from web.templating import render
from web.visitors import staff


async def meetings(request: web.Request) -> web.Response:
    """All meetings, the running ones first."""
    await staff(request)
    desk = request.app[DESK]
    lists, rehearsals = await views.list_meetings(desk), await unfinished_rehearsals(desk)
    return render(request, "pages/console_list.html", {"lists": lists, "rehearsals": rehearsals})


async def begin_rehearsal(request: web.Request) -> web.Response:
    """POST: leads to the console of the meeting's rehearsal."""
    officer = await staff(request)
    ref = await rehearse(request.app[DESK], officer, request.match_info["ref"])
    return web.Response(status=303, headers={"Location": f"/console/meetings/{ref}"})


async def console(request: web.Request) -> web.Response:
    """One meeting's console. It opens without the media processes too: they may need looking after."""
    return await _page(request, "pages/console.html")


async def display(request: web.Request) -> web.Response:
    """What the chamber sees on its wall: who speaks, how long still, who is next."""
    return await _page(request, "pages/display.html")


async def chair(request: web.Request) -> web.Response:
    """What the chair reads beside the agenda; nothing can be pressed there."""
    return await _page(request, "pages/chair.html")


async def _page(request: web.Request, template: str) -> web.Response:
    officer = await staff(request)
    ref = request.match_info["ref"]
    snapshot = await views.staff_snapshot(request.app[DESK], ref)
    try:
        engine = (await request.app[ENGINE].snapshot(ref)).model_dump(mode="json")
    except (Refused, Disconnected):
        engine = None
    base = public_url(request)
    site = request.app[SITE]
    data = {
        "ref": ref,
        "snapshot": snapshot.model_dump(mode="json"),
        "engine": engine,
        "me": {"id": officer.id, "name": officer.name, "role": officer.role.value},
        "interpreted": choice(site.interpreted_language)["name"] if site.interpreted_language else None,
        "expected": await views.expected_names(request.app[DESK], ref),
        "mails": request.app[DESK].sends_mail,
        "urls": {
            "whep": f"/meetings/{ref}/whep",
            "hls": f"/meetings/{ref}/hls/main.m3u8",
            "picture": f"/console/meetings/{ref}/picture.jpg",
            "meeting": f"/meetings/{ref}",
            "display": f"/console/meetings/{ref}/display",
            "chair": f"/console/meetings/{ref}/chair",
            "whip": f"{base}/whip/{ref}/chamber",
            "captions": f"{base}/captions/{ref}" if site.captions_language else "",
            "rtmp": site.rtmp,
            "srt": site.srt,
            "register": f"/meetings/{ref}/register",
        },
        "strings": language.island_strings(),
        "socket": "/socket.io/",
    }
    response = render(request, template, {"meeting": snapshot.public, "data": data})
    response.headers["Cache-Control"] = "no-store"
    return response


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    return [
        web.get("/console", meetings),
        web.get("/console/meetings/{ref}", console),
        web.post("/console/meetings/{ref}/rehearsal", begin_rehearsal),
        web.get("/console/meetings/{ref}/display", display),
        web.get("/console/meetings/{ref}/chair", chair),
    ]

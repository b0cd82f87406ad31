"""WHEP: a player sends an offer and receives the programme."""

from aiohttp import web

from hub.domain.states.meeting import RUNNING
from media.client.engine import Audio, Rendition
from media.control.command import Refused
from web import visitors
from web.keys import ENGINE
from web.live import exchange
from web.live.exchange import Unfit
from web.live.limits import limited
from web.meetings import state_of
from web.problem import problem

ENDPOINT = "OPTIONS, GET, HEAD, POST"
SESSION = "OPTIONS, GET, HEAD, PATCH, DELETE"
CHOICES: dict[str, Audio] = {"floor": "floor", "interpreted": "interpreted"}
RENDITIONS: dict[str, Rendition] = {"auto": "auto", "360p": "360p", "sound": "sound"}


async def describe(request: web.Request) -> web.Response:
    """OPTIONS."""
    return exchange.options(request, ENDPOINT, endpoint=True, servers=True)


async def probe(request: web.Request) -> web.Response:
    """GET has no content; HEAD says what kind of endpoint this is."""
    if request.method == "HEAD":
        return web.Response(status=200, content_type=exchange.SDP)
    return exchange.nothing()


async def open_session(request: web.Request) -> web.Response:
    """POST. The database is asked only when the media say no, so that viewers come in while it is away."""
    ref = request.match_info["ref"]
    audio = CHOICES.get(request.query.get("audio", "floor"))
    if audio is None:
        return problem(400, "bad_audio", "The sound is “floor” or “interpreted”.")
    rendition = RENDITIONS.get(request.query.get("rendition", "auto"))
    if rendition is None:
        return problem(400, "bad_rendition", "The rendition is “auto”, “360p” or “sound”.")
    try:
        sdp = await exchange.read_offer(request)
        caller = visitors.address(request)
        answer = await request.app[ENGINE].open_viewer(ref, sdp, audio, rendition, caller)
    except Unfit as error:
        return error.answer()
    except Refused as refusal:
        if refusal.code == "no_meeting" and await state_of(request, ref) not in RUNNING:
            return problem(404, "not_live", "This meeting is not being broadcast now.")
        elsewhere = exchange.elsewhere(request) if refusal.code == "full" else None
        return elsewhere or exchange.refused(refusal)
    return exchange.created(request, answer)


async def describe_session(request: web.Request) -> web.Response:
    """OPTIONS of a session."""
    return exchange.options(request, SESSION, endpoint=False)


async def probe_session(request: web.Request) -> web.Response:
    """GET of a session."""
    return exchange.nothing()


async def patch_session(request: web.Request) -> web.Response:
    """PATCH of a session: candidates, which change nothing here, or an ICE restart."""
    session = request.match_info["session"]
    try:
        fragment, tags = await exchange.read_fragment(request), exchange.tags(request)
        return exchange.patched(await request.app[ENGINE].patch_viewer(session, fragment, tags))
    except Unfit as error:
        return error.answer()
    except Refused as refusal:
        return exchange.refused(refusal)


async def close_session(request: web.Request) -> web.Response:
    """DELETE of a session, whatever its If-Match."""
    try:
        await request.app[ENGINE].close_viewer(request.match_info["session"])
    except Refused as refusal:
        return exchange.refused(refusal)
    return web.Response(status=200)


def routes() -> list[web.RouteDef]:
    """The endpoint of each meeting, and its sessions."""
    endpoint, session = "/meetings/{ref}/whep", "/meetings/{ref}/whep/{session}"
    return [
        web.options(endpoint, describe),
        web.get(endpoint, probe),
        web.post(endpoint, limited(open_session)),
        web.options(session, describe_session),
        web.get(session, probe_session),
        web.patch(session, limited(patch_session, session=True)),
        web.delete(session, limited(close_session, session=True)),
    ]

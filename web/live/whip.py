"""WHIP: an encoder shows its key, sends an offer and publishes a feed."""

from aiohttp import web

from media.control.command import Refused
from web import visitors
from web.keys import ENGINE
from web.live import exchange
from web.live.bearer import unauthorised
from web.live.exchange import Unfit
from web.live.limits import limited

ENDPOINT = "OPTIONS, GET, POST"
SESSION = "OPTIONS, GET, PATCH, DELETE"


async def _unauthorised(request: web.Request) -> web.Response | None:
    return await unauthorised(request, request.match_info["source"], "WHIP")


async def describe(request: web.Request) -> web.Response:
    """OPTIONS. The ICE servers are for who shows the key; without one it is no wrong attempt."""
    shown = "Authorization" in request.headers
    if shown and (refusal := await _unauthorised(request)) is not None:
        return refusal
    return exchange.options(request, ENDPOINT, endpoint=True, servers=shown)


async def probe(request: web.Request) -> web.Response:
    """GET has no content."""
    return exchange.nothing()


async def open_session(request: web.Request) -> web.Response:
    """POST."""
    if (refusal := await _unauthorised(request)) is not None:
        return refusal
    ref, source = request.match_info["ref"], request.match_info["source"]
    label = request.headers.get("User-Agent", "")[:80] or "WHIP encoder"
    engine = request.app[ENGINE]
    try:
        sdp = await exchange.read_offer(request)
        answer = await engine.open_feed(ref, source, sdp, label)
    except Unfit as error:
        return error.answer()
    except Refused as no:
        engine.note_refusal(ref, f"WHIP from {visitors.address(request)}: {no.message}")
        return exchange.refused(no)
    return exchange.created(request, answer)


async def describe_session(request: web.Request) -> web.Response:
    """OPTIONS of a session."""
    return exchange.options(request, SESSION, endpoint=False)


async def probe_session(request: web.Request) -> web.Response:
    """GET of a session."""
    return exchange.nothing()


async def patch_session(request: web.Request) -> web.Response:
    """PATCH of a session: candidates that came after the offer."""
    if (refusal := await _unauthorised(request)) is not None:
        return refusal
    ref, session = request.match_info["ref"], request.match_info["session"]
    try:
        fragment, tags = await exchange.read_fragment(request), exchange.tags(request)
        return exchange.patched(await request.app[ENGINE].patch_feed(ref, session, fragment, tags))
    except Unfit as error:
        return error.answer()
    except Refused as no:
        return exchange.refused(no)


async def close_session(request: web.Request) -> web.Response:
    """DELETE of a session, whatever its If-Match."""
    if (refusal := await _unauthorised(request)) is not None:
        return refusal
    try:
        await request.app[ENGINE].close_feed(request.match_info["ref"], request.match_info["session"])
    except Refused as no:
        return exchange.refused(no)
    return web.Response(status=200)


def routes() -> list[web.RouteDef]:
    """The endpoint of each source of each meeting, and its sessions."""
    endpoint, session = "/whip/{ref}/{source}", "/whip/{ref}/{source}/{session}"
    return [
        web.options(endpoint, describe),
        web.get(endpoint, probe, allow_head=False),
        web.post(endpoint, limited(open_session)),
        web.options(session, describe_session),
        web.get(session, probe_session, allow_head=False),
        web.patch(session, limited(patch_session, session=True)),
        web.delete(session, limited(close_session, session=True)),
    ]

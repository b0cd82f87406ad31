"""WHIP: an encoder shows its key, sends an offer and publishes a feed."""

import math

from aiohttp import web

from media.control.command import Refused
from web import visitors
from web.keys import ENGINE, WRONG
from web.live import exchange
from web.live.exchange import Unfit
from web.live.limits import limited
from web.meetings import stream_key_is_good
from web.problem import problem

ENDPOINT = "OPTIONS, GET, POST"
SESSION = "OPTIONS, GET, PATCH, DELETE"

NO_KEY = (
    "An encoder shows its stream key as “Authorization: Bearer KEY”. The key is in the console, under Feeds."
)
WRONG_KEY = (
    "This is not the stream key of this meeting and source. The right one is in the console, under Feeds."
)
TOO_MANY = (
    "Too many wrong stream keys came from your address. Try again in {seconds} seconds. "
    "The right key is in the console, under Feeds, and is taken at any time."
)


async def _unauthorised(request: web.Request) -> web.Response | None:
    """The refusal, or None for the bearer of the right key (RFC 6750 section 3)."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        return problem(401, "key_needed", NO_KEY, headers={"WWW-Authenticate": 'Bearer realm="stream key"'})
    if not await stream_key_is_good(request, key.strip()):
        caller = visitors.address(request)
        if wait := math.ceil(request.app[WRONG].stream_keys.wrong(caller)):
            # Neither the console nor the log is filled by who does not stop.
            return problem(429, "too_many", TOO_MANY.format(seconds=wait), headers={"Retry-After": str(wait)})
        shown = f"WHIP from {caller}: it showed a key that is not this meeting’s."
        request.app[ENGINE].note_refusal(request.match_info["ref"], shown)
        return problem(
            401,
            "wrong_key",
            WRONG_KEY,
            headers={"WWW-Authenticate": 'Bearer realm="stream key", error="invalid_token"'},
        )
    return None


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

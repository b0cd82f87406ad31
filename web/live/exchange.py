"""What WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep) share: an SDP offer for an SDP answer over HTTP."""

from aiohttp import hdrs, web

from media.control.command import Refused
from media.control.feeds import Answer, Patched
from web.keys import DESK, SITE
from web.live import ice_servers
from web.problem import open_to_all, problem

SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"
OFFER_LIMIT = 64 * 1024
"""Bytes. A browser's offer has 3 to 10 thousand."""
FRAGMENT_LIMIT = 16 * 1024

RETRY_SECONDS = "5"

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, ETag, Link, Accept-Post, Accept-Patch, Retry-After, "
    "WWW-Authenticate",
}
_PREFLIGHT = {
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match",
    "Access-Control-Max-Age": "86400",
}
_STATUS = {
    "bad_offer": 422,
    "bad_fragment": 400,
    "no_session": 404,
    "stale": 412,
    "no_restart": 422,
    "too_many": 429,
}
"""What the client can mend. Anything else that a media process refuses is worth another try."""


async def open_cors(request: web.Request, response: web.StreamResponse) -> None:
    """Signal ``on_response_prepare``: pages of other sites may read every answer here, refusals too."""
    if open_to_all(request.path):
        response.headers.update(CORS)


def options(
    request: web.Request, methods: str, *, endpoint: bool = True, servers: bool = False, accepts: str = SDP
) -> web.Response:
    """The answer to OPTIONS. ``servers``: with the ICE servers, unless a browser asks before a request."""
    headers = {**_PREFLIGHT, "Allow": methods, "Access-Control-Allow-Methods": methods}
    if endpoint:
        headers["Accept-Post"] = accepts
    else:
        headers["Accept-Patch"] = FRAGMENT
    if servers and hdrs.ACCESS_CONTROL_REQUEST_METHOD not in request.headers:
        headers |= _servers(request)
    return web.Response(status=200, headers=headers)


def nothing() -> web.Response:
    """GET: success without content (RFC 9725 section 4.2)."""
    return web.Response(status=204)


async def read_offer(request: web.Request) -> str:
    """The SDP of a POST. Raises ``Unfit``."""
    sdp = await _text(request, SDP, OFFER_LIMIT, {"Accept-Post": SDP})
    lines = sdp.splitlines()
    if not sdp.startswith("v=0") or not any(line.startswith("m=") for line in lines):
        raise Unfit(
            400, "bad_offer", "This is not an SDP offer: it needs “v=0” first and a line “m=” for each track."
        )
    return sdp


async def read_fragment(request: web.Request) -> str:
    """The SDP fragment of a PATCH. Raises ``Unfit``."""
    return await _text(request, FRAGMENT, FRAGMENT_LIMIT, {"Accept-Patch": FRAGMENT})


def tags(request: web.Request) -> list[str]:
    """The strong entity tags of ``If-Match``, ``*`` for any. Raises ``Unfit`` without such a header."""
    header = request.headers.get(hdrs.IF_MATCH)
    if header is None:
        raise Unfit(
            428,
            "precondition_required",
            "Name the ICE session: send its ETag as If-Match, or “*” to restart ICE.",
        )
    named = request.if_match or ()
    return [tag.value for tag in named if not tag.is_weak]


async def _text(request: web.Request, content_type: str, limit: int, accept: dict[str, str]) -> str:
    if request.content_type != content_type:
        raise Unfit(
            415,
            "unsupported_media_type",
            f"This is sent as {content_type}, not as {request.content_type}.",
            accept,
        )
    return await read_text(request, limit, "bad_offer")


async def read_text(request: web.Request, limit: int, code: str = "invalid") -> str:
    """A body of at most ``limit`` bytes of UTF-8. Raises ``Unfit``."""
    if (request.content_length or 0) > limit:
        raise _too_large(limit)
    body = bytearray()
    async for piece in request.content.iter_any():
        body += piece
        if len(body) > limit:
            raise _too_large(limit)
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Unfit(400, code, "What was sent is not text.") from None


class Unfit(Exception):  # noqa: N818  (named by what is wrong, as the domain's refusals are)
    """A request that no media process needs to see."""

    def __init__(self, status: int, code: str, sentence: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self._problem = (status, code, sentence)
        self._headers = headers

    def answer(self) -> web.Response:
        """The refusal."""
        return problem(*self._problem, headers=self._headers)


def _too_large(limit: int) -> Unfit:
    return Unfit(413, "too_large", f"This has at most {limit // 1024} KB.")


def created(request: web.Request, answer: Answer) -> web.Response:
    """201 with the answer and the address of the session."""
    headers = {hdrs.LOCATION: f"{request.path}/{answer.session}", "Accept-Patch": FRAGMENT}
    if answer.etag:
        headers[hdrs.ETAG] = answer.etag
    headers |= _servers(request)
    return web.Response(status=201, text=answer.sdp, content_type=SDP, headers=headers)


def patched(result: Patched) -> web.Response:
    """204 without an ETag for candidates; for an ICE restart 200 with the new session and its ETag."""
    if not result.sdp:
        return web.Response(status=204)
    return web.Response(status=200, text=result.sdp, content_type=FRAGMENT, headers={hdrs.ETAG: result.etag})


def refused(refusal: Refused) -> web.Response:
    """A media process said no."""
    status = _STATUS.get(refusal.code, 503)
    headers = {"Retry-After": RETRY_SECONDS} if status in (429, 503) else None
    return problem(status, refusal.code, refusal.message, headers=headers)


def elsewhere(request: web.Request) -> web.Response | None:
    """307 to the house that takes players when this one is full, if there is one (RFC 9725 section 4.5)."""
    overflow = request.app[SITE].overflow_url
    if not overflow:
        return None
    return web.Response(status=307, headers={hdrs.LOCATION: f"{overflow}{request.rel_url}"})


def _servers(request: web.Request) -> dict[str, str]:
    desk = request.app[DESK]
    turn = desk.turn.servers(desk.tokens.new(), desk.clock.now())
    link = ice_servers.link(request.app[SITE].ice_servers, turn)
    return {hdrs.LINK: link} if link else {}

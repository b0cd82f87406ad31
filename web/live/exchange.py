"""What WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep) share: an SDP offer for an SDP answer over HTTP.

Media processes gather all candidates before they answer and offer neither trickle nor ICE restarts, so a
session takes no PATCH (405, RFC 9725 section 4.3.1) and its entity tag is only a courtesy.
"""

from aiohttp import hdrs, web

from media.control.command import Refused
from media.control.studio import Answer
from web.problem import problem

SDP = "application/sdp"
OFFER_LIMIT = 64 * 1024
"""Bytes. A browser's offer has 3 to 10 thousand."""

RETRY_SECONDS = "5"

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, ETag, Link, Accept-Post, Retry-After, WWW-Authenticate",
}
_PREFLIGHT = {
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match",
    "Access-Control-Max-Age": "86400",
}


async def open_cors(request: web.Request, response: web.StreamResponse) -> None:
    """Signal ``on_response_prepare``: pages of other sites may read every answer here, refusals too."""
    path = request.path
    if path.startswith("/whip/") or "whep" in path.split("/")[3:4]:
        response.headers.update(CORS)


def options(methods: str, *, endpoint: bool) -> web.Response:
    """The answer to OPTIONS, preflight or not."""
    headers = {**_PREFLIGHT, "Allow": methods, "Access-Control-Allow-Methods": methods}
    if endpoint:
        headers["Accept-Post"] = SDP
    return web.Response(status=200, headers=headers)


def nothing() -> web.Response:
    """GET: success without content (RFC 9725 section 4.2)."""
    return web.Response(status=204)


async def read_offer(request: web.Request) -> str:
    """The SDP of a POST. Raises ``NotAnOffer`` carrying the 4xx answer."""
    if request.content_type != SDP:
        raise NotAnOffer(
            415, "unsupported_media_type", f"An offer is sent as {SDP}, not as {request.content_type}."
        )
    if (request.content_length or 0) > OFFER_LIMIT:
        raise _too_large()
    body = bytearray()
    async for piece in request.content.iter_any():
        body += piece
        if len(body) > OFFER_LIMIT:
            raise _too_large()
    try:
        sdp = body.decode()
    except UnicodeDecodeError:
        raise NotAnOffer(400, "bad_offer", "The offer is not text.") from None
    lines = sdp.splitlines()
    if not sdp.startswith("v=0") or not any(line.startswith("m=") for line in lines):
        raise NotAnOffer(
            400, "bad_offer", "This is not an SDP offer: it needs “v=0” first and a line “m=” for each track."
        )
    return sdp


class NotAnOffer(Exception):  # noqa: N818  (named by what is wrong, as the domain's refusals are)
    """The body of a POST cannot be an offer."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.sentence = sentence

    def answer(self) -> web.Response:
        """The refusal."""
        headers = {"Accept-Post": SDP} if self.status == 415 else None
        return problem(self.status, self.code, self.sentence, headers=headers)


def _too_large() -> NotAnOffer:
    return NotAnOffer(413, "too_large", f"An offer has at most {OFFER_LIMIT // 1024} KB.")


def created(request: web.Request, answer: Answer) -> web.Response:
    """201 with the answer and the address of the session."""
    headers = {hdrs.LOCATION: f"{request.path}/{answer.session}"}
    if answer.etag:
        headers[hdrs.ETAG] = f'"{answer.etag.strip(chr(34))}"'
    return web.Response(status=201, text=answer.sdp, content_type=SDP, headers=headers)


def refused(refusal: Refused) -> web.Response:
    """A media process said no: an offer is the client's to mend, anything else is worth a retry."""
    if refusal.code == "bad_offer":
        return problem(422, refusal.code, refusal.message)
    if refusal.code == "no_session":
        return problem(404, refusal.code, refusal.message)
    return problem(503, refusal.code, refusal.message, headers={hdrs.RETRY_AFTER: RETRY_SECONDS})


def no_patch(methods: str) -> web.Response:
    """PATCH, when neither trickle nor restart is offered."""
    return problem(
        405,
        "method_not_allowed",
        "This session offers neither trickle ICE nor ICE restarts. Open a new session instead.",
        headers={"Allow": methods},
    )

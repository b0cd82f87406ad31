"""Refuses what another site's page sends in a visitor's name.

Browsers say where a request comes from in ``Sec-Fetch-Site``, or, where they do not (plain HTTP beyond this
machine), in ``Origin``. A request with neither comes from a program, which carries nobody's cookies unasked.
"""

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from hub.domain.errors import Forbidden
from web.keys import SITE
from web.problem import open_to_all

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@web.middleware
async def refuse_cross_site(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let through what changes nothing, what is for other sites too (WHIP, WHEP, captions), and our pages."""
    if request.method not in SAFE and not open_to_all(request.path) and not _from_here(request):
        raise Forbidden(
            "This form was sent from another site, so nothing was done. Open the page here and try again."
        )
    return await handler(request)


def _from_here(request: web.Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    ours = {request.host, urlsplit(request.app[SITE].public_url).netloc}
    return urlsplit(origin).netloc in ours - {""}

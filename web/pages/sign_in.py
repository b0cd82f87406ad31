"""Officers sign in with a one-time link, and sign out."""

import math

from aiohttp import web

from hub.domain.errors import SignInNeeded, TooMany
from hub.domain.services import accounts
from web import visitors
from web.keys import DESK, WRONG
from web.language import gettext as _
from web.templating import render


async def ask(request: web.Request) -> web.Response:
    """GET only asks: mail programs that look at links must not use them up."""
    return _private(render(request, "pages/sign_in.html"))


async def redeem(request: web.Request) -> web.Response:
    """POST uses the link up and opens the console."""
    try:
        signed_in = await accounts.redeem(request.app[DESK], request.match_info["token"])
    except SignInNeeded:
        if wait := math.ceil(request.app[WRONG].sign_in_links.wrong(visitors.address(request))):
            raise TooMany(
                _("Too many wrong sign-in links came from your address. Try again in %(seconds)s seconds.")
                % {"seconds": wait},
                seconds=wait,
            ) from None
        raise
    response = web.Response(status=303, headers={"Location": "/console"})
    visitors.sign_in(request, response, signed_in.token)
    return _private(response)


async def leave(request: web.Request) -> web.Response:
    """End the session here and in the database."""
    token = request.cookies.get(visitors.STAFF_COOKIE, "")
    if token:
        await accounts.sign_out(request.app[DESK], token)
    response = web.Response(status=303, headers={"Location": "/"})
    visitors.sign_out(request, response)
    return response


def _private(response: web.Response) -> web.Response:
    """The address is a secret: keep it out of caches."""
    response.headers["Cache-Control"] = "no-store"
    return response


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    return [
        web.get("/sign-in/{token}", ask),
        web.post("/sign-in/{token}", redeem),
        web.post("/sign-out", leave),
    ]

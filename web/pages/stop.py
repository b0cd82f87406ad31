"""Stopping e-mails by the link in each of them. Looking asks; one press does it, the mail program's too."""

from aiohttp import web

from hub.domain import views
from hub.domain.services.following import stop
from web import language
from web.forms import read_form
from web.keys import DESK
from web.templating import render


async def show(request: web.Request) -> web.Response:
    """What is followed. Programs that look at links in e-mails stop nothing."""
    follows = await views.followed_by_stop_key(request.app[DESK], request.match_info["key"])
    return _secret(render(request, "pages/stop.html", {"follows": follows, "deleted": False}))


async def act(request: web.Request) -> web.Response:
    """Stop everything, or one thing (``follow``). Mail programs do the first, unredirected (RFC 8058)."""
    key = request.match_info["key"]
    number = (await read_form(request, ("follow",))).number("follow")
    deleted = await stop(request.app[DESK], key, number)
    if deleted or number is None:
        return _secret(render(request, "pages/stop.html", {"follows": [], "deleted": deleted}))
    place = f"{language.prefix()}/stop/{key}"
    return web.Response(status=303, headers={"Location": place})


def _secret(response: web.Response) -> web.Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [web.get("/stop/{key}", show), web.post("/stop/{key}", act)]

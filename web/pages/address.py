"""Behind the link in an e-mail: the owner of an address confirms, looks, and has it forgotten."""

from aiohttp import web

from hub.domain import views
from hub.domain.errors import Invalid
from hub.domain.services.confirming import confirm
from hub.domain.services.following import stop_by_link
from hub.domain.services.forgetting import forget
from web import language, visitors
from web.forms import read_form
from web.keys import DESK
from web.templating import render


async def show(request: web.Request) -> web.Response:
    """What the link is for. Looking changes nothing: programs that preview e-mails look, too."""
    desk = request.app[DESK]
    page = await views.address_page(desk, request.match_info["token"])
    own = await views.own_posts(desk, visitors.device(request), visitors.address_proof(request))
    context = {"page": page, "forgotten": False, "mine": {post.id for post in own}}
    return _secret(render(request, "pages/address.html", context))


async def act(request: web.Request) -> web.Response:
    """Confirm, stop one thing, or forget."""
    desk, token = request.app[DESK], request.match_info["token"]
    action = (await read_form(request, ("action",))).value("action")
    if action == "confirm":
        confirmed = await confirm(desk, token)
        place = f"{language.prefix()}/address/{token}"
        response = web.Response(status=303, headers={"Location": place})
        visitors.keep_proof(request, response, confirmed.proof)
        return response
    if action == "stop":
        if await stop_by_link(desk, token, await _follow(request)):
            return _secret(render(request, "pages/stop.html", {"follows": [], "deleted": True}))
        return web.Response(status=303, headers={"Location": f"{language.prefix()}/address/{token}"})
    if action == "forget":
        await forget(desk, token)
        response = _secret(render(request, "pages/address.html", {"page": None, "forgotten": True}))
        visitors.drop_proof(request, response)
        return response
    raise Invalid("Choose one from the list.", field="action")


async def _follow(request: web.Request) -> int:
    number = (await read_form(request, ("follow",))).number("follow")
    if number is None:
        raise Invalid("Choose one from the list.", field="follow")
    return number


def _secret(response: web.Response) -> web.Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [web.get("/address/{token}", show), web.post("/address/{token}", act)]

"""“I have lost my link”: one form, and one answer whoever is registered."""

import math

from aiohttp import web

from hub.domain import views
from hub.domain.errors import Invalid, TooMany
from hub.domain.services.lost_links import send_lost_links
from media.attempts import Attempts
from web import language, visitors
from web.forms import Form, read_form
from web.keys import DESK
from web.language import gettext as _
from web.templating import render

LOST: web.AppKey[Attempts] = web.AppKey("lost", Attempts)
"""How often an address may ask."""


async def ask(request: web.Request) -> web.Response:
    """The empty form."""
    return await _page(request, Form())


async def send(request: web.Request) -> web.Response:
    """Send the links of an address. The page after it says the same for every address."""
    form = await read_form(request, ("email",))
    if wait := math.ceil(request.app[LOST].wrong(visitors.address(request))):
        raise TooMany(
            _("Too many links were asked for from your connection. Try again in %(seconds)s seconds.")
            % {"seconds": wait},
            seconds=wait,
        )
    try:
        await send_lost_links(request.app[DESK], request.match_info["ref"], form.value("email"))
    except Invalid as error:
        form.blame(error, "email")
        return await _page(request, form, status=error.status)
    target = f"{language.prefix()}/meetings/{request.match_info['ref']}/lost-link?sent"
    return web.Response(status=303, headers={"Location": target})


async def _page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    desk = request.app[DESK]
    page = await views.meeting_page(desk, request.match_info["ref"])
    context = {
        "meeting": page.card,
        "form": form,
        "sent": "sent" in request.query and not form.errors,
        "sends_mail": desk.sends_mail,
    }
    return render(request, "pages/lost_link.html", context, status)


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [web.get("/meetings/{ref}/lost-link", ask), web.post("/meetings/{ref}/lost-link", send)]

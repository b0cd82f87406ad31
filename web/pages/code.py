"""“I have a code”: a personal link for who was told it over the telephone, or sits at another device."""

import math

from aiohttp import web

from hub.domain.errors import Invalid, TooMany
from hub.domain.services.codes import link_of_code
from media.attempts import Attempts
from web import language, visitors
from web.forms import Form, read_form
from web.keys import DESK
from web.language import gettext as _
from web.templating import render

CODES: web.AppKey[Attempts] = web.AppKey("codes", Attempts)
"""How often an address may try: a code is short enough to be said, so nobody may try many."""


async def ask(request: web.Request) -> web.Response:
    """The empty form."""
    return _page(request, Form())


async def open_link(request: web.Request) -> web.Response:
    """Go on to the personal link. That is only looked at so: the slot is taken there, by its button."""
    form = await read_form(request, ("code", "surname"))
    if wait := math.ceil(request.app[CODES].wrong(visitors.address(request))):
        raise TooMany(
            _("Too many codes were tried from your connection. Try again in %(seconds)s seconds.")
            % {"seconds": wait},
            seconds=wait,
        )
    try:
        token = await link_of_code(request.app[DESK], form.value("code"), form.value("surname"))
    except Invalid as error:
        form.blame(error, "code")
        return _page(request, form, status=error.status)
    response = web.Response(status=303, headers={"Location": f"{language.prefix()}/speak/{token}"})
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    return render(request, "pages/code.html", {"form": form}, status)


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [web.get("/code", ask), web.post("/code", open_link)]

"""Raising one's hand in a webinar, lowering it, and agreeing to be on air, without scripts."""

from collections.abc import Mapping

from aiohttp import web

from hub.domain import views
from hub.domain.commands import dispatch
from hub.domain.errors import DomainError, NotFound, TooMany
from web import language, visitors
from web.forms import read_form
from web.keys import DESK
from web.meetings import meeting_id
from web.pages.meeting import Trouble, meeting_response


async def raise_hand(request: web.Request) -> web.Response:
    """Ask to speak."""
    form = await read_form(request, ("name",))
    return await _do(request, "hand.raise", {"name": form.value("name")})


async def lower(request: web.Request) -> web.Response:
    """Not any more."""
    return await _do(request, "hand.lower", _number(request))


async def decline(request: web.Request) -> web.Response:
    """They were asked, and do not want to be on air."""
    return await _do(request, "hand.decline", _number(request))


async def accept(request: web.Request) -> web.Response:
    """They agree; on to their own page."""
    form = await read_form(request, ("consent",))
    return await _do(request, "hand.accept", _number(request) | {"consent": form.value("consent")})


def _number(request: web.Request) -> dict[str, object]:
    return {"hand_id": int(request.match_info["id"])}


async def _do(request: web.Request, command: str, payload: Mapping[str, object]) -> web.Response:
    """Do it; then the page again. Who agreed is led to their link, also when they sent it twice."""
    desk, ref = request.app[DESK], request.match_info["ref"]
    device = visitors.device_or_new(request)
    viewer = visitors.viewer(request, device, await meeting_id(request))
    refusal: DomainError | None = None
    try:
        await dispatch(desk, viewer, ref, command, {"client_id": f"form-{desk.tokens.new()}"} | dict(payload))
    except DomainError as error:
        refusal = error
    hand = (await views.own_hands(desk, ref, {device})).get(device)
    if hand is not None and hand.token and command == "hand.accept":
        return _to(f"/speak/{hand.token}")
    if isinstance(refusal, NotFound):
        raise refusal
    if refusal is not None:
        trouble = Trouble("hand", language.said(refusal.message))
        response = await meeting_response(request, trouble=trouble, status=refusal.status)
        if isinstance(refusal, TooMany):
            response.headers["Retry-After"] = str(refusal.seconds)
    else:
        response = _to(f"/meetings/{ref}#hand")
    visitors.keep_device(request, response, device)
    return response


def _to(place: str) -> web.Response:
    headers = {"Location": f"{language.prefix()}{place}", "Cache-Control": "no-store"}
    return web.Response(status=303, headers=headers)


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [
        web.post("/meetings/{ref}/hands", raise_hand),
        web.post(r"/meetings/{ref}/hands/{id:\d{1,9}}/lower", lower),
        web.post(r"/meetings/{ref}/hands/{id:\d{1,9}}/decline", decline),
        web.post(r"/meetings/{ref}/hands/{id:\d{1,9}}/accept", accept),
    ]

"""“Can’t hear?” without scripts."""

from aiohttp import web

from hub.domain.commands import dispatch
from web import language, visitors
from web.keys import DESK
from web.meetings import meeting_id


async def report(request: web.Request) -> web.Response:
    """Tell the officers, and come back to the page."""
    desk, ref = request.app[DESK], request.match_info["ref"]
    device = visitors.device_or_new(request)
    viewer = visitors.viewer(request, device, await meeting_id(request))
    await dispatch(desk, viewer, ref, "hearing.report", {"client_id": f"form-{desk.tokens.new()}"})
    place = f"{language.prefix()}/meetings/{ref}?unheard=1#cant-hear"
    response = web.Response(status=303, headers={"Location": place})
    visitors.keep_device(request, response, device)
    return response


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [web.post("/meetings/{ref}/cant-hear", report)]

"""Every console command by plain HTTP."""

import json

from aiohttp import hdrs, web

from hub.domain.commands import dispatch
from hub.domain.errors import Invalid
from web.keys import DESK
from web.problem import problem
from web.visitors import staff


async def command(request: web.Request) -> web.Response:
    """Do one command for the signed-in officer; the answer is what the socket would acknowledge with."""
    officer = await staff(request)
    if request.content_type != "application/json":
        return problem(415, "unsupported_media_type", "A command's arguments are sent as application/json.")
    try:
        payload = json.loads(await request.text())
    except (ValueError, LookupError):
        raise Invalid("The body is not JSON.") from None
    if not isinstance(payload, dict):
        raise Invalid("The arguments of a command are one JSON object.")
    match = request.match_info
    answer = await dispatch(request.app[DESK], officer, match["ref"], match["name"], payload)
    return web.json_response({"ok": True, **answer}, headers={hdrs.CACHE_CONTROL: "no-store"})


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    return [web.post("/api/v1/meetings/{ref}/commands/{name}", command)]

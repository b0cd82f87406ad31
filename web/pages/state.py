"""The public snapshot over plain HTTP: what the socket says, for those without one and for caches."""

from aiohttp import web

from hub.domain import views
from web.keys import DESK


async def state(request: web.Request) -> web.Response:
    """Cacheable for a second, by anybody."""
    snapshot = await views.public_snapshot(request.app[DESK], request.match_info["ref"])
    return web.Response(
        text=snapshot.model_dump_json(),
        content_type="application/json",
        headers={"Cache-Control": "public, max-age=1", "Access-Control-Allow-Origin": "*"},
    )


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    return [web.get("/meetings/{ref}/state.json", state)]

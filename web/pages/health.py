"""For whoever operates the site: is it alive, can it work."""

import structlog
from aiohttp import web
from sqlmodel import select

from web.assets import AssetsMissing
from web.keys import DESK
from web.templating import ASSETS

log = structlog.get_logger(__name__)


async def healthz(request: web.Request) -> web.Response:
    """The process answers."""
    return web.Response(text="ok\n")


async def readyz(request: web.Request) -> web.Response:
    """The database answers and the front end is there; otherwise 503 with what is missing."""
    missing = []
    try:
        async with request.app[DESK].store.read() as session:
            await session.exec(select(1))
    except Exception:
        log.exception("database_not_ready")
        missing.append("The database does not answer. The log says why.")
    try:
        request.app[ASSETS].url("site.css")
    except AssetsMissing as error:
        missing.append(str(error))
    if missing:
        return web.Response(status=503, text="\n".join(missing) + "\n")
    return web.Response(text="ready\n")


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]

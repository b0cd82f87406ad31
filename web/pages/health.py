"""For whoever operates the site: is it alive, can it work."""

from aiohttp import web
from sqlalchemy import text

from web.assets import AssetsMissing
from web.keys import DESK
from web.templating import ASSETS


async def healthz(request: web.Request) -> web.Response:
    """The process answers."""
    return web.Response(text="ok\n")


async def readyz(request: web.Request) -> web.Response:
    """The database answers and the front end is there; otherwise 503 with what is missing."""
    missing = []
    try:
        async with request.app[DESK].store.read() as session:
            await session.connection(execution_options={})
            await session.exec(text("SELECT 1"))  # type: ignore[call-overload]
    except Exception as error:  # noqa: BLE001  every reason is told to the operator
        missing.append(f"database: {error}")
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

"""Stills: of what the public see, and, for officers, of every source."""

from aiohttp import web

from hub.domain.errors import Invalid
from media.control.command import Disconnected, Refused
from web.keys import ENGINE
from web.meetings import state_of
from web.visitors import staff

NARROWEST, WIDEST = 64, 1280


async def snapshot(request: web.Request) -> web.Response:
    """The public picture now. Without a broadcast, a plain picture in the council's words."""
    ref = request.match_info["ref"]
    try:
        jpeg = await request.app[ENGINE].picture(ref, "public")
    except (Refused, Disconnected):
        await state_of(request, ref)
        raise web.HTTPTemporaryRedirect("/icon.svg", headers={"Cache-Control": "public, max-age=5"}) from None
    return _jpeg(jpeg, "public, max-age=2")


async def source(request: web.Request) -> web.Response:
    """A still of one source, ``programme`` or ``public``, for the console."""
    await staff(request)
    try:
        width = int(request.query.get("width", "640"))
    except ValueError:
        raise Invalid("The width is a number of pixels.", field="width") from None
    if not NARROWEST <= width <= WIDEST:
        raise Invalid(f"The width is between {NARROWEST} and {WIDEST} pixels.", field="width")
    jpeg = await request.app[ENGINE].picture(
        request.match_info["ref"], request.query.get("of", "programme"), width
    )
    return _jpeg(jpeg, "private, no-store")


def _jpeg(data: bytes, cache: str) -> web.Response:
    return web.Response(body=data, content_type="image/jpeg", headers={"Cache-Control": cache})


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    return [
        web.get("/meetings/{ref}/snapshot.jpg", snapshot),
        web.get("/console/meetings/{ref}/picture.jpg", source),
    ]

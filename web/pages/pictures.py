"""Stills: of what the public see, and, for officers, of every source."""

import asyncio

import structlog
from aiohttp import web

from hub.domain.errors import Invalid
from media.control.command import Disconnected, Refused
from recordings.still import NoStillError, find_place, still
from web.keys import ENGINE
from web.meetings import WITH_RECORDING, state_of
from web.moments import parse_time
from web.recorded import recorded
from web.visitors import staff

log = structlog.get_logger(__name__)

NARROWEST, WIDEST = 64, 1280


async def snapshot(request: web.Request) -> web.Response:
    """The public picture now; afterwards, that of the recording at ``?t=``. Before, a plain picture."""
    ref = request.match_info["ref"]
    state = await state_of(request, ref)
    if state in WITH_RECORDING:
        jpeg = await _recorded_still(request, ref)
        if jpeg is not None:
            return _jpeg(jpeg, "public, max-age=60")
    else:
        try:
            return _jpeg(await request.app[ENGINE].picture(ref, "public"), "public, max-age=2")
        except (Refused, Disconnected):
            pass
    raise web.HTTPTemporaryRedirect("/icon.svg", headers={"Cache-Control": "public, max-age=5"})


async def _recorded_still(request: web.Request, ref: str) -> bytes | None:
    found = await recorded(request, ref)
    place = find_place(found.timeline, parse_time(request.query.get("t", "")) or 0.0) if found else None
    if found is None or place is None:
        return None
    try:
        return await asyncio.to_thread(still, found.directory, place)
    except NoStillError as error:
        log.warning("no_still", meeting=ref, error=str(error))
        return None


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

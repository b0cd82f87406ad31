"""Sets the language of the page from its address."""

from aiohttp import web
from aiohttp.typedefs import Handler

from web.language import LANGUAGES, SOURCE, current


@web.middleware
async def choose_language(request: web.Request, handler: Handler) -> web.StreamResponse:
    """``/cy/…`` is Welsh once Welsh is on offer; everything else is English."""
    first = request.path.split("/", 2)[1]
    token = current.set(first if first in LANGUAGES else SOURCE)
    try:
        return await handler(request)
    finally:
        current.reset(token)

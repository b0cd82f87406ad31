"""How often one address may send WHIP and WHEP requests that come to nothing."""

import math
from collections.abc import Awaitable, Callable

from aiohttp import web

from web import visitors
from web.keys import WRONG
from web.problem import problem

BURST = 100
EVERY_SECONDS = 0.5
COUNTED = frozenset({400, 413, 415, 422, 428})
"""The caller's own doing. Wrong keys have a limit of their own; what we cannot do yet is nobody's fault."""

Handler = Callable[[web.Request], Awaitable[web.Response]]


def limited(handler: Handler, *, session: bool = False) -> Handler:
    """Answer 429 without looking at the request, once too many of this address came to nothing.

    Sessions that were opened do not count here: those are bounded by the relay and the studio. Requests for a
    ``session`` have a limit of their own: when a relay dies, a hall full of players takes leave of sessions
    that are no more, and must get new ones all the same.
    """

    async def answer(request: web.Request) -> web.Response:
        attempts, caller = request.app[WRONG], visitors.address(request)
        spent = attempts.sessions if session else attempts.offers
        if wait := math.ceil(spent.wait(caller)):
            return problem(
                429,
                "too_many",
                f"Too many requests that came to nothing. Try again in {wait} seconds.",
                headers={"Retry-After": str(wait)},
            )
        response = await handler(request)
        if response.status in COUNTED or (session and response.status == 404):
            spent.wrong(caller)
        return response

    return answer

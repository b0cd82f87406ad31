"""Who shows a stream key: ``Authorization: Bearer KEY`` (RFC 6750)."""

import math

from aiohttp import web

from web import visitors
from web.keys import ENGINE, WRONG
from web.meetings import stream_key_is_good
from web.problem import problem

NO_KEY = (
    "An encoder shows its stream key as “Authorization: Bearer KEY”. The key is in the console, under Feeds."
)
WRONG_KEY = (
    "This is not the stream key of this meeting and source. The right one is in the console, under Feeds."
)
TOO_MANY = (
    "Too many wrong stream keys came from your address. Try again in {seconds} seconds. "
    "The right key is in the console, under Feeds, and is taken at any time."
)


async def unauthorised(request: web.Request, source: str, protocol: str) -> web.Response | None:
    """The refusal, or None for the bearer of the right key (RFC 6750 section 3).

    ``protocol``: what the console says that a stranger tried.
    """
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        return problem(401, "key_needed", NO_KEY, headers={"WWW-Authenticate": 'Bearer realm="stream key"'})
    if not await stream_key_is_good(request, key.strip(), source):
        caller = visitors.address(request)
        if wait := math.ceil(request.app[WRONG].stream_keys.wrong(caller)):
            # Neither the console nor the log is filled by who does not stop.
            return problem(429, "too_many", TOO_MANY.format(seconds=wait), headers={"Retry-After": str(wait)})
        shown = f"{protocol} from {caller}: it showed a key that is not this meeting’s."
        request.app[ENGINE].note_refusal(request.match_info["ref"], shown)
        return problem(
            401,
            "wrong_key",
            WRONG_KEY,
            headers={"WWW-Authenticate": 'Bearer realm="stream key", error="invalid_token"'},
        )
    return None

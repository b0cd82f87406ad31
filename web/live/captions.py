"""A captioner, human or machine, sends what was said, line by line.

What is refused must not come again: it may be of a private session, and the next attempt may find the gate
open. So the answers say that it was thrown away, and none of them asks for the same line once more.
"""

from datetime import timedelta

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hub.domain.limits import CAPTIONING
from hub.domain.services.stream_keys import CHAMBER
from hub.domain.text import cleaned
from media.control.captions import LONGEST_LINE, LONGEST_SECONDS
from media.control.command import Disconnected, Refused
from web import visitors
from web.keys import DESK, ENGINE, SITE
from web.live import exchange
from web.live.bearer import unauthorised
from web.live.exchange import Unfit
from web.problem import problem

TEXT, JSON = "text/plain", "application/json"
ACCEPTED = f"{TEXT}, {JSON}"
BODY_LIMIT = 8 * 1024
"""Bytes: 500 characters of any script, escaped."""
LONGEST_AGO = 3600.0

NONE_HERE = (
    "Meetings of this council have no captions. Whoever runs the server sets MOOTHALL_CAPTIONS_LANGUAGE."
)
AWAY = "The studio does not answer: the line was thrown away. Do not send it again, go on with the next."
TOO_FAST = "Lines come too fast: this one was thrown away. Go on in {seconds} seconds."
_STATUS = {"no_captions": 404, "no_meeting": 409, "not_public": 409, "too_soon": 409, "too_many": 429}


class Line(BaseModel):
    """What was said. ``seconds``: how long it is shown. ``ago``: so many seconds ago its words began."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    text: str
    seconds: float | None = Field(default=None, ge=1.0, le=LONGEST_SECONDS)
    ago: float = Field(default=0.0, ge=0.0, le=LONGEST_AGO)


async def describe(request: web.Request) -> web.Response:
    """OPTIONS."""
    return exchange.options(request, "OPTIONS, POST", accepts=ACCEPTED)


async def say(request: web.Request) -> web.Response:
    """POST of one finished line."""
    desk = request.app[DESK]
    came = desk.clock.now()
    if (refusal := await unauthorised(request, CHAMBER, "Captions")) is not None:
        return refusal
    if not request.app[SITE].captions_language:
        return problem(404, "no_captions", NONE_HERE)
    ref = request.match_info["ref"]
    place = visitors.address(request)
    if wait := desk.limits.spend(CAPTIONING, came, meeting=ref, device=CHAMBER, place=place):
        sentence = TOO_FAST.format(seconds=wait)
        return problem(429, "too_many", sentence, headers={"Retry-After": str(wait)})
    try:
        line = await _read(request)
        said = came - timedelta(seconds=line.ago)
        await request.app[ENGINE].say_caption(ref, line.text, line.seconds, round(said.timestamp() * 1000))
    except Unfit as error:
        return error.answer()
    except Refused as no:
        return problem(_STATUS.get(no.code, 409), no.code, no.message)
    except Disconnected:
        return problem(503, "media_unavailable", AWAY)
    return web.Response(status=204)


async def _read(request: web.Request) -> Line:
    """Raises ``Unfit``."""
    kinds = {"Accept-Post": ACCEPTED}
    if request.content_type not in (TEXT, JSON):
        sentence = f"A line is sent as {TEXT} or {JSON}, not as {request.content_type}."
        raise Unfit(415, "unsupported_media_type", sentence, kinds)
    body = await exchange.read_text(request, BODY_LIMIT)
    line = Line(text=body) if request.content_type == TEXT else _decode(body)
    text = " ".join(cleaned(line.text).split())
    if not text:
        raise Unfit(422, "invalid", "There are no words in it.")
    if len(text) > LONGEST_LINE:
        raise Unfit(
            422, "invalid", f"A line has at most {LONGEST_LINE} characters, and this one {len(text)}."
        )
    return line.model_copy(update={"text": text})


def _decode(body: str) -> Line:
    try:
        return Line.model_validate_json(body)
    except ValidationError as error:
        where = ".".join(str(step) for step in error.errors()[0]["loc"]) or "the body"
        sentence = (
            f"In {where}: {error.errors()[0]['msg']}. A line is an object with “text”, and if you like "
            f"“seconds” (1 to {LONGEST_SECONDS:g}) and “ago” (0 to {LONGEST_AGO:g})."
        )
        raise Unfit(422, "invalid", sentence) from None


def routes() -> list[web.RouteDef]:
    """The address of each meeting's captioner."""
    endpoint = "/captions/{ref}"
    return [web.options(endpoint, describe), web.post(endpoint, say)]

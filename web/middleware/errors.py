"""Turns what went wrong into words: what happened, whether the public still see the meeting, what to do."""

from http import HTTPStatus

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from hub.domain.errors import DomainError, MediaUnavailable, SignInNeeded, TooMany
from media.control.command import Disconnected, Refused
from web.assets import AssetsMissing
from web.language import gettext as _
from web.language import said
from web.problem import problem, wants_problem
from web.templating import render

log = structlog.get_logger(__name__)

RETRY_SECONDS = "5"


@web.middleware
async def explain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The one place where refusals and faults become answers."""
    try:
        return await handler(request)
    except DomainError as error:
        return _answer(
            request, error.status, error.code, error.message, _headers(request, error), error.field
        )
    except Refused as refusal:
        return _answer(request, 503, refusal.code, refusal.message, {"Retry-After": RETRY_SECONDS})
    except Disconnected:
        return _answer(request, 503, "media_unavailable", media_away(), {"Retry-After": RETRY_SECONDS})
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        return _http_answer(request, error)
    except AssetsMissing as error:
        return web.Response(status=503, text=str(error))
    except Exception:
        log.exception("request_failed", method=request.method, route=_route(request))
        return _answer(request, 500, "fault", fault())


def media_away() -> str:
    """What is said when a media process is not there."""
    return _(
        "The video service is not answering. It is being started again by itself, and until then the "
        "public see the holding picture or nothing. Try again in a few seconds."
    )


def fault() -> str:
    """What is said when the fault is ours and unknown."""
    return _(
        "Something on our side went wrong and was written to the log. A meeting that is being broadcast "
        "goes on: pictures and sound do not pass through these pages. Try again in a minute."
    )


def _route(request: web.Request) -> str:
    """The pattern of the address: the address itself may be a secret link."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "none"


def _headers(request: web.Request, error: DomainError) -> dict[str, str]:
    if isinstance(error, SignInNeeded) and wants_problem(request):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.seconds)}
    return {"Retry-After": RETRY_SECONDS} if isinstance(error, MediaUnavailable) else {}


def _http_answer(request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    headers = {
        name: error.headers[name]
        for name in ("Allow", "Content-Range", "Accept-Post")
        if name in error.headers
    }
    sentences = {
        404: _("There is no page at this address. If you typed it, check that it is right."),
        405: _("This address does not take that kind of request."),
        413: _("What was sent is too large."),
    }
    sentence = sentences.get(error.status, error.text or error.reason)
    codes = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
    return _answer(request, error.status, codes.get(error.status, "bad_request"), sentence, headers)


def _answer(
    request: web.Request,
    status: int,
    code: str,
    sentence: str,
    headers: dict[str, str] | None = None,
    field: str | None = None,
) -> web.StreamResponse:
    if wants_problem(request):
        return problem(status, code, sentence, field=field, headers=headers)
    titles = {
        "not_found": _("Page not found"),
        "sign_in_needed": _("You need to sign in"),
        "forbidden": _("This is not allowed"),
        "too_many": _("Please wait a moment"),
        "media_unavailable": _("The video is not available just now"),
    }
    title = titles.get(code, _("This could not be done"))
    try:
        response = render(
            request, "pages/error.html", {"title": title, "sentence": said(sentence), "code": code}, status
        )
    except AssetsMissing:
        response = web.Response(status=status, text=f"{title}\n\n{sentence}\n")
    response.headers.update(headers or {})
    return response

"""Feedback on a webinar: the form at its end, and the files for officers."""

from aiohttp import web

from hub.domain import views
from hub.domain.commands import dispatch
from hub.domain.errors import DomainError, NotFound, TooMany
from hub.domain.views import FeedbackRecord, FeedbackRecords
from web import language, visitors
from web.forms import read_form
from web.keys import DESK
from web.meetings import meeting_id
from web.pages.exports import file_response, to_csv
from web.pages.meeting import Trouble, meeting_response
from web.visitors import staff


async def give(request: web.Request) -> web.Response:
    """Take it, or show the page again with what is wrong beside the form."""
    desk, ref = request.app[DESK], request.match_info["ref"]
    device = visitors.device_or_new(request)
    viewer = visitors.viewer(request, device, await meeting_id(request))
    form = await read_form(request, ("rating", "text"))
    try:
        payload = {
            "client_id": f"form-{desk.tokens.new()}",
            "rating": form.number("rating") or 0,
            "text": form.value("text"),
        }
        await dispatch(desk, viewer, ref, "feedback.give", payload)
        place = f"{language.prefix()}/meetings/{ref}#feedback"
        response = web.Response(status=303, headers={"Location": place})
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        trouble = Trouble("feedback", language.said(error.message), form.value("text"))
        response = await meeting_response(request, trouble=trouble, status=error.status)
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(error.seconds)
    visitors.keep_device(request, response, device)
    return response


async def as_json(request: web.Request) -> web.Response:
    """All of it, with the mean."""
    record = await _records(request)
    name = f"{record.meeting}-feedback.json"
    return file_response(record.model_dump_json(indent=1), "application/json", name)


async def as_csv(request: web.Request) -> web.Response:
    """A line for each person."""
    record = await _records(request)
    return file_response(
        to_csv(FeedbackRecord, record.feedback), "text/csv", f"{record.meeting}-feedback.csv"
    )


async def _records(request: web.Request) -> FeedbackRecords:
    await staff(request)
    return await views.feedback_records(request.app[DESK], request.match_info["ref"])


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [web.post("/meetings/{ref}/feedback", give)]


def routes() -> list[web.RouteDef]:
    """Addresses for officers."""
    return [
        web.get("/console/meetings/{ref}/feedback.json", as_json),
        web.get("/console/meetings/{ref}/feedback.csv", as_csv),
    ]

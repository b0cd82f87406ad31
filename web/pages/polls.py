"""Answering a poll without scripts, and what came of the polls, as files for officers."""

from aiohttp import web

from hub.domain import views
from hub.domain.commands import dispatch
from hub.domain.errors import DomainError, Invalid, NotFound, TooMany
from hub.domain.views import OptionRecord, PollsRecord
from web import language, visitors
from web.keys import DESK
from web.meetings import meeting_id
from web.pages.exports import file_response, to_csv
from web.pages.meeting import Trouble, meeting_response
from web.visitors import staff


async def vote(request: web.Request) -> web.Response:
    """Count one device's answer, or show the page again with what is wrong beside the poll."""
    desk, poll = request.app[DESK], int(request.match_info["id"])
    device = visitors.device_or_new(request)
    viewer = visitors.viewer(request, device, await meeting_id(request))
    try:
        choices = [_number(choice) for choice in (await request.post()).getall("choice", [])]
        payload = {"client_id": f"form-{desk.tokens.new()}", "poll_id": poll, "choices": choices}
        await dispatch(desk, viewer, request.match_info["ref"], "poll.vote", payload)
        place = f"{language.prefix()}/meetings/{request.match_info['ref']}#poll-{poll}"
        response = web.Response(status=303, headers={"Location": place})
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        trouble = Trouble(f"poll-{poll}", language.said(error.message))
        response = await meeting_response(request, trouble=trouble, status=error.status)
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(error.seconds)
    visitors.keep_device(request, response, device)
    return response


def _number(choice: object) -> int:
    if not (isinstance(choice, str) and choice.isdecimal() and len(choice) < 4):
        raise Invalid("Choose one from the list.", field="choices")
    return int(choice)


async def as_json(request: web.Request) -> web.Response:
    """All of it."""
    record = await _record(request)
    return file_response(record.model_dump_json(indent=1), "application/json", f"{record.meeting}-polls.json")


async def as_csv(request: web.Request) -> web.Response:
    """A line for each option."""
    record = await _record(request)
    return file_response(to_csv(OptionRecord, record.options()), "text/csv", f"{record.meeting}-polls.csv")


async def _record(request: web.Request) -> PollsRecord:
    await staff(request)
    return await views.polls_record(request.app[DESK], request.match_info["ref"])


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [web.post(r"/meetings/{ref}/polls/{id:\d{1,9}}/vote", vote)]


def routes() -> list[web.RouteDef]:
    """Addresses for officers."""
    return [
        web.get("/console/meetings/{ref}/polls.json", as_json),
        web.get("/console/meetings/{ref}/polls.csv", as_csv),
    ]

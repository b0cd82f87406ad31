"""Asking, voting, changing and taking back without scripts."""

from aiohttp import web

from hub.domain.commands import dispatch
from hub.domain.errors import DomainError, NotFound, TooMany
from web import language, visitors
from web.forms import Form, read_form
from web.keys import DESK
from web.meetings import meeting_id
from web.pages.meeting import Edited, meeting_response


async def ask(request: web.Request) -> web.Response:
    """Take a question, or show the meeting's page again with what was typed and what is wrong with it."""
    form = await read_form(request, ("text", "author", "item_id", "client_id"))
    device = visitors.device_or_new(request)
    try:
        await _submit(request, form, device)
        response = _back(request, "?asked=1#questions")
    except DomainError as error:
        if isinstance(error, NotFound) and error.field is None:
            raise
        form.blame(error, "text")
        response = await meeting_response(request, question=form, status=error.status)
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(error.seconds)
    visitors.keep_device(request, response, device)
    return response


async def vote(request: web.Request) -> web.Response:
    """Count one device's vote."""
    desk = request.app[DESK]
    device = visitors.device_or_new(request)
    question_id = int(request.match_info["id"])
    viewer = visitors.viewer(request, device, await meeting_id(request))
    payload = {"client_id": f"form-{desk.tokens.new()}", "question_id": question_id}
    await dispatch(desk, viewer, request.match_info["ref"], "question.vote", payload)
    response = _back(request, f"#question-{question_id}")
    visitors.keep_device(request, response, device)
    return response


async def edit(request: web.Request) -> web.Response:
    """Change one's own question, or show the page again with what was typed beside what is wrong with it."""
    form = await read_form(request, ("text", "author", "client_id"))
    device, number = visitors.device(request), int(request.match_info["id"])
    viewer = visitors.viewer(request, device, await meeting_id(request))
    payload = {
        "client_id": form.value("client_id")[:64] or request.app[DESK].tokens.new(),
        "question_id": number,
        "text": form.value("text"),
        "author": form.value("author"),
    }
    try:
        await dispatch(request.app[DESK], viewer, request.match_info["ref"], "question.edit", payload)
        return _back(request, f"?changed={number}#own-{number}")
    except DomainError as error:
        if isinstance(error, NotFound) and error.field is None:
            raise
        form.blame(error, "text")
        response = await meeting_response(request, edited=Edited(number, form), status=error.status)
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(error.seconds)
        return response


async def withdraw(request: web.Request) -> web.Response:
    """Take back one's own question."""
    desk = request.app[DESK]
    device = visitors.device(request)
    question_id = int(request.match_info["id"])
    viewer = visitors.viewer(request, device, await meeting_id(request))
    payload = {"client_id": f"form-{desk.tokens.new()}", "question_id": question_id}
    await dispatch(desk, viewer, request.match_info["ref"], "question.withdraw", payload)
    return _back(request, "#questions")


async def _submit(request: web.Request, form: Form, device: str) -> None:
    desk = request.app[DESK]
    payload = {
        "client_id": form.value("client_id")[:64] or desk.tokens.new(),
        "text": form.value("text"),
        "author": form.value("author"),
        "item_id": form.number("item_id"),
    }
    viewer = visitors.viewer(request, device, await meeting_id(request))
    await dispatch(desk, viewer, request.match_info["ref"], "question.submit", payload)


def _back(request: web.Request, where: str) -> web.Response:
    place = f"{language.prefix()}/meetings/{request.match_info['ref']}{where}"
    return web.Response(status=303, headers={"Location": place})


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [
        web.post("/meetings/{ref}/questions", ask),
        web.post(r"/meetings/{ref}/questions/{id:\d{1,9}}/vote", vote),
        web.post(r"/meetings/{ref}/questions/{id:\d{1,9}}/edit", edit),
        web.post(r"/meetings/{ref}/questions/{id:\d{1,9}}/withdraw", withdraw),
    ]

"""A discussion before a meeting: read it, write in it, take back what one wrote. Without scripts."""

from aiohttp import web

from hub.domain import views
from hub.domain.commands import dispatch
from hub.domain.commands.discussion import POST_CHARACTERS
from hub.domain.errors import DomainError, NotFound, TooMany
from hub.domain.services.addresses import is_proven
from hub.domain.states.post import PostState
from web import language, visitors
from web.forms import Form, read_form
from web.keys import DESK
from web.meetings import meeting_id
from web.templating import render

FIELDS = ("name", "email", "text", "client_id")


async def show(request: web.Request) -> web.Response:
    """The discussion, with the form while it is open."""
    return await _page(request, Form({"client_id": request.app[DESK].tokens.new()}))


async def write(request: web.Request) -> web.Response:
    """Take a post, or show the form again with what was typed and what is wrong with it."""
    form = await read_form(request, FIELDS)
    device = visitors.device_or_new(request)
    try:
        state = await _send(request, form, device)
        response = _back(request, f"?sent={'read' if state == PostState.PENDING else 'confirm'}#yours")
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        form.blame(error, "text")
        response = await _page(request, form, error.status)
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(error.seconds)
    visitors.keep_device(request, response, device)
    return response


async def withdraw(request: web.Request) -> web.Response:
    """Take back one's own post."""
    desk = request.app[DESK]
    viewer = visitors.viewer(request, visitors.device_or_new(request), await meeting_id(request))
    payload = {
        "client_id": f"form-{desk.tokens.new()}",
        "post_id": int(request.match_info["post"]),
        "proof": visitors.address_proof(request),
    }
    await dispatch(desk, viewer, request.match_info["ref"], "discussion.withdraw", payload)
    return _back(request, "#yours")


async def _send(request: web.Request, form: Form, device: str) -> str:
    desk = request.app[DESK]
    payload = {
        "client_id": form.value("client_id")[:64] or desk.tokens.new(),
        "topic_id": int(request.match_info["id"]),
        "name": form.value("name"),
        "email": form.value("email"),
        "text": form.value("text"),
        "proof": visitors.address_proof(request),
        "language": language.current.get(),
    }
    viewer = visitors.viewer(request, device, await meeting_id(request))
    answer = await dispatch(desk, viewer, request.match_info["ref"], "discussion.post", payload)
    return str(answer["state"])


async def _page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    desk = request.app[DESK]
    ref, number = request.match_info["ref"], int(request.match_info["id"])
    page = await views.meeting_page(desk, ref)
    topic = await views.discussion(desk, ref, number)
    device, proof = visitors.device(request), visitors.address_proof(request)
    context = {
        "meeting": page.card,
        "topic": topic,
        "item": next((item for item in page.public.agenda if item.id == topic.item_id), None),
        "form": form,
        "proven": await is_proven(desk, proof),
        "own": await views.own_posts(desk, device, proof, number),
        "post_limit": POST_CHARACTERS,
        "sent": request.query.get("sent", "") if not form.errors else "",
        "sends_mail": desk.sends_mail,
    }
    return render(request, "pages/discussion.html", context, status)


def _back(request: web.Request, where: str) -> web.Response:
    match = request.match_info
    place = f"{language.prefix()}/meetings/{match['ref']}/discussion/{match['id']}{where}"
    return web.Response(status=303, headers={"Location": place})


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    place = r"/meetings/{ref}/discussion/{id:\d{1,9}}"
    return [
        web.get(place, show),
        web.post(place, write),
        web.post(rf"{place}/posts/{{post:\d{{1,9}}}}/withdraw", withdraw),
    ]

"""Registering to speak. The personal link is in the answer to the form and nowhere else."""

from aiohttp import web

from hub.domain import views
from hub.domain.errors import DomainError, NotFound
from hub.domain.services import registration
from hub.domain.states.speaker import SpeakerState
from hub.domain.views import MeetingPage
from web import language
from web.forms import Form, read_form
from web.keys import DESK
from web.language import gettext as _
from web.meetings import public_url
from web.templating import render

FIELDS = ("name", "email", "phone", "item_id", "summary")
SUMMARY_CHARACTERS = 1000


async def ask(request: web.Request) -> web.Response:
    """The empty form; ``?item=ID`` chooses an item."""
    page = await views.meeting_page(request.app[DESK], request.match_info["ref"])
    return _form_page(request, page, Form({"item_id": request.query.get("item", "")}))


async def take(request: web.Request) -> web.Response:
    """Register, or show the form again with what was typed and what is wrong with it."""
    desk = request.app[DESK]
    ref = request.match_info["ref"]
    form = await read_form(request, FIELDS)
    try:
        registered = await registration.register(
            desk,
            ref,
            name=form.value("name"),
            email=form.value("email"),
            phone=form.value("phone"),
            item_id=form.number("item_id"),
            summary=form.value("summary"),
        )
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        form.blame(error, "name")
        page = await views.meeting_page(desk, ref)
        return _form_page(request, page, form, status=error.status)
    page = await views.meeting_page(desk, ref)
    context = {
        "meeting": page.card,
        "link": f"{public_url(request)}{language.prefix()}/speak/{registered.token}",
        "waiting": registered.state is SpeakerState.WAITING_LIST,
    }
    response = render(request, "pages/registered.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _form_page(request: web.Request, page: MeetingPage, form: Form, status: int = 200) -> web.Response:
    context = {
        "meeting": page.card,
        "form": form,
        "closed": page.registration_closed_because,
        "choices": _choices(page),
        "summary_limit": SUMMARY_CHARACTERS,
    }
    return render(request, "pages/register.html", context, status)


def _choices(page: MeetingPage) -> list[dict[str, object]]:
    """The items on which the public can speak, for radio buttons."""
    speakable = set(page.speakable_item_ids)
    items: list[dict[str, object]] = [
        {"value": str(item.id), "text": f"{item.number} {item.title}".strip()}
        for item in page.public.agenda
        if item.id in speakable
    ]
    return [
        *items,
        {"divider": _("or")},
        {"value": "", "text": _("Something else that the meeting deals with")},
    ]


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [web.get("/meetings/{ref}/register", ask), web.post("/meetings/{ref}/register", take)]

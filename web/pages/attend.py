"""Registering for a webinar: a name and an e-mail address."""

from aiohttp import web

from hub.domain import views
from hub.domain.errors import DomainError, NotFound, TooMany
from hub.domain.services.attending import attend
from hub.domain.views import MeetingPage
from web import language, visitors
from web.forms import Form, read_form
from web.keys import DESK
from web.meetings import meeting_id
from web.templating import render


def form_page(request: web.Request, page: MeetingPage, form: Form, status: int = 200) -> web.Response:
    """The form, or why there is none any more."""
    context = {"meeting": page.card, "form": form, "closed": page.registration_closed_because}
    return render(request, "pages/attend.html", context, status)


async def take(request: web.Request) -> web.Response:
    """Register, or show the form again with what was typed and what is wrong with it."""
    desk, ref = request.app[DESK], request.match_info["ref"]
    form = await read_form(request, ("name", "email"))
    device = visitors.device_or_new(request)
    viewer = visitors.viewer(request, device, await meeting_id(request))
    try:
        name, email = form.value("name"), form.value("email")
        await attend(desk, ref, viewer, name=name, email=email, language=language.current.get())
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        form.blame(error, "name")
        response = form_page(request, await views.meeting_page(desk, ref), form, error.status)
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(error.seconds)
        return response
    card = (await views.meeting_page(desk, ref)).card
    mailed = form.value("email") if desk.sends_mail else ""
    response = render(request, "pages/attending.html", {"meeting": card, "mailed_to": mailed})
    response.headers["Cache-Control"] = "no-store"
    visitors.keep_device(request, response, device)
    return response

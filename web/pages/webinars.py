"""An officer writes a webinar down."""

from datetime import datetime

from aiohttp import web

from hub.domain.errors import DomainError, Faults, Invalid
from hub.domain.local_time import LONDON
from hub.domain.services.webinars import NewWebinar, Presenter, checked_title, create_webinar
from web.forms import Form, read_form
from web.keys import DESK
from web.templating import render
from web.visitors import staff

FIELDS = ("title", "day", "time", "presenters", "programme", "client_id")


async def ask(request: web.Request) -> web.Response:
    """The empty form."""
    await staff(request)
    return _page(request, Form({"client_id": request.app[DESK].tokens.new()}))


async def create(request: web.Request) -> web.Response:
    """Make it and go to its console; what cannot be one is shown again with what is wrong."""
    officer = await staff(request)
    form = await read_form(request, FIELDS)
    desk = request.app[DESK]
    try:
        ref = await create_webinar(desk, officer, _wanted(form), form.value("client_id")[:64])
    except DomainError as error:
        for one in error.each:
            if one.field == "starts_at":
                one.field = "day"
        form.blame(error, "title")
        return _page(request, form, error.status)
    return web.Response(status=303, headers={"Location": f"/console/meetings/{ref}"})


def _wanted(form: Form) -> NewWebinar:
    """What was typed. Raises ``Invalid``, also for the title beside a day or time that is none."""
    faults = Faults()
    with faults.noted():
        return NewWebinar(
            title=form.value("title"),
            starts_at=_moment(form),
            presenters=[_presenter(line) for line in _lines(form.value("presenters"))],
            programme=_lines(form.value("programme")),
        )
    with faults.noted():
        checked_title(form.value("title"))
    raise faults.all()


def _moment(form: Form) -> datetime:
    """A day and a time of the clock on the wall."""
    faults = Faults()
    for field, words, shape in (
        ("day", "Enter a day such as 2026-11-26.", "%Y-%m-%d"),
        ("time", "Enter a time such as 18:30.", "%H:%M"),
    ):
        try:
            datetime.strptime(form.value(field), shape)  # noqa: DTZ007  (only whether it is one)
        except ValueError:
            faults.note(Invalid(words, field=field))
    faults.refuse()
    local = datetime.strptime(f"{form.value('day')} {form.value('time')}", "%Y-%m-%d %H:%M")  # noqa: DTZ007
    return local.replace(tzinfo=LONDON)


def _presenter(line: str) -> Presenter:
    """``Ann Ash, ann@example.org``; the address may be left out."""
    name, _, email = line.rpartition(",") if "@" in line else (line, "", "")
    return Presenter(name.strip(), email.strip())


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    return render(request, "pages/new_webinar.html", {"form": form}, status)


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    return [web.get("/console/webinars/new", ask), web.post("/console/webinars/new", create)]

"""“Tell me by e-mail”: when a meeting starts, when an item is next, what is new each day. Without scripts."""

from collections.abc import Awaitable

from aiohttp import web

from hub.domain import views
from hub.domain.errors import DomainError, Invalid, NotFound, TooMany
from hub.domain.services.addresses import is_proven
from hub.domain.services.following import TOPIC_CHARACTERS, Person, follow_meeting, follow_meetings
from hub.domain.views import MeetingPage
from media.caller import place_of
from web import language, visitors
from web.forms import Form, read_form
from web.keys import DESK
from web.language import gettext as _
from web.templating import render

MOST_ITEMS = 50


async def ask_of_meeting(request: web.Request) -> web.Response:
    """What of one meeting may be told; ``?item=ID`` chooses an item."""
    return await _meeting_form(request, Form(), {request.query.get("item", "start")})


async def of_meeting(request: web.Request) -> web.Response:
    """Tell what was chosen."""
    form = await read_form(request, ("email",))
    posted = [value for value in (await request.post()).getall("what", []) if isinstance(value, str)]
    chosen = set(posted[:MOST_ITEMS])
    device = visitors.device_or_new(request)
    try:
        asked = follow_meeting(
            request.app[DESK],
            request.match_info["ref"],
            _person(request, form, device),
            start="start" in chosen,
            items=_numbers(chosen),
        )
        response = await _asked(request, asked, f"/meetings/{request.match_info['ref']}/follow")
    except DomainError as error:
        response = await _meeting_form(request, _blamed(form, error), chosen, error)
    visitors.keep_device(request, response, device)
    return response


async def ask(request: web.Request) -> web.Response:
    """A daily e-mail; ``?committee=ID&topic=WORDS`` fills in the form and leads to the feeds of the same."""
    return await _form(request, Form({name: request.query.get(name, "") for name in ("committee", "topic")}))


async def daily(request: web.Request) -> web.Response:
    """Subscribe to it."""
    form = await read_form(request, ("email", "committee", "topic"))
    device = visitors.device_or_new(request)
    try:
        asked = follow_meetings(
            request.app[DESK],
            _person(request, form, device),
            committee_id=form.number("committee"),
            topic=form.value("topic"),
        )
        response = await _asked(request, asked, "/follow")
    except DomainError as error:
        response = await _form(request, _blamed(form, error), error)
    visitors.keep_device(request, response, device)
    return response


async def _asked(request: web.Request, asked: Awaitable[bool], path: str) -> web.Response:
    done = "done" if await asked else "confirm"
    place = f"{language.prefix()}{path}?asked={done}"
    return web.Response(status=303, headers={"Location": place})


def _person(request: web.Request, form: Form, device: str) -> Person:
    return Person(
        email=form.value("email"),
        proof=visitors.address_proof(request),
        language=language.current.get(),
        device=device,
        place=place_of(visitors.address(request)),
    )


def _numbers(chosen: set[str]) -> list[int]:
    numbers = chosen - {"start"}
    if not all(number.isdecimal() and len(number) < 10 for number in numbers):
        raise Invalid("Choose an item of the agenda.", field="items")
    return sorted(map(int, numbers))


def _blamed(form: Form, error: DomainError) -> Form:
    if isinstance(error, NotFound):
        raise error
    form.values.setdefault("items", "")
    form.blame(error, "email")
    return form


async def _meeting_form(
    request: web.Request, form: Form, chosen: set[str], error: DomainError | None = None
) -> web.Response:
    page = await views.meeting_page(request.app[DESK], request.match_info["ref"])
    context = {"meeting": page.card, "choices": _choices(page, chosen)}
    return await _page(request, "pages/follow_meeting.html", form, context, error)


async def _form(request: web.Request, form: Form, error: DomainError | None = None) -> web.Response:
    known = await views.committees(request.app[DESK])
    committee, topic = form.value("committee"), " ".join(form.value("topic").split())[:TOPIC_CHARACTERS]
    chosen = next((one for one in known if str(one.id) == committee), None)
    context = {
        "committees": [
            {"value": "", "text": _("All committees")},
            *({"value": str(one.id), "text": one.name, "selected": one == chosen} for one in known),
        ],
        "feeds": f"/committees/{chosen.id}" if chosen else "",
        "topic": topic,
        "topic_limit": TOPIC_CHARACTERS,
    }
    return await _page(request, "pages/follow.html", form, context, error)


async def _page(
    request: web.Request, template: str, form: Form, context: dict[str, object], error: DomainError | None
) -> web.Response:
    desk = request.app[DESK]
    context |= {
        "form": form,
        "proven": await is_proven(desk, visitors.address_proof(request)),
        "asked": request.query.get("asked", "") if error is None else "",
        "sends_mail": desk.sends_mail,
    }
    response = render(request, template, context, 200 if error is None else error.status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def _choices(page: MeetingPage, chosen: set[str]) -> list[dict[str, object]]:
    """For check boxes: the start, as long as it is to come, and the items that are."""
    items = [item for item in page.public.agenda if not item.heading and item.state == "not_started"]
    start = {"value": "start", "text": _("when the meeting starts"), "checked": "start" in chosen}
    return [
        *([start] if page.public.live_ms is None else []),
        *(
            {
                "value": str(item.id),
                "text": _("when item %(item)s is next") % {"item": f"{item.number} {item.title}".strip()},
                "checked": str(item.id) in chosen,
            }
            for item in items[:MOST_ITEMS]
        ),
    ]


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [
        web.get("/follow", ask),
        web.post("/follow", daily),
        web.get("/meetings/{ref}/follow", ask_of_meeting),
        web.post("/meetings/{ref}/follow", of_meeting),
    ]

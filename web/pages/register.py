"""Taking part by the committee's rules. The personal link is in the answer to the form and nowhere else."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from aiohttp import web

from hub.domain import views
from hub.domain.errors import DomainError, Faults, Invalid, NotFound
from hub.domain.kind import MeetingKind
from hub.domain.rules import Consent, Kind, Mode, SideName, Wish, answered
from hub.domain.services import registration
from hub.domain.services.registration import Registered
from hub.domain.states.speaker import SpeakerState
from hub.domain.views import MeetingPage
from web import language, taking_part
from web.forms import Form, read_form
from web.keys import DESK
from web.language import gettext as _
from web.meetings import public_url
from web.pages import attend
from web.templating import render

FIELDS = (
    "kind",
    "item_id",
    "side",
    "mode",
    "access_point",
    "name",
    "spokesperson_for",
    "email",
    "phone",
    "may_share",
    "summary",
    "consent",
    "text",
    "access_needs",
)
SUMMARY_CHARACTERS = 1000
Choice = TypeVar("Choice", bound=StrEnum)


async def ask(request: web.Request) -> web.Response:
    """The empty form; ``?item=ID`` chooses an item."""
    page = await views.meeting_page(request.app[DESK], request.match_info["ref"])
    if page.card.kind == MeetingKind.WEBINAR:
        return attend.form_page(request, page, Form())
    return _form_page(request, page, Form({"item_id": request.query.get("item", "")}))


async def take(request: web.Request) -> web.Response:
    """Register, or show the form again with what was typed and what is wrong with it."""
    desk = request.app[DESK]
    ref = request.match_info["ref"]
    page = await views.meeting_page(desk, ref)
    if page.card.kind == MeetingKind.WEBINAR:
        return await attend.take(request)
    form = await read_form(request, FIELDS)
    try:
        wish = _whole_wish(form, page)
        registered = await registration.register(
            desk,
            ref,
            name=form.value("name"),
            email=form.value("email"),
            phone=form.value("phone"),
            item_id=form.number("item_id"),
            summary=form.value("summary"),
            wish=wish,
            language=language.current.get(),
        )
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        form.blame(error, "name")
        page = await views.meeting_page(desk, ref)
        return _form_page(request, page, form, status=error.status)
    return _registered(request, page, registered, wish, form.value("email"))


def _registered(
    request: web.Request, page: MeetingPage, registered: Registered, wish: Wish, email: str
) -> web.Response:
    context = {
        "meeting": page.card,
        "link": f"{public_url(request)}{language.prefix()}/speak/{registered.token}",
        "code": registered.code,
        "code_page": f"{public_url(request)}{language.prefix()}/code",
        "waiting": registered.state is SpeakerState.WAITING_LIST,
        "late": registered.late,
        "written": wish.written,
        "mailed_to": email if request.app[DESK].sends_mail else "",
        "promise": taking_part.promised(registered.promise),
    }
    response = render(request, "pages/registered.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _whole_wish(form: Form, page: MeetingPage) -> Wish:
    """What was chosen. ``Invalid`` also has what is wrong with the rest of the form."""
    faults = Faults()
    with faults.noted():
        return _wish(form, page)
    with faults.noted():
        registration.check_person(
            form.value("name"), form.value("email"), form.value("phone"), form.value("summary")
        )
    raise faults.all()


def _wish(form: Form, page: MeetingPage) -> Wish:
    """What was chosen; where there was no choice, what there is. ``Invalid``: something not on the list."""
    rules = page.rules
    kind = _chosen(form, "kind", Kind)
    if kind is None:
        if len(page.offered) > 1:
            raise Invalid("Choose what you want to do.", field="kind")
        kind = page.offered[0].kind if page.offered else Kind.SPEAK
    mode, consent = answered(rules, kind, _chosen(form, "mode", Mode), _chosen(form, "consent", Consent))
    points = rules.access_points
    point = form.value("access_point") or (points[0] if len(points) == 1 else "")
    return Wish(
        kind=kind,
        side=_chosen(form, "side", SideName),
        mode=mode,
        access_point=point if mode is Mode.ACCESS_POINT else "",
        consent=consent,
        text=form.value("text"),
        access_needs=form.value("access_needs"),
        spokesperson_for=form.value("spokesperson_for") if rules.spokesperson else "",
        may_share=rules.share_contacts and form.value("may_share") == "yes",
    )


def _chosen(form: Form, field: str, kind: type[Choice]) -> Choice | None:
    value = form.value(field)
    if not value:
        return None
    try:
        return kind(value)
    except ValueError:
        raise Invalid("Choose one from the list.", field=field) from None


def _form_page(request: web.Request, page: MeetingPage, form: Form, status: int = 200) -> web.Response:
    rules = page.rules
    offered = {one.kind for one in page.offered}
    contributions = {kind: rules.contributions[kind] for kind in rules.contributions if kind in offered}
    known_modes = dict.fromkeys(mode for one in contributions.values() for mode in one.modes)
    limits = {one.words_at_most for one in contributions.values() if one.words_at_most}
    own, local = taking_part.own_words(rules)
    context = {
        "meeting": page.card,
        "form": form,
        "closed": page.registration_closed_because,
        "rules": rules,
        "deadlines": taking_part.deadlines(page),
        "facts": list(taking_part.facts(rules, page)),
        "own_words": own,
        "own_words_local": local,
        "kinds": _radios(taking_part.kinds(), contributions),
        "choices": _choices(page),
        "sides": _radios(taking_part.sides(), [side.name for side in rules.sides]),
        "modes": _radios(taking_part.modes(), known_modes),
        "points": [{"value": point, "text": point} for point in rules.access_points],
        "consents": _radios(taking_part.consents(), rules.consents),
        "asks_text": _asks_text(page),
        "words_at_most": max(limits, default=None),
        "summary_limit": SUMMARY_CHARACTERS,
        "speaks": Kind.SPEAK in offered or Kind.QUESTION in offered,
    }
    return render(request, "pages/register.html", context, status)


def _asks_text(page: MeetingPage) -> bool:
    rules = page.rules
    written = any(
        one.kind is Kind.STATEMENT or rules.contributions[one.kind].in_writing for one in page.offered
    )
    return written or Consent.READ_OUT in rules.consents


def _radios(words: Mapping[Choice, str], wanted: Iterable[Choice]) -> list[dict[str, str]]:
    return [{"value": str(one), "text": words[one]} for one in wanted]


def _choices(page: MeetingPage) -> list[dict[str, object]]:
    """The items on which the public can speak, for radio buttons."""
    speakable = set(page.speakable_item_ids)
    items: list[dict[str, object]] = [
        {"value": str(item.id), "text": f"{item.number} {item.title}".strip()}
        for item in page.public.agenda
        if item.id in speakable
    ]
    if page.rules.needs_item:
        return items
    return [
        *items,
        {"divider": _("or")},
        {"value": "", "text": _("Something else that the meeting deals with")},
    ]


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [web.get("/meetings/{ref}/register", ask), web.post("/meetings/{ref}/register", take)]

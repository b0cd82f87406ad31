"""Meetings for other programs. Everything here is public but the checklist and making one."""

from typing import Literal

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from hub.domain import views
from hub.domain.errors import Invalid
from hub.domain.services.webinars import NewWebinar, Presenter, create_webinar
from hub.domain.snapshots import Snapshot
from hub.domain.views import MeetingCard, MeetingPage
from web.keys import DESK
from web.meetings import page_number, public_url
from web.visitors import staff

CORS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=5"}


class MeetingEntry(Snapshot):
    """A meeting in the list, with the address of its page."""

    meeting: MeetingCard
    url: str


class MeetingCatalogue(Snapshot):
    """One page of all meetings, the newest first."""

    meetings: list[MeetingEntry]
    total: int
    """Of all pages."""
    next_url: str
    """The next page; "" on the last."""


class MeetingDetail(Snapshot):
    """One meeting whole, with the addresses of what can be played."""

    meeting: MeetingPage
    url: str
    state_url: str
    hls_url: str
    whep_url: str


async def catalogue(request: web.Request) -> web.Response:
    """The list, page by page."""
    base = public_url(request)
    found = await views.find_meetings(request.app[DESK], page=page_number(request))
    entries = [MeetingEntry(meeting=card, url=f"{base}/meetings/{card.ref}") for card in found.meetings]
    after = f"{base}/api/v1/meetings?page={found.page + 1}" if found.more else ""
    return _json(MeetingCatalogue(meetings=entries, total=found.total, next_url=after))


class NewPresenter(BaseModel):
    """Who is invited to speak."""

    name: str
    email: str = ""


class NewMeeting(BaseModel):
    """A webinar to be made; other meetings come from the agenda system."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["webinar"]
    title: str = Field(max_length=20_000)
    starts_at: AwareDatetime
    presenters: list[NewPresenter] = Field(default=[], max_length=100)
    programme: list[str] = Field(default=[], max_length=100)
    client_id: str = Field(min_length=1, max_length=64)


class Made(Snapshot):
    """Where it is."""

    ref: str
    url: str


async def create(request: web.Request) -> web.Response:
    """Make a webinar. For officers; the same ``client_id`` again makes no second one."""
    officer = await staff(request)
    try:
        wanted = NewMeeting.model_validate_json(await request.read())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0]) if first["loc"] else "payload"
        raise Invalid(f"{field}: {first['msg']}.", field=field) from None
    webinar = NewWebinar(
        title=wanted.title,
        starts_at=wanted.starts_at,
        presenters=[Presenter(one.name, one.email) for one in wanted.presenters],
        programme=wanted.programme,
    )
    ref = await create_webinar(request.app[DESK], officer, webinar, wanted.client_id)
    made = Made(ref=ref, url=f"{public_url(request)}/meetings/{ref}")
    return web.Response(status=201, text=made.model_dump_json(), content_type="application/json")


async def detail(request: web.Request) -> web.Response:
    """One meeting."""
    page = without_exempt(await views.meeting_page(request.app[DESK], request.match_info["ref"]))
    url = f"{public_url(request)}/meetings/{page.card.ref}"
    return _json(
        MeetingDetail(
            meeting=page,
            url=url,
            state_url=f"{url}/state.json",
            hls_url=f"{url}/hls/main.m3u8",
            whep_url=f"{url}/whep",
        )
    )


async def checklist(request: web.Request) -> web.Response:
    """How a meeting stands before it goes live. For officers."""
    await staff(request)
    found = await views.checklist(request.app[DESK], request.match_info["ref"])
    headers = {"Cache-Control": "no-store"}
    return web.Response(text=found.model_dump_json(), content_type="application/json", headers=headers)


def without_exempt(page: MeetingPage) -> MeetingPage:
    """The page with nothing of its restricted items but number, published title and state."""
    nothing = {"text_html": "", "minutes_html": "", "decision_html": "", "documents": []}
    items = [entry.model_copy(update=nothing) if entry.item.restricted else entry for entry in page.items]
    return page.model_copy(update={"items": items})


def _json(model: BaseModel) -> web.Response:
    return web.Response(text=model.model_dump_json(), content_type="application/json", headers=CORS)


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    return [
        web.get("/api/v1/meetings", catalogue),
        web.post("/api/v1/meetings", create),
        web.get("/api/v1/meetings/{ref}", detail),
        web.get("/api/v1/meetings/{ref}/checklist", checklist),
    ]

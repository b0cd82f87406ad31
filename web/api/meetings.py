"""Meetings for other programs. Everything here is public but the checklist."""

from aiohttp import web
from pydantic import BaseModel

from hub.domain import views
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
        web.get("/api/v1/meetings/{ref}", detail),
        web.get("/api/v1/meetings/{ref}/checklist", checklist),
    ]

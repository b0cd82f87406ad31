"""The first page: live now, coming up, recently recorded, and a search by name."""

from aiohttp import web

from hub.domain import views
from web.keys import DESK
from web.templating import render
from web.visitors import staff_or_none

QUERY_LONGEST = 100


async def home(request: web.Request) -> web.Response:
    """With ``?q=`` the meetings that have all its words in their name."""
    await staff_or_none(request)
    query = " ".join(request.query.get("q", "").split())[:QUERY_LONGEST]
    if query:
        return render(request, "pages/home.html", {"query": query, "found": await _search(request, query)})
    lists = await views.list_meetings(request.app[DESK])
    return render(request, "pages/home.html", {"query": "", "lists": lists})


async def _search(request: web.Request, query: str) -> list[views.MeetingCard]:
    words = query.casefold().split()
    every = await views.list_all_meetings(request.app[DESK])
    return [
        meeting
        for meeting in every
        if all(word in f"{meeting.title} {meeting.committee}".casefold() for word in words)
    ]


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [web.get("/", home)]

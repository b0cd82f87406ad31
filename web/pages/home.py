"""The first page: live now, coming up, recently recorded, and a search by name."""

from aiohttp import web

from hub.domain import views
from web.keys import DESK
from web.meetings import page_number
from web.templating import render
from web.visitors import staff_or_none

QUERY_LONGEST = 100


async def home(request: web.Request) -> web.Response:
    """With ``?q=`` the meetings with all its words in their name; with ``?page=`` alone, all meetings."""
    await staff_or_none(request)
    query = " ".join(request.query.get("q", "").split())[:QUERY_LONGEST]
    if query or "page" in request.query:
        found = await views.find_meetings(request.app[DESK], query.split(), page_number(request))
        return render(request, "pages/home.html", {"query": query, "found": found})
    lists = await views.list_meetings(request.app[DESK])
    return render(request, "pages/home.html", {"query": "", "lists": lists})


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [web.get("/", home)]

"""Recordings as a feed, of the council or of one committee."""

import asyncio

from aiohttp import hdrs, web

from hub.domain import views
from hub.domain.views import PublishedRecording
from recordings.download import downloads
from web import rss
from web.keys import DESK, SITE
from web.language import day_in_words
from web.meetings import public_url
from web.recorded import recorded


async def all_recordings(request: web.Request) -> web.Response:
    """Of the whole council."""
    council = request.app[SITE].council
    return await _answer(request, f"Meetings of {council}", await views.recordings(request.app[DESK]))


async def of_committee(request: web.Request) -> web.Response:
    """Of one committee."""
    desk, number = request.app[DESK], int(request.match_info["id"])
    name = await views.committee_name(desk, number)
    title = f"{name}, {request.app[SITE].council}"
    return await _answer(request, title, await views.recordings(desk, committee_id=number))


async def _answer(request: web.Request, title: str, published: list[PublishedRecording]) -> web.Response:
    base = public_url(request)
    items = [item for one in published if (item := await _item(request, one, base)) is not None]
    description = "Recordings of council meetings, with a chapter for each item of the agenda."
    body = rss.feed(title, f"{base}/", f"{base}{request.path}", description, items)
    return web.Response(
        body=body,
        content_type="application/rss+xml",
        charset="utf-8",
        headers={hdrs.CACHE_CONTROL: "public, max-age=300", "Access-Control-Allow-Origin": "*"},
    )


async def _item(request: web.Request, one: PublishedRecording, base: str) -> rss.Item | None:
    """None for a meeting of which nothing was recorded."""
    found = await recorded(request, one.ref)
    if found is None:
        return None
    files = await asyncio.to_thread(downloads, found.directory, one.ref)
    page = f"{base}/meetings/{one.ref}"
    chapters = found.chapters(one.index)
    return rss.Item(
        title=f"{one.title}, {day_in_words(one.starts_at)}",
        url=page,
        published=one.ended_at,
        description="\n".join(chapter.label for chapter in chapters) or one.title,
        media=f"{page}/recording.mp4",
        media_bytes=files[0].size,
        chapters=[rss.Mark(mark.start, mark.label, f"{page}?item={mark.id}") for mark in chapters],
    )


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    return [
        web.get("/feed.xml", all_recordings),
        web.get(r"/committees/{id:\d{1,9}}/feed.xml", of_committee),
    ]

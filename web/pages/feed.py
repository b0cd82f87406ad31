"""Recordings and coming meetings as feeds, of the council, of one committee, and on a topic."""

import asyncio

from aiohttp import hdrs, web

from hub.domain import views
from hub.domain.views import PlannedMeeting, PublishedRecording
from recordings.download import downloads
from web import rss
from web.keys import DESK, SITE
from web.language import day_in_words
from web.meetings import public_url, topic_of
from web.recorded import recorded


async def all_recordings(request: web.Request) -> web.Response:
    """Of the whole council."""
    council = request.app[SITE].council
    return await _answer(
        request, f"Meetings of {council}", await views.recordings(request.app[DESK], topic=topic_of(request))
    )


async def of_committee(request: web.Request) -> web.Response:
    """Of one committee."""
    desk, number = request.app[DESK], int(request.match_info["id"])
    name = await views.committee_name(desk, number)
    title = f"{name}, {request.app[SITE].council}"
    return await _answer(request, title, await views.recordings(desk, number, topic_of(request)))


async def all_planned(request: web.Request) -> web.Response:
    """Meetings to come, of the whole council."""
    council = request.app[SITE].council
    meetings = await views.planned(request.app[DESK], topic=topic_of(request))
    return _planned(request, f"Coming meetings of {council}", meetings)


async def planned_of_committee(request: web.Request) -> web.Response:
    """The same of one committee."""
    desk, number = request.app[DESK], int(request.match_info["id"])
    name = await views.committee_name(desk, number)
    meetings = await views.planned(desk, number, topic_of(request))
    return _planned(request, f"Coming meetings of {name}, {request.app[SITE].council}", meetings)


def _planned(request: web.Request, title: str, meetings: list[PlannedMeeting]) -> web.Response:
    page = f"{public_url(request)}/meetings"
    items = [
        rss.Item(
            title=f"{one.title}, {day_in_words(one.starts_at)}",
            url=f"{page}/{one.ref}",
            published=one.changed_at,
            description="\n".join(filter(None, (one.agenda_status, one.location, *one.titles))),
        )
        for one in meetings
    ]
    return _feed(request, title, "Council meetings to come, with their agendas.", items)


async def _answer(request: web.Request, title: str, published: list[PublishedRecording]) -> web.Response:
    base = public_url(request)
    items = [item for one in published if (item := await _item(request, one, base)) is not None]
    description = "Recordings of council meetings, with a chapter for each item of the agenda."
    return _feed(request, title, description, items)


def _feed(request: web.Request, title: str, description: str, items: list[rss.Item]) -> web.Response:
    base = public_url(request)
    body = rss.feed(title, f"{base}/", f"{base}{request.path_qs}", description, items)
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
        web.get("/meetings.xml", all_planned),
        web.get(r"/committees/{id:\d{1,9}}/meetings.xml", planned_of_committee),
    ]

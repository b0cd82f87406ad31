"""Meetings and the deadlines for taking part, for everybody's own calendar."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from hub.domain import views
from hub.domain.errors import NotFound
from hub.domain.rules import Kind
from hub.domain.views import CalendarMeeting
from web import ical
from web.keys import DESK, SITE
from web.meetings import public_url, topic_of

SHOWN = timedelta(hours=2)
"""Nobody knows how long a council meets."""
_CANCELLED = ("cancel", "postponed", "withdrawn")
_TENTATIVE = ("provisional", "draft", "tentative")
_LAST_TIME = {
    Kind.SPEAK: "Last time to register to speak: {title}",
    Kind.QUESTION: "Last time to send a question: {title}",
    Kind.STATEMENT: "Last time to send a statement: {title}",
    Kind.VIDEO: "Last time to send a video: {title}",
}


async def all_meetings(request: web.Request) -> web.Response:
    """Of the whole council."""
    return _answer(
        request, request.app[SITE].council, await views.calendar(request.app[DESK], topic=topic_of(request))
    )


async def of_committee(request: web.Request) -> web.Response:
    """Of one committee."""
    desk, number = request.app[DESK], int(request.match_info["id"])
    name = await views.committee_name(desk, number)
    meetings = await views.calendar(desk, committee_id=number, topic=topic_of(request))
    return _answer(request, f"{name}, {request.app[SITE].council}", meetings)


async def of_meeting(request: web.Request) -> web.Response:
    """One meeting."""
    found = await views.calendar(request.app[DESK], ref=request.match_info["ref"])
    if not found:
        raise NotFound("There is no such meeting.")
    return _answer(request, found[0].title, found)


def _answer(request: web.Request, name: str, meetings: list[CalendarMeeting]) -> web.Response:
    base = public_url(request)
    entries = [entry for meeting in meetings for entry in entries_of(meeting, base)]
    return web.Response(
        text=ical.calendar(name, "en", entries),
        content_type="text/calendar",
        charset="utf-8",
        headers={hdrs.CACHE_CONTROL: "public, max-age=300", "Access-Control-Allow-Origin": "*"},
    )


def entries_of(meeting: CalendarMeeting, base: str) -> Iterator[ical.Entry]:
    """The meeting, and one entry for each deadline before it."""
    host = urlsplit(base).hostname or "localhost"
    page = f"{base}/meetings/{meeting.ref}"
    status = status_of(meeting)
    yield ical.Entry(
        uid=f"{meeting.ref}@{host}",
        sequence=meeting.version,
        stamped=meeting.changed_at,
        starts=meeting.starts_at,
        ends=meeting.ended_at or meeting.starts_at + SHOWN,
        summary=meeting.title,
        description=f"Watch it live or later, with the agenda: {page}",
        url=page,
        status=status,
        location=meeting.location,
    )
    for deadline in meeting.deadlines:
        if deadline.at >= meeting.starts_at:
            continue
        yield ical.Entry(
            uid=f"{meeting.ref}-{deadline.kind}@{host}",
            sequence=meeting.version,
            stamped=meeting.changed_at,
            starts=deadline.at,
            ends=None,
            summary=_LAST_TIME[deadline.kind].format(title=meeting.title),
            description=f"Register here: {page}/register",
            url=f"{page}/register",
            status=status,
            busy=False,
            reminder_hours=24,
        )


def status_of(meeting: CalendarMeeting) -> str:
    """In the words of RFC 5545."""
    said = meeting.agenda_status.lower()
    if any(word in said for word in _CANCELLED):
        return "CANCELLED"
    return "TENTATIVE" if any(word in said for word in _TENTATIVE) else "CONFIRMED"


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    return [
        web.get("/calendar.ics", all_meetings),
        web.get(r"/committees/{id:\d{1,9}}/calendar.ics", of_committee),
        web.get("/meetings/{ref}/calendar.ics", of_meeting),
    ]

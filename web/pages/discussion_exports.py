"""Discussions before a meeting and their moderation log, for the council's own records. For officers only."""

from aiohttp import web

from hub.domain import views
from hub.domain.views import DecisionRecord, DiscussionsRecord, PostRecord
from web.keys import DESK
from web.pages.exports import file_response, to_csv
from web.visitors import staff


async def as_json(request: web.Request) -> web.Response:
    """All of it."""
    record = await _record(request)
    return file_response(
        record.model_dump_json(indent=1), "application/json", f"{record.meeting}-discussion.json"
    )


async def posts_csv(request: web.Request) -> web.Response:
    """What was written, for a spreadsheet."""
    record = await _record(request)
    return file_response(to_csv(PostRecord, record.posts), "text/csv", f"{record.meeting}-discussion.csv")


async def log_csv(request: web.Request) -> web.Response:
    """Who decided what, when and why."""
    record = await _record(request)
    return file_response(
        to_csv(DecisionRecord, record.log), "text/csv", f"{record.meeting}-discussion-log.csv"
    )


async def _record(request: web.Request) -> DiscussionsRecord:
    await staff(request)
    return await views.discussions_record(request.app[DESK], request.match_info["ref"])


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    return [
        web.get("/console/meetings/{ref}/discussion.json", as_json),
        web.get("/console/meetings/{ref}/discussion.csv", posts_csv),
        web.get("/console/meetings/{ref}/discussion-log.csv", log_csv),
    ]

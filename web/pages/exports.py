"""Questions, answers, the moderation log and notes, for the council's own records. For officers only."""

import csv
import io
from collections.abc import Sequence

from aiohttp import hdrs, web

from hub.domain import views
from hub.domain.snapshots import Snapshot
from hub.domain.views import DecisionRecord, NoteRecord, QuestionRecord, QuestionsRecord
from web.keys import DESK
from web.visitors import staff

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would carry out."""


async def as_json(request: web.Request) -> web.Response:
    """All of it."""
    record = await _record(request)
    return file_response(
        record.model_dump_json(indent=1), "application/json", f"{record.meeting}-questions.json"
    )


async def questions_csv(request: web.Request) -> web.Response:
    """Questions and answers, for a spreadsheet."""
    record = await _record(request)
    return file_response(
        to_csv(QuestionRecord, record.questions), "text/csv", f"{record.meeting}-questions.csv"
    )


async def log_csv(request: web.Request) -> web.Response:
    """Who decided what, when and why."""
    record = await _record(request)
    return file_response(to_csv(DecisionRecord, record.log), "text/csv", f"{record.meeting}-moderation.csv")


async def notes_csv(request: web.Request) -> web.Response:
    """Notes for the minutes."""
    await staff(request)
    ref = request.match_info["ref"]
    notes = await views.notes_record(request.app[DESK], ref)
    return file_response(to_csv(NoteRecord, notes), "text/csv", f"{ref}-notes.csv")


def to_csv(model: type[Snapshot], rows: Sequence[Snapshot]) -> str:
    """A table with the model's fields (RFC 4180). Nothing in it is a formula to a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(model.model_fields)
    for row in rows:
        writer.writerow(_cell(value) for value in row.model_dump(mode="json").values())
    return text.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


async def _record(request: web.Request) -> QuestionsRecord:
    await staff(request)
    return await views.questions_record(request.app[DESK], request.match_info["ref"])


def file_response(text: str, kind: str, name: str) -> web.Response:
    """A download, which no cache keeps."""
    return web.Response(
        text=text,
        content_type=kind,
        charset="utf-8",
        headers={
            hdrs.CACHE_CONTROL: "no-store",
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"',
        },
    )


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    return [
        web.get("/console/meetings/{ref}/questions.json", as_json),
        web.get("/console/meetings/{ref}/questions.csv", questions_csv),
        web.get("/console/meetings/{ref}/moderation.csv", log_csv),
        web.get("/console/meetings/{ref}/notes.csv", notes_csv),
    ]

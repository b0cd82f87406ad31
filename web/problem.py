"""Refusals for programs: problem details (RFC 9457)."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

PROBLEM = "application/problem+json"


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    field: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """An answer with a stable ``code`` for programs and a sentence, ``detail``, for people."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if field is not None:
        body["field"] = field
    return web.Response(
        status=status, text=json.dumps(body), content_type=PROBLEM, headers=dict(headers) if headers else None
    )


def wants_problem(request: web.Request) -> bool:
    """Whether whoever asks is a program: the JSON API, WHIP, WHEP, captions and every ``.json``."""
    path = request.path
    if path.startswith(("/api/", "/whip/", "/captions/", "/oembed")) or path.endswith(".json"):
        return True
    return "whep" in path.split("/")[3:4]

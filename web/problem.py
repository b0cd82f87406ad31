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


def open_to_all(path: str) -> bool:
    """Whether this is for programs anywhere: WHIP, WHEP and captioners."""
    return path.startswith(("/whip/", "/captions/")) or "whep" in path.split("/")[3:4]


def wants_problem(request: web.Request) -> bool:
    """Whether whoever asks is a program: one from anywhere, the JSON API and every ``.json``."""
    path = request.path
    return open_to_all(path) or path.startswith(("/api/", "/oembed")) or path.endswith(".json")

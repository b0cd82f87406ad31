"""The OpenAPI description, generated from the models that the answers are made of."""

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from hub.domain.commands import COMMANDS
from hub.domain.people import Staff
from hub.domain.snapshots import Checklist, PublicSnapshot
from web.api.meetings import Made, MeetingCatalogue, MeetingDetail, NewMeeting
from web.keys import SITE
from web.meetings import public_url

Json = dict[str, object]

PAGE: Json = {
    "name": "page",
    "in": "query",
    "description": "Counts from 1; 50 meetings on each.",
    "schema": {"type": "integer", "minimum": 1, "default": 1},
}


class Problem(BaseModel):
    """A refusal (RFC 9457). ``code`` is stable, ``detail`` is a sentence for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None


async def openapi(request: web.Request) -> web.Response:
    """The description of this very site."""
    document = describe(request.app[SITE].council, public_url(request))
    return web.json_response(
        document, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"}
    )


def describe(council: str, base: str) -> Json:
    """The OpenAPI 3.1 document."""
    commands = {name: spec for name, spec in sorted(COMMANDS.items()) if spec.actor is Staff}
    models: list[type[BaseModel]] = [MeetingCatalogue, MeetingDetail, PublicSnapshot, Checklist]
    models += [NewMeeting, Made, Problem]
    models += dict.fromkeys(spec.args for spec in commands.values())
    names, definitions = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    refs: dict[type[BaseModel], Json] = {model: dict(names[model, "validation"]) for model in models}
    paths: Json = {
        "/api/v1/meetings": _reading("All meetings, the newest first", refs[MeetingCatalogue], [PAGE])
        | _making("Make a webinar", refs[NewMeeting], refs[Made]),
        "/api/v1/meetings/{ref}": _reading("One meeting", refs[MeetingDetail], _ref_parameter()),
        "/api/v1/meetings/{ref}/checklist": _reading(
            "How it stands before it goes live", refs[Checklist], _ref_parameter(), security=[{"staff": []}]
        ),
        "/meetings/{ref}/state.json": _reading("The meeting now", refs[PublicSnapshot], _ref_parameter()),
    }
    for name, spec in commands.items():
        summary = (spec.run.__doc__ or name).strip().splitlines()[0]
        paths[f"/api/v1/meetings/{{ref}}/commands/{name}"] = _command(name, summary, refs[spec.args])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Meetings of {council}",
            "version": "1",
            "description": "Anybody can read meetings. Commands need an officer's session cookie.",
        },
        "servers": [{"url": base}],
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "responses": {
                "Problem": {"description": "Refused", "content": _content(refs[Problem], problem=True)}
            },
            "securitySchemes": {"staff": {"type": "apiKey", "in": "cookie", "name": "moothall_staff"}},
        },
    }


def _content(schema: Json, *, problem: bool = False) -> Json:
    return {"application/problem+json" if problem else "application/json": {"schema": schema}}


def _responses(schema: Json) -> Json:
    return {
        "200": {"description": "Done", "content": _content(schema)},
        "default": {"$ref": "#/components/responses/Problem"},
    }


def _ref_parameter() -> list[Json]:
    return [{"name": "ref", "in": "path", "required": True, "schema": {"type": "string"}}]


def _reading(summary: str, schema: Json, parameters: list[Json], **more: object) -> Json:
    return {"get": {"summary": summary, "parameters": parameters, "responses": _responses(schema), **more}}


def _making(summary: str, args: Json, made: Json) -> Json:
    return {
        "post": {
            "summary": summary,
            "security": [{"staff": []}],
            "requestBody": {"required": True, "content": _content(args)},
            "responses": {
                "201": {"description": "Made", "content": _content(made)},
                "default": {"$ref": "#/components/responses/Problem"},
            },
        }
    }


def _command(name: str, summary: str, args: Json) -> Json:
    answer: Json = {"type": "object", "properties": {"ok": {"const": True}}, "required": ["ok"]}
    return {
        "post": {
            "operationId": name,
            "summary": summary,
            "security": [{"staff": []}],
            "parameters": _ref_parameter(),
            "requestBody": {"required": True, "content": _content(args)},
            "responses": _responses(answer),
        }
    }


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    return [web.get("/api/v1/openapi.json", openapi)]

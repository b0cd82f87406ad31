"""Jinja: the environment of every page, and ``render``."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache

import aiohttp_jinja2
import jinja2
from aiohttp import web
from markupsafe import Markup

from web import language
from web.assets import Assets
from web.keys import SITE
from web.timetable import expected_about
from web.visitors import known_staff

ASSETS: web.AppKey[Assets] = web.AppKey("assets", Assets)
LOCALISED: web.AppKey[frozenset[str]] = web.AppKey("localised", frozenset)
"""The paths of pages that exist in every language and can be looked at."""

_LOADER = jinja2.ChoiceLoader(
    [
        jinja2.PackageLoader("web", "templates"),
        jinja2.PrefixLoader({"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")}),
    ]
)


def _head_script_hash() -> str:
    """The hash of the one inline script: the GOV.UK template's, which tells the styles that scripts run."""
    environment = jinja2.Environment(loader=_LOADER, autoescape=True)
    source = _LOADER.get_source(environment, "govuk_frontend_jinja/template.html")[0]
    script = re.search(r"<script[^>]*>(.+?)</script>", source, re.DOTALL)
    if script is None:
        raise ValueError("the GOV.UK page template has no inline script any more")
    return "sha256-" + base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()


HEAD_SCRIPT_HASH = _head_script_hash()


def set_up(app: web.Application, assets: Assets) -> None:
    """Give ``app`` its templates."""
    app[ASSETS] = assets
    app[aiohttp_jinja2.APP_KEY] = _environment()


@cache
def _environment() -> jinja2.Environment:
    """One for the process: a template takes longer to translate into Python than to fill in."""
    environment = jinja2.Environment(
        loader=_LOADER,
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        language.gettext, language.ngettext, newstyle=True
    )
    environment.globals.update(prefix=language.prefix, source_lang=source_lang, expected_about=expected_about)
    environment.filters.update(
        day=language.day_in_words,
        clock=language.time_of_day,
        position=language.clock_position,
        moment=language.moment_of,
        page_data=page_data,
        said=said,
    )
    return environment


def source_lang() -> Markup:
    """For an element whose text came to us in English, on a page in another language (WCAG 3.1.2)."""
    return Markup("") if language.current.get() == language.SOURCE else Markup(' lang="en"')


def said(sentence: str) -> Markup:
    """A sentence of the domain; one that nobody translated is marked as English."""
    if language.is_said(sentence):
        return Markup.escape(language.said(sentence))
    return Markup('<span lang="en">{}</span>').format(sentence)


def page_data(data: Mapping[str, object]) -> Markup:
    """JSON that cannot end the ``<script>`` element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  every character that HTML could read is escaped above


def _other_languages(request: web.Request) -> list[dict[str, str]]:
    """The same page in the other languages; the home page, where it has no other."""
    resource = request.match_info.route.resource
    here = resource is not None and language.without_prefix(resource.canonical) in request.app[LOCALISED]
    path = language.without_prefix(request.path) if here else "/"
    query = f"?{request.query_string}" if here and request.query_string and request.method == "GET" else ""
    return [
        {"tag": tag, "name": language.NAMES[tag], "href": f"{language.prefix(tag)}{path}{query}"}
        for tag in language.LANGUAGES
        if tag != language.current.get()
    ]


def render(
    request: web.Request, template: str, context: Mapping[str, object] | None = None, status: int = 200
) -> web.Response:
    """The page ``template``. Only the reader's own browser keeps it: it may show who is signed in."""
    response = aiohttp_jinja2.render_template(
        template,
        request,
        {
            "site": request.app[SITE],
            "asset": request.app[ASSETS].url,
            "staff": known_staff(request),
            "lang": language.current.get(),
            "languages": _other_languages(request),
            "path": request.path,
            **(context or {}),
        },
        status=status,
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response

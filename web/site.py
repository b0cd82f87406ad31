"""Puts the whole site on an application."""

from collections.abc import Iterable

from aiohttp import web

from media.attempts import Attempts
from media.clock import Clock, SystemClock
from web.api import commands as api_commands
from web.api import meetings as api_meetings
from web.api import openapi, presentation
from web.assets import Assets
from web.keys import WRONG, WrongAttempts
from web.language import LANGUAGES, SOURCE
from web.live import captions, hls, limits, whep, whip
from web.live.exchange import open_cors
from web.live.origin import let_go, origins
from web.middleware.errors import explain_errors
from web.middleware.headers import secure
from web.middleware.language import choose_language
from web.middleware.origin import refuse_cross_site
from web.pages import (
    address,
    calendar,
    code,
    console,
    discussion,
    discussion_exports,
    embed,
    exports,
    feed,
    feedback,
    files,
    following,
    health,
    hearing,
    home,
    lost_link,
    meeting,
    pictures,
    polls,
    questions,
    raised_hands,
    register,
    sign_in,
    speak,
    state,
    stop,
    webinars,
    word_list,
    words,
)
from web.recorded import RECORDINGS, Recordings
from web.templating import LOCALISED as LOCALISED_PATHS
from web.templating import set_up

LOCALISED = (
    address,
    code,
    discussion,
    embed,
    feedback,
    following,
    hearing,
    home,
    lost_link,
    meeting,
    polls,
    questions,
    raised_hands,
    register,
    speak,
    stop,
    words,
)
"""Pages that exist in every language, each under its prefix."""

ROUTED = (
    captions,
    hls,
    api_commands,
    api_meetings,
    openapi,
    presentation,
    whep,
    whip,
    calendar,
    console,
    discussion_exports,
    embed,
    exports,
    feed,
    feedback,
    files,
    health,
    pictures,
    polls,
    sign_in,
    state,
    webinars,
    word_list,
    words,
)


def add_site(app: web.Application, assets: Assets | None = None, clock: Clock | None = None) -> None:
    """Register routes, middlewares, templates and clean-up.

    ``app`` must get ``DESK``, ``ENGINE`` and ``SITE`` before it starts. Middlewares are put before those it
    has, so that their refusals are explained too.
    """
    built, clock = assets or Assets(), clock or SystemClock()
    set_up(app, built)
    app[RECORDINGS] = Recordings()
    app[LOCALISED_PATHS] = frozenset(route.path for route in _under("", LOCALISED) if route.method == "GET")
    app[code.CODES] = Attempts(clock, every=30.0)
    app[lost_link.LOST] = Attempts(clock, every=30.0)
    app[WRONG] = WrongAttempts(
        stream_keys=Attempts(clock),
        sign_in_links=Attempts(clock),
        offers=Attempts(clock, burst=limits.BURST, every=limits.EVERY_SECONDS),
        sessions=Attempts(clock, burst=limits.BURST, every=limits.EVERY_SECONDS),
    )
    for middleware in (refuse_cross_site, explain_errors, choose_language):
        app.middlewares.insert(0, middleware)
    app.on_response_prepare.append(secure)
    app.on_response_prepare.append(open_cors)
    app.cleanup_ctx.append(origins)
    app.on_shutdown.append(let_go)
    for module in ROUTED:
        app.add_routes(module.routes())
    for language in LANGUAGES:
        app.add_routes(_under("" if language == SOURCE else f"/{language}", LOCALISED))
    app.add_routes(files.static(built))


def _under(prefix: str, modules: Iterable[object]) -> list[web.RouteDef]:
    return [
        web.RouteDef(route.method, prefix + route.path, route.handler, route.kwargs)
        for module in modules
        for route in module.localised()  # type: ignore[attr-defined]
    ]

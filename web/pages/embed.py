"""The player for other sites: a page that may be framed and keeps nothing in the browser; and oEmbed."""

import html
import re
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import hdrs, web

from hub.domain import views
from hub.domain.errors import Invalid, NotFound
from web import language
from web.keys import DESK, SITE
from web.meetings import phase_of, public_url
from web.middleware.headers import policy
from web.pages.meeting import moments_of, player_data, start_of
from web.templating import render

WIDTH, HEIGHT = 640, 420
"""The picture, and the bar and the line under it."""
NARROWEST, SHORTEST = 240, 200
_PAGE = re.compile(r"(?:/(?P<language>cy))?/meetings/(?P<ref>[^/]+)(?:/embed)?/?")
CACHE_SECONDS = 300


async def embed(request: web.Request) -> web.Response:
    """One meeting's player. ``?t=`` and ``?item=`` as on the meeting's own page."""
    page = await views.meeting_page(request.app[DESK], request.match_info["ref"])
    moments = await moments_of(request, page.public)
    start = start_of(request, moments)
    context = {
        "meeting": page.card,
        "snapshot": page.public,
        "phase": phase_of(page.public.state),
        "moments": moments,
        "start": start,
        "page_url": f"{public_url(request)}{language.prefix()}/meetings/{page.card.ref}",
        "data": player_data(request, page.public, moments, start),
    }
    response = render(request, "pages/embed.html", context)
    settings = request.app[SITE]
    response.headers[hdrs.CONTENT_SECURITY_POLICY] = policy(settings.embed_ancestors, settings.overflow_url)
    # Another site's page must be able to load it, whatever that site isolates.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


async def oembed(request: web.Request) -> web.Response:
    """OEmbed 1.0: how to embed the page at ``?url=``."""
    if request.query.get("format", "json") != "json":
        raise web.HTTPNotImplemented(text="Only JSON is spoken here.")
    ref, spoken, query = _meeting_at(request, request.query.get("url", ""))
    page = await views.meeting_page(request.app[DESK], ref)
    width, height = _size(request)
    base = public_url(request)
    source = f"{base}{language.prefix(spoken)}/meetings/{page.card.ref}/embed{query}"
    title = f"{page.card.title}, {language.day_in_words(page.card.starts_at)}"
    frame = (
        f'<iframe src="{html.escape(source)}" title="{html.escape(title)}" width="{width}" height="{height}" '
        'allow="autoplay; fullscreen; picture-in-picture" frameborder="0" loading="lazy"></iframe>'
    )
    answer = {
        "version": "1.0",
        "type": "video",
        "title": title,
        "provider_name": request.app[SITE].council,
        "provider_url": f"{base}/",
        "cache_age": CACHE_SECONDS,
        "html": frame,
        "width": width,
        "height": height,
        "thumbnail_url": f"{base}/meetings/{page.card.ref}/snapshot.jpg",
        "thumbnail_width": 1280,
        "thumbnail_height": 720,
    }
    headers = {
        hdrs.CACHE_CONTROL: f"public, max-age={CACHE_SECONDS}",
        "Access-Control-Allow-Origin": "*",
    }
    return web.json_response(answer, headers=headers)


def _meeting_at(request: web.Request, url: str) -> tuple[str, str, str]:
    """Ref, language and the query for a moment, of one of our own pages. Raises ``NotFound``."""
    try:
        parts = urlsplit(url)
        known = urlsplit(public_url(request)).netloc == parts.netloc and parts.scheme in ("http", "https")
    except ValueError:
        known = False
    match = _PAGE.fullmatch(parts.path) if known else None
    if match is None:
        raise NotFound("This is not the address of a meeting here.")
    asked = parse_qs(parts.query)
    moment: dict[str, str] = {name: asked[name][0] for name in ("t", "item") if name in asked}
    return match["ref"], match["language"] or language.SOURCE, f"?{urlencode(moment)}" if moment else ""


def _size(request: web.Request) -> tuple[int, int]:
    """Within ``maxwidth`` and ``maxheight``, in the shape of the picture."""
    most = []
    for name, usual, least in (("maxwidth", WIDTH, NARROWEST), ("maxheight", HEIGHT, SHORTEST)):
        text = request.query.get(name, str(usual))
        if not re.fullmatch(r"[1-9]\d{0,4}", text):
            raise Invalid("This is no size in pixels.", field=name)
        most.append(max(min(int(text), 4 * usual), least))
    width = min(most[0], most[1] * WIDTH // HEIGHT)
    return width, min(most[1], width * HEIGHT // WIDTH)


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    return [web.get("/oembed", oembed)]


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [web.get("/meetings/{ref}/embed", embed)]

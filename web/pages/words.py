"""Pages that are only words, and the council's colours."""

from aiohttp import web

from web.keys import DESK, SITE
from web.templating import render


async def accessibility(request: web.Request) -> web.Response:
    """The accessibility statement."""
    return render(request, "pages/accessibility.html")


async def privacy(request: web.Request) -> web.Response:
    """What is kept about whom."""
    desk = request.app[DESK]
    recordings = desk.recordings_kept
    days = {
        "days_kept": desk.kept_after_meeting.days,
        "recording_days": recordings.days if recordings is not None else None,
    }
    return render(request, "pages/privacy.html", days)


async def theme(request: web.Request) -> web.Response:
    """The council's colour as a custom property: the policy allows no inline styles."""
    colour = request.app[SITE].colour
    return web.Response(
        text=f":root {{ --council: {colour}; --council-text: {_readable_on(colour)}; }}\n",
        content_type="text/css",
        headers={"Cache-Control": "public, max-age=300"},
    )


async def icon(request: web.Request) -> web.Response:
    """A plain square in the council's colour with its initial."""
    site = request.app[SITE]
    initial = next((letter for letter in site.council if letter.isalnum()), "C")
    return web.Response(
        text=(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
            f'<rect width="32" height="32" rx="4" fill="{site.colour}"/>'
            f'<text x="16" y="23" font-family="Arial,sans-serif" font-size="20" font-weight="bold" '
            f'text-anchor="middle" fill="{_readable_on(site.colour)}">{initial}</text></svg>'
        ),
        content_type="image/svg+xml",
        headers={"Cache-Control": "public, max-age=86400"},
    )


def _readable_on(colour: str) -> str:
    """White or black, whichever contrasts more with ``colour`` (WCAG 2.2, relative luminance)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#0b0c0c"


def routes() -> list[web.RouteDef]:
    """Addresses of this module."""
    return [web.get("/theme.css", theme), web.get("/icon.svg", icon)]


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [web.get("/accessibility", accessibility), web.get("/privacy", privacy)]

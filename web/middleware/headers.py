"""Security headers on every answer (engagement notes 3.4)."""

from functools import lru_cache

from aiohttp import hdrs, web

from web.keys import SITE
from web.templating import HEAD_SCRIPT_HASH

_POLICY = {
    "default-src": "'none'",
    "script-src": f"'self' '{HEAD_SCRIPT_HASH}'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    # hls.js begins a track of captions with the address data:,WEBVTT, which is empty.
    "media-src": "'self' blob: data:",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}

NOBODY = "'none'"


@lru_cache
def policy(frame_ancestors: str = NOBODY, overflow_url: str = "") -> str:
    """The Content-Security-Policy of a page. Only the player for other sites is framed by anybody.

    ``overflow_url``: where a full house sends its players; a browser goes nowhere that is not named.
    """
    connect = f"{_POLICY['connect-src']} {overflow_url}".rstrip()
    directives = _POLICY | {"connect-src": connect, "frame-ancestors": frame_ancestors}
    return "; ".join(f"{directive} {sources}" for directive, sources in directives.items())


NO_DEVICES = "camera=(), microphone=(), display-capture=(), geolocation=()"
DEVICES = "camera=(self), microphone=(self), display-capture=(), geolocation=()"
"""Only the speaker's page may ask for camera and microphone."""
SCREEN = "camera=(), microphone=(), display-capture=(self), geolocation=()"
"""Only the console of a meeting may ask for the officer's screen."""


async def secure(request: web.Request, response: web.StreamResponse) -> None:
    """Signal ``on_response_prepare``: streamed answers and files get the headers too."""
    headers = response.headers
    if hdrs.CONTENT_SECURITY_POLICY not in headers:
        headers[hdrs.CONTENT_SECURITY_POLICY] = policy(overflow_url=request.app[SITE].overflow_url)
    headers.setdefault("Permissions-Policy", _devices(request.path))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.app[SITE].secure_cookies:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def _devices(path: str) -> str:
    parts = path.split("/")
    if "speak" in parts[1:3]:
        return DEVICES
    return SCREEN if parts[1:3] == ["console", "meetings"] and len(parts) == 4 else NO_DEVICES

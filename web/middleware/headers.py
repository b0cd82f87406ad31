"""Security headers on every answer (engagement notes 3.4)."""

from aiohttp import web

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


def policy(frame_ancestors: str = NOBODY) -> str:
    """The Content-Security-Policy of a page. Only the player for other sites is framed by anybody."""
    directives = _POLICY | {"frame-ancestors": frame_ancestors}
    return "; ".join(f"{directive} {sources}" for directive, sources in directives.items())


CONTENT_SECURITY_POLICY = policy()

NO_DEVICES = "camera=(), microphone=(), display-capture=(), geolocation=()"
DEVICES = "camera=(self), microphone=(self), display-capture=(), geolocation=()"
"""Only the speaker's page may ask for camera and microphone."""
SCREEN = "camera=(), microphone=(), display-capture=(self), geolocation=()"
"""Only the console of a meeting may ask for the officer's screen."""


async def secure(request: web.Request, response: web.StreamResponse) -> None:
    """Signal ``on_response_prepare``: streamed answers and files get the headers too."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
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

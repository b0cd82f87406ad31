"""Who is asking: an officer by a session cookie, or anybody by a random device number."""

import re

from aiohttp import web

from hub.domain.errors import SignInNeeded
from hub.domain.people import Staff, Viewer
from hub.domain.services import accounts
from media.caller import caller, place_of
from web import language
from web.keys import DESK, SITE

STAFF_COOKIE = "moothall_staff"
STAFF_SECONDS = 12 * 3600
DEVICE_COOKIE = "device"
DEVICE_SECONDS = 365 * 24 * 3600
SPEAKER_COOKIE = "speaker_device"
SPEAKER_SECONDS = 30 * 24 * 3600
ADDRESS_COOKIE = "address"
ADDRESS_SECONDS = 180 * 24 * 3600
_DEVICE = re.compile(r"[A-Za-z0-9_-]{1,64}")

_STAFF: web.RequestKey[Staff | None] = web.RequestKey("staff", Staff)


async def staff(request: web.Request) -> Staff:
    """The signed-in officer. Raises ``SignInNeeded``."""
    officer = await staff_or_none(request)
    if officer is None:
        raise SignInNeeded("This part is for the council’s officers. Sign in to see it.")
    return officer


async def staff_or_none(request: web.Request) -> Staff | None:
    """The signed-in officer, looked up once for each request."""
    if _STAFF not in request:
        token = request.cookies.get(STAFF_COOKIE, "")
        request[_STAFF] = await accounts.staff_of(request.app[DESK], token) if token else None
    return known_staff(request)


def known_staff(request: web.Request) -> Staff | None:
    """The officer, if this request has looked already: pages show the name only where it matters."""
    return request.get(_STAFF)


def address(request: web.Request) -> str:
    """Where a request comes from. Our own proxy is believed about whom it speaks for, a stranger is not."""
    behind_proxy = bool(request.app[SITE].public_url)
    return caller(request.remote or "", request.headers.get("X-Forwarded-For", ""), behind_proxy=behind_proxy)


def viewer(request: web.Request, device: str, meeting_id: int) -> Viewer:
    """Whoever sent a form of the public page."""
    return Viewer(device, meeting_id, place_of(address(request)))


def device(request: web.Request, cookie: str = DEVICE_COOKIE) -> str:
    """The device number the browser sent; empty when it sent none that could be ours."""
    value = request.cookies.get(cookie, "")
    return value if _DEVICE.fullmatch(value) else ""


def device_or_new(request: web.Request) -> str:
    """The device number, or a new one to be given with ``keep_device``."""
    return device(request) or request.app[DESK].tokens.new()


def keep_device(request: web.Request, response: web.StreamResponse, number: str) -> None:
    """Remember the device in the browser."""
    _set(request, response, DEVICE_COOKIE, number, DEVICE_SECONDS)


def keep_speaker_device(request: web.Request, response: web.StreamResponse, number: str, path: str) -> None:
    """Remember that this browser holds the slot of one personal page, whatever the page's language."""
    own = language.without_prefix(path)
    for tag in language.LANGUAGES:
        # Two cookies of one name: the response's own jar would keep the last.
        holder = web.Response()
        _set(
            request,
            holder,
            SPEAKER_COOKIE,
            number,
            SPEAKER_SECONDS,
            path=f"{language.prefix(tag)}{own}",
            httponly=True,
        )
        response.headers.add("Set-Cookie", holder.cookies[SPEAKER_COOKIE].OutputString())


def address_proof(request: web.Request) -> str:
    """What the browser shows as a proof of an e-mail address; whether it is one, the domain knows."""
    return request.cookies.get(ADDRESS_COOKIE, "")[:200]


def keep_proof(request: web.Request, response: web.StreamResponse, proof: str) -> None:
    """Remember that this browser has proved an e-mail address."""
    _set(request, response, ADDRESS_COOKIE, proof, ADDRESS_SECONDS, httponly=True)


def drop_proof(request: web.Request, response: web.StreamResponse) -> None:
    """Forget it."""
    response.del_cookie(ADDRESS_COOKIE, path="/", httponly=True, samesite="Lax", secure=_secure(request))


def sign_in(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Remember the officer's session."""
    _set(request, response, STAFF_COOKIE, token, STAFF_SECONDS, httponly=True)


def sign_out(request: web.Request, response: web.StreamResponse) -> None:
    """Forget the officer's session."""
    response.del_cookie(STAFF_COOKIE, path="/", httponly=True, samesite="Lax", secure=_secure(request))


def _set(
    request: web.Request,
    response: web.StreamResponse,
    name: str,
    value: str,
    seconds: int,
    *,
    path: str = "/",
    httponly: bool = False,
) -> None:
    response.set_cookie(
        name, value, max_age=seconds, path=path, httponly=httponly, samesite="Lax", secure=_secure(request)
    )


def _secure(request: web.Request) -> bool:
    return request.app[SITE].secure_cookies

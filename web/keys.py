"""What the hub hands to the pages: typed application keys."""

from dataclasses import dataclass

from aiohttp import web

from hub.domain.desk import Desk
from media.attempts import Attempts
from media.client.engine import Engine


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """How this council's site looks and where it is reached."""

    council: str
    colour: str = "#1d4e6b"
    """Six hexadecimal digits after a hash."""
    public_url: str = ""
    """The address that people use, without a slash at the end. Empty: what the request says."""
    secure_cookies: bool = False
    """Whether the site is reached by HTTPS only: cookies are marked so, and browsers are told to stay."""
    rtmp: str = ""
    """Where RTMP encoders connect, for the console: ``rtmp://host:1935/live``."""
    srt: str = ""
    """Where SRT encoders connect, for the console: ``srt://host:9000``."""
    interpreted_language: str = ""
    """What interpreters speak (BCP 47), as long as a meeting is live; a recording knows for itself."""
    small_rendition: bool = True
    """Whether live meetings have a small picture beside the full one; a recording has none."""
    captions_language: str = ""
    """What captioners write (BCP 47), as long as a meeting is live."""
    embed_ancestors: str = "*"
    """Which sites may frame the player, as the sources of ``frame-ancestors``."""
    ice_servers: tuple[str, ...] = ()
    """STUN servers that WHIP and WHEP name beside the TURN servers of the desk."""
    overflow_url: str = ""
    """Another house with the same meetings, for players when all relays are full."""
    contact: str = ""
    """Whom to ask for help and about personal data, as text."""


@dataclass(frozen=True, slots=True)
class WrongAttempts:
    """Who was wrong about what, and how often."""

    stream_keys: Attempts
    sign_in_links: Attempts
    offers: Attempts
    """WHIP and WHEP offers that came to nothing."""
    sessions: Attempts
    """The same of requests for a session."""


WRONG: web.AppKey[WrongAttempts] = web.AppKey("wrong", WrongAttempts)
DESK: web.AppKey[Desk] = web.AppKey("desk", Desk)
ENGINE: web.AppKey[Engine] = web.AppKey("engine", Engine)
SITE: web.AppKey[SiteSettings] = web.AppKey("site", SiteSettings)

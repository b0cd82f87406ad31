"""SDP fragments (RFC 8840): what a WHIP or WHEP client sends by PATCH once its session is open."""

import re
from dataclasses import dataclass
from ipaddress import ip_address

from media.control.command import Refused

FRAGMENT_LIMIT = 16 * 1024
LINES_LIMIT = 300
CANDIDATES_LIMIT = 64

_LINE = re.compile(r"[a-z]=[ -~]*")
_UFRAG = re.compile(r"[A-Za-z0-9+/]{4,256}")
_PASSWORD = re.compile(r"[A-Za-z0-9+/]{22,256}")
_MID = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,32}")
_CANDIDATE = re.compile(
    r"([A-Za-z0-9+/]{1,32}) 1 udp ([0-9]{1,10}) ([0-9A-Fa-f.:]{2,45}) ([0-9]{1,5})"
    r" typ (host|srflx|prflx|relay)(?: .*)?",
    re.IGNORECASE,
)


class BadFragment(Refused):
    """The fragment cannot be understood; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__("bad_fragment", message)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way to the client: an address and a UDP port of component 1."""

    mid: str
    foundation: str
    priority: int
    host: str
    port: int
    kind: str
    """host, srflx, prflx or relay."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """What a fragment says. The ICE session it belongs to may be unsaid."""

    ufrag: str | None
    password: str | None
    candidates: tuple[Candidate, ...]


def read_fragment(text: str) -> Fragment:
    """Read a fragment of one bundle. Raises ``BadFragment``.

    Candidates that nobody could use from here (names, TCP, RTCP's own) are left out without a word, as RFC
    8838 section 11 wants.
    """
    if len(text) > FRAGMENT_LIMIT:
        raise BadFragment(f"The fragment is longer than {FRAGMENT_LIMIT // 1024} KB.")
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if len(lines) > LINES_LIMIT:
        raise BadFragment(f"The fragment has more than {LINES_LIMIT} lines.")
    said = [line for line in lines if line]
    if not said or not all(_LINE.fullmatch(line) for line in said):
        raise BadFragment("This is not a fragment of a session description.")
    ufrag, password = _the_one(said, "ice-ufrag", _UFRAG), _the_one(said, "ice-pwd", _PASSWORD)
    if (ufrag is None) != (password is None):
        raise BadFragment("An ICE user name comes with its password.")
    return Fragment(ufrag, password, _candidates(said))


def _the_one(lines: list[str], name: str, form: re.Pattern[str]) -> str | None:
    """The value that every line of that name has; None when there is no such line."""
    prefix = f"a={name}:"
    values = {line.removeprefix(prefix) for line in lines if line.startswith(prefix)}
    if len(values) > 1:
        raise BadFragment(f"The fragment has more than one {name}; everything travels over one port.")
    value = next(iter(values), None)
    if value is not None and not form.fullmatch(value):
        raise BadFragment(f"The {name} of the fragment cannot be one.")
    return value


def _candidates(lines: list[str]) -> tuple[Candidate, ...]:
    found: list[Candidate] = []
    mid = ""
    for line in lines:
        if line.startswith("m="):
            mid = ""
        elif line.startswith("a=mid:"):
            mid = line.removeprefix("a=mid:")
            if not _MID.fullmatch(mid):
                raise BadFragment("A mid of the fragment cannot be one.")
        elif line.startswith("a=candidate:") and (candidate := _candidate(mid, line)) is not None:
            found.append(candidate)
    if len(found) > CANDIDATES_LIMIT:
        raise BadFragment(f"The fragment has more than {CANDIDATES_LIMIT} candidates.")
    return tuple(found)


def _candidate(mid: str, line: str) -> Candidate | None:
    match = _CANDIDATE.fullmatch(line.removeprefix("a=candidate:"))
    if match is None:
        return None
    foundation, priority, host, port, kind = match.groups()
    try:
        ip_address(host)
    except ValueError:
        return None
    if not 0 < int(port) < 65_536 or not 0 < int(priority) < 2**32:
        return None
    return Candidate(mid, foundation, int(priority), host, int(port), kind.lower())

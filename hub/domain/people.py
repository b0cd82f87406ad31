"""Who is acting. Each request and each socket has exactly one of these."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What staff may do: a clerk runs meetings, an admin also adds users."""

    CLERK = "clerk"
    ADMIN = "admin"


class Part(StrEnum):
    """What the holder of a personal link does in the meeting."""

    SPEAKER = "speaker"
    """Registered; called and admitted when it is their turn."""
    INTERPRETER = "interpreter"
    """Heard in the interpreted sound and never seen; hears the floor."""
    SIGNER = "signer"
    """Interprets into sign language: seen as the inset and never heard."""
    PRESENTER = "presenter"
    """Shares a screen."""
    ATTENDEE = "attendee"
    """Registered for a webinar: watches its page, which needs no link of their own."""


class Capacity(StrEnum):
    """As what somebody speaks, in the picture and in the index."""

    RESIDENT = "resident"
    PRESENTER = "presenter"
    """Of a webinar: seen and heard, invited by an officer."""
    AUDIENCE = "audience"
    """Raised a hand in a webinar and was asked to come on air."""


@dataclass(frozen=True, slots=True)
class Staff:
    """A signed-in officer."""

    id: int
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Resident:
    """The holder of a personal link, on one device."""

    registration_id: int
    meeting_id: int
    device: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """Anybody. ``device`` is a random id kept in the browser: it counts votes, it names nobody."""

    device: str
    meeting_id: int
    place: str = ""
    """The address or network they come from, for limits; it is not stored."""


@dataclass(frozen=True, slots=True)
class House:
    """The program itself, when it takes down what it noticed. It sends no commands."""

    name: str = "Moot Hall"


Actor = Staff | Resident | Viewer
"""Who sends commands."""

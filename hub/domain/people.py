"""Who is acting. Each request and each socket has exactly one of these."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What staff may do: a clerk runs meetings, an admin also adds users."""

    CLERK = "clerk"
    ADMIN = "admin"


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


Actor = Staff | Resident | Viewer

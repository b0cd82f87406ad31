"""A personal link by its short code and a surname: for a resident on the telephone, or at another device."""

import re
import unicodedata

from sqlmodel import col, select

from hub.domain.desk import Desk
from hub.domain.errors import Faults, Invalid
from hub.domain.links import same_code
from hub.domain.models import Meeting, Registration
from hub.domain.people import Part
from hub.domain.states.meeting import OVER
from hub.domain.states.speaker import LINK_WORKS
from hub.domain.text import required

CODE_TYPED = 20
SURNAME_TYPED = 80


async def link_of_code(desk: Desk, code: str, surname: str) -> str:
    """The token of the link. Raises ``Invalid``, in the same words whether code or surname is wrong."""
    faults = Faults()
    with faults.noted():
        code = required(code, "code", "the code", at_most=CODE_TYPED)
    with faults.noted():
        surname = required(surname, "surname", "your surname", at_most=SURNAME_TYPED)
    faults.refuse()
    working = (
        select(Registration)
        .join(Meeting, col(Meeting.id) == col(Registration.meeting_id))
        .where(
            col(Registration.state).in_(LINK_WORKS),
            col(Registration.part) != Part.ATTENDEE,
            col(Meeting.state).not_in(OVER),
        )
    )
    async with desk.store.read() as session:
        for registration in await session.exec(working):
            theirs = desk.links.code(registration)
            if theirs and same_code(theirs, code) and is_surname(registration.name, surname):
                return desk.links.token(registration.link_nonce)
    raise Invalid(
        "No personal link has this code and this surname. Look at both again; a code ends with the meeting, "
        "and when an officer makes a new link.",
        field="code",
    )


def is_surname(name: str, said: str) -> bool:
    """Whether somebody of this name may call themselves that: their last name or names, or all of them.

    Accents, capitals, hyphens and apostrophes do not matter.
    """
    names, wanted = _words(name), "".join(_words(said))
    return bool(wanted) and any("".join(names[first:]) == wanted for first in range(len(names)))


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    return re.findall(r"\w+", re.sub(r"['’]", "", letters))

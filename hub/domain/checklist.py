"""How a meeting stands before it goes live, line by line, from what the engine and the desk know.

It is advice: an officer alone decides to go live. What cannot be done at all, commands refuse themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hub.domain.ports import Equipment, Sound

ENOUGH_HOURS = 5
"""A long meeting. With less than this on the disk, somebody should look."""
TOO_FEW_HOURS = 2
MOST_HOURS = 48
"""Beyond this the number says nothing more."""


class Check(StrEnum):
    """How it stands."""

    FINE = "fine"
    LOOK = "look"
    MISSING = "missing"


class Office(StrEnum):
    """Without whom a meeting does not begin."""

    CHAIR = "chair"
    CLERK = "clerk"


@dataclass(frozen=True, slots=True)
class KeyPerson:
    """Who holds an office today, as far as the agenda system says, and whether an officer saw them."""

    office: Office
    name: str
    present: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is about, how it stands, and that in a sentence."""

    about: str
    """``studio``, ``feed``, ``sound``, ``slate``, ``disk``, ``chair`` or ``clerk``."""
    check: Check
    sentence: str


def checklist(equipment: Equipment, people: Sequence[KeyPerson]) -> list[Line]:
    """All lines, always the same ones in the same order."""
    return [
        _studio(equipment),
        _feed(equipment),
        _sound(equipment),
        _slate(equipment),
        _disk(equipment),
        *map(_person, people),
    ]


def missing(lines: Sequence[Line]) -> list[str]:
    """What an officer is told before the meeting goes live all the same."""
    return [line.sentence for line in lines if line.check is Check.MISSING]


def _studio(equipment: Equipment) -> Line:
    if equipment.studio == "closed":
        return Line("studio", Check.MISSING, "The studio is not running: open the room.")
    if equipment.studio == "away":
        return Line("studio", Check.MISSING, "The studio is being started again. Wait until it answers.")
    if equipment.recorder_trouble:
        return Line("studio", Check.MISSING, f"The recorder: {equipment.recorder_trouble}")
    return Line(
        "studio", Check.FINE, "The studio is running. The recorder begins when the meeting goes live."
    )


def _feed(equipment: Equipment) -> Line:
    feed = equipment.chamber
    if feed is None:
        return Line("feed", Check.MISSING, "No feed comes from the chamber: start its encoder.")
    if feed.generated:
        return Line("feed", Check.LOOK, "The chamber is a generated test picture: no encoder is connected.")
    check = {"live": Check.FINE, "connecting": Check.LOOK}.get(feed.state, Check.MISSING)
    return Line("feed", check, f"The chamber: {feed.sentence}")


_SOUND: dict[Sound, tuple[Check, str]] = {
    "none": (Check.MISSING, "There is no sound from the chamber."),
    "silent": (
        Check.MISSING,
        "The chamber has been silent for ten seconds. Check that the sound desk feeds the encoder and that a "
        "microphone is open.",
    ),
    "clipping": (
        Check.LOOK,
        "The sound of the chamber is too loud and is distorted. Turn it down at the microphone or the sound "
        "desk.",
    ),
    "good": (Check.FINE, "The chamber is heard, and is not too loud."),
}


def _sound(equipment: Equipment) -> Line:
    return Line("sound", *_SOUND[equipment.sound])


def _slate(equipment: Equipment) -> Line:
    if not equipment.slate:
        return Line("slate", Check.MISSING, "No slate is set: it comes when the room is open.")
    return Line("slate", Check.FINE, f"The slate is set. Until then the public see “{equipment.slate}”.")


def _disk(equipment: Equipment) -> Line:
    hours = int(equipment.disk_hours)
    if hours >= MOST_HOURS:
        return Line("disk", Check.FINE, f"The disk has room for more than {MOST_HOURS} hours of recording.")
    if hours >= ENOUGH_HOURS:
        return Line("disk", Check.FINE, f"The disk has room for {hours} hours of recording.")
    if hours >= TOO_FEW_HOURS:
        return Line(
            "disk",
            Check.LOOK,
            f"The disk has room for {hours} hours of recording: a long meeting needs more.",
        )
    return Line(
        "disk",
        Check.MISSING,
        f"The disk has room for less than {TOO_FEW_HOURS} hours of recording. Have space made on it.",
    )


def _person(person: KeyPerson) -> Line:
    called = f"The {person.office}" + (f", {person.name}," if person.name else "")
    if person.present:
        return Line(person.office, Check.FINE, f"{called} is here.")
    return Line(person.office, Check.MISSING, f"{called} has not been marked as here.")

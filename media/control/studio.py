"""What the hub may ask of a studio about the gate and itself, and what a studio tells.

Encoders and speakers are in ``feeds``, the programme picture in ``picture``.
"""

from enum import StrEnum
from typing import ClassVar, Literal, TypeAlias

from pydantic import Field

from media.control.alarm import Alarm
from media.control.command import Command, Done, Event, Message
from media.control.feeds import FeedStatus
from media.control.picture import LayoutName, PageStatus


class GateState(StrEnum):
    """Whether the public may see. Anything but OPEN shows a slate and carries silence."""

    WAITING = "waiting"
    OPEN = "open"
    PRIVATE = "private"
    ADJOURNED = "adjourned"
    TECHNICAL = "technical"
    ENDED = "ended"


SlateKind: TypeAlias = Literal["starting", "adjourned", "private", "technical", "ended"]


class SlateText(Message):
    """The words on a slate. They tell the truth about why the public see no meeting."""

    title: str
    lines: list[str] = Field(default_factory=list)
    kind: SlateKind | None = None
    """Brings a sign beside the words."""
    until_ms: int | None = None
    """Unix milliseconds; the time left until then stands below the words of a ``starting`` slate."""


class GateStatus(Message):
    """The gate as it is now, from the studio's own journal."""

    state: GateState
    slate: SlateText
    since_ms: int
    """Unix milliseconds."""
    changes: int
    """Counts changes from the journal's start: a caller can tell whether somebody else moved the gate."""
    delay_seconds: int = 0
    """The broadcast delay: what happens now, with the gate open, is seen so much later."""
    held_until_ms: int = 0
    """Unix milliseconds until which a closed gate still lets out what the delay held; 0: it was dropped."""
    secret: bool = False
    """It is private, or has been since it was last open: the next opening takes down a page that is shown."""


class SetGate(Command[GateStatus]):
    """Move the gate. Everything but OPEN takes effect at the next encoded picture.

    OPEN must carry ``confirmed`` and is refused with code ``not_confirmed`` without it; a move the table does
    not know is refused with ``illegal_transition`` and changes nothing.
    """

    name: ClassVar[str] = "gate.set"
    reply: ClassVar[type[Message]] = GateStatus
    state: GateState
    slate: SlateText
    reason: str
    by: str
    confirmed: bool = False
    drop: bool | None = None
    """Whether a closing drops what the broadcast delay holds. ``None``: private and technical do."""


class SetDelay(Command[GateStatus]):
    """Choose the broadcast delay. Refused with ``too_late`` once the gate has been open."""

    name: ClassVar[str] = "delay.set"
    reply: ClassVar[type[Message]] = GateStatus
    seconds: int = Field(ge=0, le=60)


class AdmitPrivately(Command[Done]):
    """Who of the connected speakers takes part in the private session, the whole list.

    They see and hear the chamber and each other; everybody else neither. Refused with ``not_private`` unless
    the gate is private. Every move of the gate to another state ends all admissions; so does a restart.
    """

    name: ClassVar[str] = "private.admit"
    speakers: list[str]


class SetSlate(Command[GateStatus]):
    """Change the words on the slate without moving the gate (a countdown, a later expected time)."""

    name: ClassVar[str] = "slate.set"
    reply: ClassVar[type[Message]] = GateStatus
    slate: SlateText


class StudioStatus(Message):
    """Everything the hub needs to know about a studio, also after the hub itself was restarted."""

    meeting: str
    session: int
    epoch_ms: int
    gate: GateStatus
    layout: str
    """What is composed now: a layout's name, or ``slate``."""
    override: LayoutName | None
    on_air: list[str]
    captions_visible: bool = False
    captions: dict[str, str] = Field(default_factory=dict)
    feeds: list[FeedStatus]
    programme_dbfs: float
    pictures: int
    late_ticks: int
    alarms: list[Alarm] = Field(default_factory=list)
    """About the sound: what is wrong, or was mended, and what to do."""
    languages: list[str] = Field(default_factory=list)
    """Interpreted languages (BCP 47) that are on the programme: an interpreter has been there."""
    admitted: list[str] = Field(default_factory=list)
    """Speakers who take part in the private session."""
    without_private_picture: list[str] = Field(default_factory=list)
    """Admitted speakers whose browser did not ask for a picture: they only hear the private session."""
    page: PageStatus | None = None
    """The page that is shown as the presentation."""
    seals_private: bool = False
    """Whether private sessions are recorded, sealed, for the council."""
    private_recording: str = ""
    """In a sentence, whether the private session is recorded for the council; empty while it is not."""


class GetStatus(Command[StudioStatus]):
    """Ask for the whole status."""

    name: ClassVar[str] = "status"
    reply: ClassVar[type[Message]] = StudioStatus


class StatusChanged(Event):
    """Sent when anything but a level changed, and four times a second for the levels."""

    name: ClassVar[str] = "status"
    status: StudioStatus


class Level(Message):
    """A tenth of a second of sound, dB below full scale; both channels together, the louder peak."""

    rms: float
    peak: float


class SourceLevel(Level):
    """One source as it arrives. ``gain``: what the leveller makes of it, in dB."""

    source: str
    gain: float


class LevelsMeasured(Event):
    """Ten times a second, from the sound that is mixed: every source, the floor, the interpretation."""

    name: ClassVar[str] = "levels"
    seconds: float
    """Of sound that the studio has mixed by then, since it began."""
    sources: list[SourceLevel]
    programme: Level
    """The floor before the gate."""
    interpreted: Level | None = None


class StudioCost(Message):
    """CPU seconds since the studio began."""

    stages: dict[str, float]
    """Of the ticker: ``mix``, ``compose``, ``encode sound``, ``encode picture``."""
    threads: dict[str, float]
    """By name, of the threads that live now; those of one name together."""
    tasks: int = 0
    """Of the event loop, that live now."""


class GetCost(Command[StudioCost]):
    """Ask what the work costs, for measuring."""

    name: ClassVar[str] = "cost"
    reply: ClassVar[type[Message]] = StudioCost


class Stop(Command[Done]):
    """Finish: close the bus and exit."""

    name: ClassVar[str] = "stop"

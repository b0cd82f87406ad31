"""What the hub may ask of a studio, and what a studio tells."""

from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import Field

from media.control.command import Command, Done, Event, Message


class GateState(StrEnum):
    """Whether the public may see. Anything but OPEN shows a slate and carries silence."""

    WAITING = "waiting"
    OPEN = "open"
    PRIVATE = "private"
    ADJOURNED = "adjourned"
    TECHNICAL = "technical"
    ENDED = "ended"


class LayoutName(StrEnum):
    """How the programme picture is composed. A slate is not chosen: the gate or a missing feed brings it."""

    CHAMBER = "chamber"
    SPEAKER = "speaker"
    SIDE_BY_SIDE = "side_by_side"


class SlateText(Message):
    """The words on a slate. They tell the truth about why the public see no meeting."""

    title: str
    lines: list[str] = Field(default_factory=list)


class GateStatus(Message):
    """The gate as it is now, from the studio's own journal."""

    state: GateState
    slate: SlateText
    since_ms: int
    """Unix milliseconds."""
    changes: int
    """Counts changes from the journal's start: a caller can tell whether somebody else moved the gate."""


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


class SetSlate(Command[GateStatus]):
    """Change the words on the slate without moving the gate (a countdown, a later expected time)."""

    name: ClassVar[str] = "slate.set"
    reply: ClassVar[type[Message]] = GateStatus
    slate: SlateText


class Answer(Message):
    """An SDP answer and the name of the session it opened."""

    sdp: str
    session: str
    etag: str = ""


class OpenFeed(Command[Answer]):
    """A WHIP publisher offers a feed for the chamber. Replaces a feed of the same source."""

    name: ClassVar[str] = "feed.open"
    reply: ClassVar[type[Message]] = Answer
    source: str
    sdp: str
    label: str


class CloseFeed(Command[Done]):
    """End a WHIP session. Refused with ``no_session`` when there is none."""

    name: ClassVar[str] = "feed.close"
    session: str


class OpenSpeaker(Command[Answer]):
    """A remote speaker's browser offers camera and microphone, and takes the mix-minus return (one track).

    A second offer for the same speaker replaces the first. Being connected is not being on air.
    """

    name: ClassVar[str] = "speaker.open"
    reply: ClassVar[type[Message]] = Answer
    speaker: str
    label: str
    sdp: str
    role: Literal["speaker", "interpreter"] = "speaker"
    """An interpreter is heard in the interpreted sound only and never seen; their return is the floor.

    Refused with ``no_language`` when the meeting has no interpreted language.
    """


class CloseSpeaker(Command[Done]):
    """Hang up on a remote speaker; takes them off air first."""

    name: ClassVar[str] = "speaker.close"
    speaker: str


class SetOnAir(Command[Done]):
    """Who of the connected speakers is heard and seen, the whole list.

    Unknown names are refused with ``no_speaker``.
    """

    name: ClassVar[str] = "on_air.set"
    speakers: list[str]


class SetLayout(Command[Done]):
    """Override the layout; ``None`` lets it follow who is on air."""

    name: ClassVar[str] = "layout.set"
    layout: LayoutName | None


class Picture(Message):
    """A JPEG in base64."""

    jpeg: str
    width: int
    height: int


class TakePicture(Command[Picture]):
    """A still. ``public`` is the picture behind the gate, as the public have it.

    ``programme`` and a source's name are for staff only.
    """

    name: ClassVar[str] = "picture.take"
    reply: ClassVar[type[Message]] = Picture
    of: str = "public"
    width: int = 640


class FeedStatus(Message):
    """One source as the console shows it."""

    source: str
    kind: Literal["test", "whip", "rtmp", "srt", "file", "speaker", "interpreter"]
    label: str
    state: Literal["connecting", "live", "stalled", "gone", "refused"]
    sentence: str
    """What is the case, in words for a clerk."""
    width: int = 0
    height: int = 0
    frames_per_second: float = 0.0
    sound: bool = False
    level_dbfs: float = -100.0


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
    feeds: list[FeedStatus]
    programme_dbfs: float
    pictures: int
    late_ticks: int
    alarms: list[str] = Field(default_factory=list)
    """Sentences about the sound: what is wrong, or was mended, and what to do."""
    languages: list[str] = Field(default_factory=list)
    """Interpreted languages (BCP 47) that are on the programme: an interpreter has been there."""


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
    """Ten times a second, from the sound that is mixed: every source, the floor, and the interpreted sound."""

    name: ClassVar[str] = "levels"
    sources: list[SourceLevel]
    programme: Level
    """The floor before the gate."""
    interpreted: Level | None = None


class FeedRefused(Event):
    """A publisher was turned away, or cut off, with the reason in a sentence."""

    name: ClassVar[str] = "feed.refused"
    source: str
    protocol: str
    sentence: str


class Stop(Command[Done]):
    """Finish: close the bus and exit."""

    name: ClassVar[str] = "stop"

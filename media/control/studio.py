"""What the hub may ask of a studio, and what a studio tells."""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal, TypeAlias

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
    """How the programme picture is composed. While the gate is closed, its slate is there instead."""

    CHAMBER = "chamber"
    SPEAKER = "speaker"
    CHAMBER_WITH_SPEAKER = "chamber_with_speaker"
    """The chamber, with who speaks as an inset."""
    SIDE_BY_SIDE = "side_by_side"
    PRESENTATION = "presentation"
    """The presentation, and beside it who speaks, or else the chamber."""
    GRID = "grid"
    """The chamber and all who are on air, in equal cells."""
    SLATE = "slate"
    """No source at all, while the sound goes on."""


Transition: TypeAlias = Literal["cut", "dissolve"]
"""How one layout gives way to the next: at once, or within 200 ms. A change of the gate is always a cut."""


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


class Answer(Message):
    """An SDP answer and the name of the session it opened."""

    sdp: str
    session: str
    etag: str = ""


class Patched(Message):
    """What became of an SDP fragment."""

    sdp: str = ""
    """The fragment that answers an ICE restart; empty when nothing is to be answered."""
    etag: str = ""
    """Of the ICE session that the restart began, in quotes."""


class OpenFeed(Command[Answer]):
    """A WHIP publisher offers a feed for the chamber. Replaces a feed of the same source."""

    name: ClassVar[str] = "feed.open"
    reply: ClassVar[type[Message]] = Answer
    source: str
    sdp: str
    label: str


class PatchFeed(Command[Patched]):
    """A publisher's SDP fragment: candidates that it found after its offer.

    Refused with ``no_session``, ``bad_fragment``, ``stale`` (another ICE session than ``tags`` name) or
    ``no_restart``: studios do not restart ICE.
    """

    name: ClassVar[str] = "feed.patch"
    reply: ClassVar[type[Message]] = Patched
    session: str
    fragment: str
    tags: list[str]
    """Entity tags of the ICE session that is meant, without quotes; ``*`` for whichever it is."""


class CloseFeed(Command[Done]):
    """End a WHIP session. Refused with ``no_session`` when there is none."""

    name: ClassVar[str] = "feed.close"
    session: str


SpeakerRole: TypeAlias = Literal["speaker", "interpreter", "signer", "presenter"]


class OpenSpeaker(Command[Answer]):
    """A remote speaker's browser offers camera and microphone, and takes the mix-minus return (one track).

    A second offer for the same speaker replaces the first. Being connected is not being on air.
    """

    name: ClassVar[str] = "speaker.open"
    reply: ClassVar[type[Message]] = Answer
    speaker: str
    label: str
    sdp: str
    role: SpeakerRole = "speaker"
    """An interpreter is heard in the interpreted sound only and never seen. A signer is seen as the source
    ``sign`` and a presenter as ``presentation``, and neither is heard. The return of all three is the floor.

    Refused with ``no_language`` when the meeting has no interpreted language.
    """


class CloseSpeaker(Command[Done]):
    """Hang up on a remote speaker; takes them off air first."""

    name: ClassVar[str] = "speaker.close"
    speaker: str


class LaidOut(Message):
    """When a wish about the picture was taken up."""

    seconds: float
    """Programme time of the tick that was under way, or next. The tick after it obeys at the latest."""


class SetOnAir(Command[LaidOut]):
    """Who of the connected speakers is heard and seen, the whole list.

    Refused with ``no_speaker`` for unknown names, and with ``full`` past six.
    """

    name: ClassVar[str] = "on_air.set"
    reply: ClassVar[type[Message]] = LaidOut
    speakers: list[str]


class SetLayout(Command[LaidOut]):
    """Override the layout; ``None`` lets it follow who is on air."""

    name: ClassVar[str] = "layout.set"
    reply: ClassVar[type[Message]] = LaidOut
    layout: LayoutName | None
    transition: Transition = "dissolve"


class SetCaptions(Command[Done]):
    """The names in the picture: all of them, by source, and whether they are shown.

    ``None`` leaves as it is. A text is "Name, what they are"; the name stands out.
    """

    name: ClassVar[str] = "captions.set"
    visible: bool | None = None
    texts: dict[str, Annotated[str, Field(max_length=200)]] | None = Field(default=None, max_length=32)


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


class PageStatus(Message):
    """A page of a document."""

    title: str = Field(max_length=100)
    page: int = Field(ge=1)
    pages: int = Field(ge=1)


class ShowPage(Command[LaidOut]):
    """Show a page of a PDF as the source ``presentation``. It is taken up when it has been drawn.

    Refused with ``bad_page`` (no such page, or it cannot be drawn; what was shown before stays), and with
    ``gate_moved`` when the private session for which it was put up is over.
    """

    name: ClassVar[str] = "page.show"
    reply: ClassVar[type[Message]] = LaidOut
    document: str
    """Path of the PDF, which the hub has checked."""
    page: PageStatus
    secret: bool = False
    """It was put up while the gate was ``secret``: shown again only if the gate still is."""


class HidePages(Command[Done]):
    """Show no page any more. Done as well when none was shown."""

    name: ClassVar[str] = "page.hide"


class FeedStatus(Message):
    """One source as the console shows it."""

    source: str
    kind: Literal[
        "test", "whip", "rtmp", "srt", "file", "speaker", "interpreter", "signer", "presenter", "pages"
    ]
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
    captions_visible: bool = False
    captions: dict[str, str] = Field(default_factory=dict)
    feeds: list[FeedStatus]
    programme_dbfs: float
    pictures: int
    late_ticks: int
    alarms: list[str] = Field(default_factory=list)
    """Sentences about the sound: what is wrong, or was mended, and what to do."""
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


class FeedRefused(Event):
    """A publisher was turned away, or cut off, with the reason in a sentence."""

    name: ClassVar[str] = "feed.refused"
    source: str
    protocol: str
    sentence: str


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

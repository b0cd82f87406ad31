"""What the domain needs of the world. The adapters in ``hub`` provide it; tests provide their own."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Literal, Protocol, TypeAlias

from hub.domain.states.meeting import MeetingState

SlateKind: TypeAlias = Literal["starting", "adjourned", "private", "technical", "ended"]
Layout: TypeAlias = Literal[
    "chamber", "speaker", "chamber_with_speaker", "side_by_side", "presentation", "grid", "slate"
]
Transition: TypeAlias = Literal["cut", "dissolve"]


@dataclass(frozen=True, slots=True)
class Slate:
    """The words the public see instead of the meeting."""

    title: str
    lines: tuple[str, ...] = ()
    kind: SlateKind | None = None
    """Brings a sign beside the words."""
    until: datetime | None = None
    """What a slate before the meeting counts down to."""


Sound: TypeAlias = Literal["none", "silent", "clipping", "good"]
"""How a source has been heard in the last seconds."""


@dataclass(frozen=True, slots=True)
class ChamberFeed:
    """What comes from the chamber."""

    state: Literal["connecting", "live", "stalled", "gone", "refused"]
    sentence: str
    generated: bool = False
    """A test picture of our own."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """What the engine knows of a meeting before it goes live."""

    studio: Literal["closed", "away", "up"]
    chamber: ChamberFeed | None = None
    sound: Sound = "none"
    """Of the chamber."""
    slate: str = ""
    """Title of the slate that is on; "" for none."""
    recorder_trouble: str = ""
    """A sentence, when there is a recorder already and it is not well."""
    disk_hours: float = 0.0
    """How much recording still fits on the disk; 0 when nothing can be written there."""


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page of the document, as it is shown now."""

    title: str
    page: int
    pages: int


class Archive(Protocol):
    """Where recordings lie. Each method raises ``OSError`` when the disk does not do it."""

    async def held(self) -> list[str]:
        """Refs of meetings of which there is something that the public were shown."""

    async def delete(self, ref: str) -> None:
        """Delete it, for good. What is left when this is interrupted is still ``held``."""


class StudioPort(Protocol):
    """The studios, by meeting ref. Each method raises ``MediaUnavailable`` when the studio does not do it."""

    async def open_room(self, ref: str, slate: Slate, *, rehearsal: bool) -> None:
        """Start the studio, with the slate on. Doing it twice does nothing.

        ``rehearsal``: nothing ever leaves it but what speakers hear, and nothing is recorded.
        """

    async def start_recording(self, ref: str) -> None:
        """Start packager and recorder. Doing it twice does nothing."""

    async def cut(
        self,
        ref: str,
        state: MeetingState,
        slate: Slate,
        *,
        by: str,
        reason: str,
        drop: bool | None = None,
    ) -> None:
        """Close the gate: slate and silence from the next encoded picture.

        ``drop``: also drop what the broadcast delay holds; by default private and technical do. When the
        studio does not answer, the cut is written down where it looks before its first picture.
        """

    async def set_delay(self, ref: str, seconds: int) -> None:
        """Choose the broadcast delay, before the meeting goes live."""

    async def admit_privately(self, ref: str, speakers: list[int]) -> None:
        """Registrations that take part in the private session, the whole list. Its end ends all of them."""

    async def open_gate(self, ref: str, *, by: str, reason: str) -> None:
        """Let the public see. The caller has asked for confirmation."""

    async def was_private(self, ref: str) -> bool:
        """Whether there was a private session since the public last saw the meeting."""

    async def set_on_air(self, ref: str, speakers: list[int]) -> None:
        """Registrations that are heard and seen, the whole list."""

    async def close_speaker(self, ref: str, speaker: int) -> None:
        """Hang up on a speaker, off air first. Does nothing when they are not connected."""

    async def set_layout(self, ref: str, layout: Layout | None, transition: Transition = "dissolve") -> None:
        """Override the layout, or let it follow who is there."""

    async def caption_speaker(self, ref: str, speaker: int, text: str) -> None:
        """The name in the picture of a registration, "Name, what they are". It goes when they are hung up."""

    async def rename_speaker(self, ref: str, speaker: int, name: str, caption: str) -> None:
        """A registration has another name, where it is written in words alone and, unless "", in the caption.

        Does nothing to who is not connected: whoever connects brings their name.
        """

    async def caption_chamber(self, ref: str, text: str) -> None:
        """The name in the picture of the chamber; "" for none."""

    async def show_captions(self, ref: str, visible: bool) -> None:
        """Draw the names into the picture, or do not."""

    async def show_page(self, ref: str, page: int) -> ShownPage:
        """Show a page of the document, numbered from 1. Raises ``Conflict`` when there is no such page."""

    async def turn_page(self, ref: str, by: int) -> ShownPage:
        """Show another page, counted from the one that is shown, or from before the first."""

    async def stop_presentation(self, ref: str) -> None:
        """Show no page any more."""

    async def equipment(self, ref: str) -> Equipment:
        """What is there for the meeting to go live. Never refused: what is not known is not there."""

    async def programme_seconds(self, ref: str) -> float:
        """Programme time at which the public see what happens now. 0 without a studio."""

    async def finish(self, ref: str, slate: Slate) -> None:
        """Close the gate for good, finish recording, stop the studio. Returns when all is on disk.

        Doing it twice does nothing: the second time the studio is gone and the files are there.
        """


class MailDelayed(Exception):  # noqa: N818  (an outcome, named by what happened)
    """The mail server did not take it now; later it may."""


class MailRefused(Exception):  # noqa: N818
    """It cannot be sent, now or later. The sentence is for staff."""


class Mailer(Protocol):
    """Sends e-mail."""

    async def send(self, message: EmailMessage) -> None:
        """Hand a message to the mail server. Raises ``MailDelayed`` or ``MailRefused``."""


class Announcer(Protocol):
    """Tells everybody who watches a meeting that its state moved on. Called after the commit."""

    async def meeting_changed(self, ref: str) -> None:
        """Public, speakers and staff get the new snapshot."""

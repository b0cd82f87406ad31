"""What the hub may ask of a relay."""

from typing import ClassVar, Literal

from media.control.command import Command, Done, Event, Message
from media.control.feeds import Answer, Patched

Rendition = Literal["auto", "360p", "sound"]
"""``auto`` is 720p as long as it fits the viewer's line. The others are the most that is ever sent."""


class OpenViewer(Command[Answer]):
    """A WHEP player offers to receive a meeting.

    Refused with ``bad_offer`` (what is wrong, in a sentence), ``full``, ``no_programme``, or ``too_many`` of
    ``caller``'s neighbourhood.
    """

    name: ClassVar[str] = "viewer.open"
    reply: ClassVar[type[Message]] = Answer
    meeting: str
    sdp: str
    audio: Literal["floor", "interpreted"] = "floor"
    """Interpreted: the floor, too, wherever there is no interpreter."""
    rendition: Rendition = "auto"
    caller: str = ""
    """The address that asked. Empty: it is not known, and not counted."""


class PatchViewer(Command[Patched]):
    """A player's SDP fragment: candidates, which a lite agent has no use for, or an ICE restart.

    Refused with ``no_session``, ``bad_fragment``, ``stale`` (another ICE session than ``tags`` name) or
    ``too_many``.
    """

    name: ClassVar[str] = "viewer.patch"
    reply: ClassVar[type[Message]] = Patched
    session: str
    fragment: str
    tags: list[str]
    """Entity tags of the ICE session that is meant, without quotes; ``*`` for whichever it is."""


class ChooseRendition(Command[Done]):
    """Another rendition for a session, from the next key picture on. Refused with ``no_session``."""

    name: ClassVar[str] = "viewer.rendition"
    session: str
    rendition: Rendition


class CloseViewer(Command[Done]):
    """End a session. Refused with ``no_session`` when there is none."""

    name: ClassVar[str] = "viewer.close"
    session: str


class RelayStatus(Message):
    """Load, for placing viewers and for the console's count."""

    viewers: dict[str, int]
    """Connected viewers by meeting."""
    capacity: int
    packets_sent: int


class GetRelayStatus(Command[RelayStatus]):
    """Ask for the load."""

    name: ClassVar[str] = "status"
    reply: ClassVar[type[Message]] = RelayStatus


class ViewersChanged(Event):
    """Sent at most once a second when the number of viewers of any meeting changed."""

    name: ClassVar[str] = "viewers"
    status: RelayStatus


class DropMeeting(Command[Done]):
    """A meeting ended: say goodbye to its viewers and leave its bus."""

    name: ClassVar[str] = "meeting.drop"
    meeting: str

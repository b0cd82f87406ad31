"""Encoders and remote speakers: what the hub may ask of a studio about them, and what a studio tells."""

from typing import ClassVar, Literal, TypeAlias

from media.control.command import Command, Done, Event, Message


class Answer(Message):
    """An SDP answer and the name of the session it opened."""

    sdp: str
    session: str
    etag: str = ""
    studio: int = 0
    """Which studio a speaker's offer was answered by: ``StudioStatus.session``."""


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


class NameSpeaker(Command[Done]):
    """Another name for a remote speaker. Refused with ``no_speaker`` when nobody of that id is known."""

    name: ClassVar[str] = "speaker.name"
    speaker: str
    label: str


class CloseSpeaker(Command[Done]):
    """Hang up on a remote speaker; takes them off air first."""

    name: ClassVar[str] = "speaker.close"
    speaker: str


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
    kilobits_per_second: int = 0
    """That arrived in the last five seconds, picture and sound; 0 for what comes by no network."""
    lost_percent: float | None = None
    """Of packets; ``None`` where that cannot be known: RTMP and SRT send again themselves."""
    key_picture_seconds: int | None = None
    """How long ago the last key picture came; ``None`` when there was none, and for what is not encoded."""


class FeedRefused(Event):
    """A publisher was turned away, or cut off, with the reason in a sentence."""

    name: ClassVar[str] = "feed.refused"
    source: str
    protocol: str
    sentence: str

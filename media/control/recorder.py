"""What the hub may ask of a recorder and of a packager."""

from typing import ClassVar

from media.control.command import Command, Event, Message


class RecorderStatus(Message):
    """How much is safe on disk."""

    files: list[str]
    bytes: int
    first_seconds: float
    """Programme time of the first fragment."""
    last_seconds: float
    """Programme time at which the last fragment on disk ends."""
    healthy: bool
    sentence: str


class GetRecorderStatus(Command[RecorderStatus]):
    """Ask for the state of the recording."""

    name: ClassVar[str] = "status"
    reply: ClassVar[type[Message]] = RecorderStatus


class RecorderChanged(Event):
    """Sent once a second while recording."""

    name: ClassVar[str] = "recorder"
    status: RecorderStatus


class FinishRecording(Command[RecorderStatus]):
    """Write what is in hand, fsync, close the files, exit. The reply comes when all is on disk."""

    name: ClassVar[str] = "finish"
    reply: ClassVar[type[Message]] = RecorderStatus


class PackagerStatus(Message):
    """The live edge of the LL-HLS window."""

    segments: int
    last_seconds: float
    age_seconds: float | None = None
    """Since the newest part was out; ``None`` before the first."""


class GetPackagerStatus(Command[PackagerStatus]):
    """Ask for the live edge."""

    name: ClassVar[str] = "status"
    reply: ClassVar[type[Message]] = PackagerStatus


class PackagerChanged(Event):
    """Sent once a second."""

    name: ClassVar[str] = "packager"
    status: PackagerStatus


class FinishPackaging(Command[PackagerStatus]):
    """Write ``EXT-X-ENDLIST``, answer those who wait, exit after the last of them."""

    name: ClassVar[str] = "finish"
    reply: ClassVar[type[Message]] = PackagerStatus

"""What passes between the hub and the ingest process, the front door of RTMP and SRT encoders."""

from typing import ClassVar

from media.control.command import Command, Done, Event, Message


class StreamKey(Message):
    """A stream key that is good now, and where what it brings must go."""

    key: str
    source: str
    feeds_socket: str
    """Path of the studio's Unix socket for byte streams."""


class SetKeys(Command[Done]):
    """The whole list of good keys. A publisher whose key is no longer listed is cut off."""

    name: ClassVar[str] = "keys.set"
    keys: list[StreamKey]


class PublisherRefused(Event):
    """Somebody with a wrong key, or a broken stream, was turned away. The key itself is never told."""

    name: ClassVar[str] = "publisher.refused"
    protocol: str
    address: str
    sentence: str


class IngestStatus(Message):
    """Open publishers by protocol, and the ports in use."""

    rtmp_port: int
    srt_port: int
    publishers: dict[str, int]


class GetIngestStatus(Command[IngestStatus]):
    """Ask for ports and publishers."""

    name: ClassVar[str] = "status"
    reply: ClassVar[type[Message]] = IngestStatus

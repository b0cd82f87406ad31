"""What a decoder process tells the studio: one packet of a ``SOCK_SEQPACKET`` pair for each message.

Every packet begins with a letter. Pictures travel in a ``Ring``, sound within the packet; both carry their
time stamp in microseconds of the stream's own clock, and when they were due in monotonic seconds. Nothing a
child says is believed before it was checked.
"""

import struct
from dataclasses import dataclass
from typing import TypeAlias

from media.programme.picture import BT709

LONGEST_SENTENCE = 300
MOST_SAMPLES = 4096
"""Of one packet; a longer frame of sound is cut."""
LARGEST = 64 * 1024
NO_TIME = -(2**63)
PAGE_REQUEST = struct.Struct("<H")
"""What the studio asks of a renderer of pages: the number of a page, from 1."""

_PICTURE = struct.Struct("<cHHHqdBI?")
_SOUND = struct.Struct("<cIBqd")
_TROUBLE = struct.Struct("<cII")
_CAME = struct.Struct("<cQ")
_ENDING = struct.Struct("<cc")
_SAMPLE_BYTES = 4
HIGHEST_RATE = 384_000


class NotUnderstood(Exception):  # noqa: N818  what a child said, not what we did
    """A packet that no decoder of ours sends."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The tracks were found."""


@dataclass(frozen=True, slots=True)
class PictureAt:
    """A picture lies in a slot."""

    slot: int
    width: int
    height: int
    microseconds: int
    due: float
    """Not a number where it is not known."""
    matrix: int = BT709
    """Of its colours (ITU-T H.273 table 4)."""
    generation: int = 0
    """Of the decoder's memory it was made with; of a ``Unit``."""
    key: bool = False
    """Whether it was encoded so that it needs no other."""


@dataclass(frozen=True, slots=True)
class SoundPiece:
    """Interleaved float32 samples, ``channels`` 1 or 2."""

    rate: int
    channels: int
    microseconds: int
    due: float
    samples: bytes


@dataclass(frozen=True, slots=True)
class Trouble:
    """Counts since the beginning."""

    failures: int
    """Pieces that could not be decoded."""
    skipped: int
    """Pieces that came too late, and pictures for which there was no slot."""


@dataclass(frozen=True, slots=True)
class Came:
    """How much of a stream came so far."""

    octets: int


@dataclass(frozen=True, slots=True)
class Over:
    """The last message. ``refused``: the stream is not taken; otherwise it ended."""

    refused: bool
    sentence: str


Message: TypeAlias = Begun | PictureAt | SoundPiece | Trouble | Came | Over


def pack(message: Message) -> bytes:
    """The packet of a message."""
    match message:
        case Begun():
            return b"B"
        case PictureAt():
            where = (message.slot, message.width, message.height)
            made = (message.matrix, message.generation, message.key)
            return _PICTURE.pack(b"P", *where, message.microseconds, message.due, *made)
        case SoundPiece():
            head = _SOUND.pack(b"S", message.rate, message.channels, message.microseconds, message.due)
            return head + message.samples
        case Trouble():
            return _TROUBLE.pack(b"T", message.failures, message.skipped)
        case Came():
            return _CAME.pack(b"C", message.octets)
        case Over():
            kind = b"R" if message.refused else b"E"
            return _ENDING.pack(b"O", kind) + message.sentence[:LONGEST_SENTENCE].encode()


def unpack(packet: bytes) -> Message:
    """The message in a packet. Raises ``NotUnderstood``."""
    try:
        return _unpack(packet)
    except (struct.error, UnicodeDecodeError) as error:
        raise NotUnderstood(str(error)) from error


def _unpack(packet: bytes) -> Message:
    match packet[:1]:
        case b"B":
            return Begun()
        case b"P":
            _, *fields = _PICTURE.unpack(packet)
            return PictureAt(*fields)
        case b"S":
            _, rate, channels, microseconds, due = _SOUND.unpack_from(packet)
            return _sound(SoundPiece(rate, channels, microseconds, due, packet[_SOUND.size :]))
        case b"T":
            _, failures, skipped = _TROUBLE.unpack(packet)
            return Trouble(failures, skipped)
        case b"C":
            return Came(_CAME.unpack(packet)[1])
        case b"O":
            _, kind = _ENDING.unpack_from(packet)
            return Over(kind == b"R", packet[_ENDING.size :].decode()[:LONGEST_SENTENCE])
    raise NotUnderstood(f"a packet that begins with {packet[:1]!r}")


def _sound(piece: SoundPiece) -> SoundPiece:
    whole = piece.channels in (1, 2) and len(piece.samples) % (piece.channels * _SAMPLE_BYTES) == 0
    if not whole or not piece.samples or not 1000 <= piece.rate <= HIGHEST_RATE:
        raise NotUnderstood(f"{len(piece.samples)} bytes of {piece.channels} channels at {piece.rate} Hz")
    return piece

"""The few SRT packets the front reads or writes itself (draft-sharabayko-srt-01, section 3.2)."""

import struct
from dataclasses import dataclass, replace

INDUCTION = 1
CONCLUSION = 0xFFFFFFFF
REJECTION = 1000
"""A handshake type from here on is a rejection: this number plus the reason."""

UNSECURE = 11
TOO_OLD = 8
BAD_REQUEST = 1400
UNAUTHORISED = 1401
OVERLOAD = 1402
BAD_MODE = 1405
UNAVAILABLE = 1503

LONGEST_STREAM_ID = 512

_HANDSHAKE = 0x8000
_SHUTDOWN = 0x8005
_MAGIC = 0x4A17
_KEY_MATERIAL = 3
_STREAM_ID = 5
_HEADER = struct.Struct(">HHIII")
_BODY = struct.Struct(">IHHIIIIII16s")
_FIXED = _HEADER.size + _BODY.size
_COOKIE_AT = _HEADER.size + 28


@dataclass(frozen=True, slots=True)
class Handshake:
    """A handshake packet with its extensions still packed."""

    timestamp: int
    destination: int
    version: int
    encryption: int
    extension: int
    first_sequence: int
    mtu: int
    window: int
    type: int
    socket: int
    cookie: int
    peer: bytes
    extensions: bytes = b""

    @classmethod
    def parse(cls, datagram: bytes) -> "Handshake | None":
        """``None`` for anything that is not a whole handshake packet."""
        if len(datagram) < _FIXED or int.from_bytes(datagram[:2], "big") != _HANDSHAKE:
            return None
        _, _, _, timestamp, destination = _HEADER.unpack_from(datagram)
        fields = (*_BODY.unpack_from(datagram, _HEADER.size), datagram[_FIXED:])
        return cls(timestamp, destination, *fields)

    def pack(self) -> bytes:
        """The datagram."""
        head = _HEADER.pack(_HANDSHAKE, 0, 0, self.timestamp, self.destination)
        body = _BODY.pack(
            self.version,
            self.encryption,
            self.extension,
            self.first_sequence,
            self.mtu,
            self.window,
            self.type,
            self.socket,
            self.cookie,
            self.peer,
        )
        return head + body + self.extensions

    def induction_answer(self, cookie: int) -> "Handshake":
        """What a listener says to a caller's induction; no longer than the question."""
        return replace(
            self,
            destination=self.socket,
            version=5,
            encryption=0,
            extension=_MAGIC,
            cookie=cookie,
            extensions=b"",
        )

    def rejection(self, reason: int) -> "Handshake":
        """What a listener says to a caller it does not take."""
        return replace(self, destination=self.socket, extension=0, type=REJECTION + reason, extensions=b"")

    def induction_again(self) -> "Handshake":
        """The induction this caller began with, made from its conclusion."""
        return replace(
            self,
            destination=0,
            version=4,
            encryption=0,
            extension=2,
            type=INDUCTION,
            cookie=0,
            extensions=b"",
        )

    @property
    def rejected(self) -> bool:
        """Whether this says no."""
        return REJECTION <= self.type < CONCLUSION

    @property
    def encrypted(self) -> bool:
        """Whether the caller brings key material."""
        return any(kind == _KEY_MATERIAL for kind, _ in self._blocks())

    @property
    def stream_id(self) -> str | None:
        """The text of the stream id extension, ``None`` without one or when it is malformed."""
        for kind, content in self._blocks():
            if kind == _STREAM_ID and len(content) <= LONGEST_STREAM_ID:
                # Four bytes at a time, each word the other way round (section 3.2.1.3).
                words = (content[at : at + 4][::-1] for at in range(0, len(content), 4))
                return b"".join(words).rstrip(b"\0").decode("utf-8", "replace")
        return None

    def _blocks(self) -> list[tuple[int, bytes]]:
        blocks = []
        rest = self.extensions
        while len(rest) >= 4:
            kind, words = struct.unpack_from(">HH", rest)
            content = rest[4 : 4 + 4 * words]
            if len(content) < 4 * words:
                break
            blocks.append((kind, content))
            rest = rest[4 + 4 * words :]
        return blocks


def with_cookie(datagram: bytes, cookie: int) -> bytes:
    """A handshake packet with another cookie in it."""
    return datagram[:_COOKIE_AT] + struct.pack(">I", cookie) + datagram[_COOKIE_AT + 4 :]


def is_shutdown(datagram: bytes) -> bool:
    """Whether the peer says that it leaves."""
    return datagram[:2] == _SHUTDOWN.to_bytes(2, "big")


def shutdown(destination: int) -> bytes:
    """Tell the peer that the connection is over."""
    return _HEADER.pack(_SHUTDOWN, 0, 0, 0, destination) + bytes(4)

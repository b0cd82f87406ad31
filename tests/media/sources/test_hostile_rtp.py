"""What an encoder or a resident may send as RTP: taken, left to aiortc or dropped, never a fault."""

import struct

from hypothesis import given
from hypothesis import strategies as some
from pylibsrtp import Error

from tests.media.sources.test_shortcut import SSRC, TYPE, Line
from tests.support.fuzz import fuzz

BEGUN = 100


@fuzz
@given(some.binary(max_size=80))
def test_any_bytes_as_a_packet(data: bytes) -> None:
    line = Line()
    line.begin(BEGUN)
    line.shortcut.take(data)
    assert line.frames == []


@fuzz
@given(
    first=some.integers(0, 255),
    marker=some.integers(0, 1),
    kind=some.sampled_from([TYPE, 0, 127]),
    number=some.integers(BEGUN - 2, BEGUN + 2),
    rest=some.binary(max_size=60),
)
def test_any_packet_from_who_has_the_key(
    first: int, marker: int, kind: int, number: int, rest: bytes
) -> None:
    """Header bits, lengths of extensions, payloads that are no picture's; a good packet is taken next."""
    line = Line()
    line.begin(BEGUN)
    head = struct.pack("!BBHLL", first & 0x3F | 0x80, marker << 7 | kind, number, 3600, SSRC)
    # What libsrtp itself would not encrypt, nobody can send.
    if (data := _protected(line, head + rest)) is None:
        return
    taken = line.shortcut.take(data)
    assert not taken or number == BEGUN
    line.begin(BEGUN + 5)
    assert line.send(BEGUN + 5)
    assert line.frames[-1][1] == b"\0\0\0\1\x65x"


@fuzz
@given(payload=some.binary(min_size=1, max_size=60), extension=some.binary(max_size=32))
def test_any_payload_and_any_extension(payload: bytes, extension: bytes) -> None:
    line = Line()
    line.begin(BEGUN)
    words = extension[: len(extension) // 4 * 4]
    head = struct.pack("!BBHLL", 0x90, 0x80 | TYPE, BEGUN, 3600, SSRC)
    said = b"\xbe\xde" + struct.pack("!H", len(words) // 4) + words
    assert line.shortcut.take(line.sender.protect(head + said + payload))
    line.begin(BEGUN + 1)
    assert line.send(BEGUN + 1)


def _protected(line: Line, packet: bytes) -> bytes | None:
    try:
        return line.sender.protect(packet)
    except Error:
        return None

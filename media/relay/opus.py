"""Opus frames that share a packet (RFC 6716 section 3.2): the same bits, fewer packets."""

from collections.abc import Sequence

FRAMES = 3
"""60 ms: more would cost a listener more than one lost packet should."""

_ONE_FRAME, _TWO_FRAMES, _COUNTED = 0, 1, 3
_CODE = 0x03
_VARIABLE = 0x80
_SHORT = 252
"""A length below this is one byte."""


def join(packets: Sequence[bytes]) -> list[bytes]:
    """One packet of all frames where the format allows it, otherwise the packets as they are.

    It does when each has one frame, and all were made in the same way: mode, bandwidth, duration, channels.
    """
    if not 2 <= len(packets) <= FRAMES or not _alike(packets):
        return list(packets)
    toc, frames = packets[0][0], [packet[1:] for packet in packets]
    if len(frames) == 2 and len(frames[0]) == len(frames[1]):
        return [bytes([toc | _TWO_FRAMES]) + b"".join(frames)]
    lengths = b"".join(_length(len(frame)) for frame in frames[:-1])
    return [bytes([toc | _COUNTED, _VARIABLE | len(frames)]) + lengths + b"".join(frames)]


def _alike(packets: Sequence[bytes]) -> bool:
    return all(
        len(packet) > 1 and packet[0] == packets[0][0] and packet[0] & _CODE == _ONE_FRAME
        for packet in packets
    )


def _length(size: int) -> bytes:
    if size < _SHORT:
        return bytes([size])
    first = _SHORT + (size & 3)
    return bytes([first, (size - first) // 4])

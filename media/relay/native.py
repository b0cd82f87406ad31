"""libsrtp's own function, by way of pylibsrtp's binding: in place, without two copies and an object a packet.

The binding is private to pylibsrtp. Where it is not what it was, everything goes by its public ``protect``.
"""

from collections.abc import Callable, Sequence
from typing import Any

from pylibsrtp import Session

Places = tuple[Sequence[Any], Sequence[Any]]
"""Pointers to packets, and as many to their lengths."""

Protect = Callable[[Any, Any, Any], int]

protect: Protect | None
"""Encrypts a packet where it lies; 0 when it did. ``None``: there is no such way."""

try:
    from pylibsrtp._binding import ffi, lib
except ImportError:
    protect = None
else:
    protect = getattr(lib, "srtp_protect", None)


def handle(session: Session) -> Any | None:
    """What ``protect`` wants as its first argument. It lives as long as the session."""
    holder = getattr(session, "_srtp", None)
    return None if holder is None or protect is None else holder[0]


class Pointers:
    """Into one piece of memory for packets and one for their lengths."""

    def __init__(self, memory: bytearray, lengths: bytearray) -> None:
        self._packets = None if protect is None else ffi.from_buffer(memory)
        self._lengths = None if protect is None else ffi.from_buffer("int[]", lengths)

    def places(self, starts: Sequence[int]) -> Places | None:
        """For packets that begin here, from the last to the first; ``None``: there is no way to use them.

        In this order libsrtp moves the window of numbers it has seen once for a burst, not for each packet.
        """
        if self._packets is None or self._lengths is None:
            return None
        backwards = range(len(starts) - 1, -1, -1)
        return [self._packets + starts[n] for n in backwards], [self._lengths + n for n in backwards]

"""The little that the studio reads of a NUT stream itself: where its head ends.

A NUT file begins with its headers; the frames that follow are found again by their sync points (NUT open
container format, "startcodes"). Kept apart, the head lets a fresh decoder go on in the middle of a stream.
"""

import socket

SYNC_POINT = (0x4E4BE4ADEECA4569).to_bytes(8, "big")
LARGEST_HEAD = 64 * 1024


def head_of(begun: bytes) -> bytes:
    """What stands before the first sync point; nothing when there is none."""
    end = begun.find(SYNC_POINT)
    return begun[:end] if end > 0 else b""


def read_head(connection: socket.socket, begun: bytes, idle: float) -> bytes:
    """``begun`` and what follows, up to the first sync point at least.

    Gives back less when the stream ends, falls silent for ``idle`` seconds or is no NUT: whoever decodes it
    will say so.
    """
    connection.settimeout(idle)
    while SYNC_POINT not in begun and len(begun) < LARGEST_HEAD:
        more = _receive(connection)
        if not more:
            break
        begun += more
    return begun


def read_kept(connection: socket.socket, begun: bytes, kept: int, idle: float) -> bytes:
    """``begun`` and what follows, ``kept`` bytes at least: what is read after that is new.

    Gives back less when the stream ends or falls silent for ``idle`` seconds.
    """
    connection.settimeout(idle)
    read = bytearray(begun)
    while len(read) < kept:
        more = _receive(connection)
        if not more:
            break
        read += more
    return bytes(read)


def _receive(connection: socket.socket) -> bytes:
    """Nothing at the end, or when nothing comes."""
    try:
        return connection.recv(LARGEST_HEAD)
    except (TimeoutError, ConnectionError):
        return b""


def resume(connection: socket.socket, head: bytes, idle: float) -> bytes:
    """Skip to the next sync point: the head, and the stream from there. Nothing when no more comes.

    The demuxer would find a sync point by itself, but leaves out the group that follows it.
    """
    connection.settimeout(idle)
    seen = b""
    while True:
        at = seen.find(SYNC_POINT)
        if at >= 0:
            return head + seen[at:]
        more = _receive(connection)
        if not more:
            return b""
        seen = seen[-len(SYNC_POINT) :] + more

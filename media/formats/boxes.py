"""Boxes of the ISO base media file format (ISO/IEC 14496-12, section 4.2): writing and walking them."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAXIMUM = 1 << 32


class BoxError(ValueError):
    """The bytes are not the boxes they should be. The message says where."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box inside ``data``: payload from ``start`` to ``end``, header at ``offset``."""

    kind: str
    offset: int
    start: int
    end: int


def box(kind: str, *payload: bytes) -> bytes:
    """A box around the payloads."""
    size = 8 + sum(map(len, payload))
    if size >= MAXIMUM:
        raise BoxError(f"A {kind} box of {size} bytes is too large")
    return b"".join((struct.pack(">I4s", size, kind.encode("ascii")), *payload))


def full_box(kind: str, version: int, flags: int, *payload: bytes) -> bytes:
    """A box that begins with a version and 24 flags."""
    return box(kind, struct.pack(">I", version << 24 | flags), *payload)


def walk(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes that follow each other from ``start`` to ``end``. Raises ``BoxError`` at a torn one."""
    end = len(data) if end is None else end
    while start < end:
        if end - start < 8:
            raise BoxError(f"Half a box header at byte {start}")
        size, kind = struct.unpack_from(">I4s", data, start)
        if size < 8 or start + size > end:
            raise BoxError(f"The box at byte {start} says it has {size} bytes, which do not fit")
        yield Box(kind.decode("latin-1"), start, start + 8, start + size)
        start += size


def find(data: bytes, path: str, start: int = 0, end: int | None = None) -> list[Box]:
    """All boxes at a path such as ``moov/trak/mdia``. Raises ``BoxError`` at a torn one on the way."""
    kind, _, rest = path.partition("/")
    here = [found for found in walk(data, start, end) if found.kind == kind]
    if not rest:
        return here
    return [inner for outer in here for inner in find(data, rest, outer.start, outer.end)]


def find_one(data: bytes, path: str, start: int = 0, end: int | None = None) -> Box:
    """The only box at a path. Raises ``BoxError`` when there is none, or more."""
    found = find(data, path, start, end)
    if len(found) != 1:
        raise BoxError(f"Expected one {path} box and found {len(found)}")
    return found[0]

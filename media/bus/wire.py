"""How one access unit is written down: a length, a fixed header, the track's name, the data.

All numbers are big-endian. The length counts everything after itself.

====== ======================================================
bytes  field
====== ======================================================
4      length
1      version, 1
1      flags: bit 0 set for a key unit
1      length of the track's name
4      session
4      sequence
8      epoch_ms
8      pts, signed
4      duration
n      name of the track, ASCII
rest   data
====== ======================================================
"""

import struct

from media.access_unit import AccessUnit, Track

UNIT_LIMIT = 4 * 1024 * 1024
"""Bytes. A picture larger than this is a mistake, not a picture."""

_VERSION = 1
_KEY = 1
_LENGTH = struct.Struct(">I")
_HEADER = struct.Struct(">BBBIIQqI")
_TRACKS = {track.value.encode(): track for track in Track}


class WireError(ValueError):
    """The bytes are not a unit. The stream they came from cannot be trusted any further."""


def encode(unit: AccessUnit) -> bytes:
    """One unit with its length in front. Raises ``WireError`` for one above ``UNIT_LIMIT``."""
    name = unit.track.value.encode()
    size = _HEADER.size + len(name) + len(unit.data)
    if size > UNIT_LIMIT:
        raise WireError(f"A unit of {size} bytes is above the limit of {UNIT_LIMIT}")
    header = _HEADER.pack(
        _VERSION,
        _KEY if unit.key else 0,
        len(name),
        unit.session,
        unit.sequence,
        unit.epoch_ms,
        unit.pts,
        unit.duration,
    )
    return b"".join((_LENGTH.pack(size), header, name, unit.data))


def decode(frame: bytes) -> AccessUnit | None:
    """The one unit of a frame as ``encode`` made it; ``None`` for a track of a later version.

    Raises ``WireError`` for anything else.
    """
    if len(frame) < _LENGTH.size or _LENGTH.unpack_from(frame)[0] != len(frame) - _LENGTH.size:
        raise WireError("The length does not fit the frame")
    return _decode_body(memoryview(frame)[_LENGTH.size :])


def _decode_body(body: memoryview) -> AccessUnit | None:
    if len(body) < _HEADER.size:
        raise WireError(f"A frame of {len(body)} bytes is shorter than its header")
    version, flags, name_size, session, sequence, epoch_ms, pts, duration = _HEADER.unpack_from(body)
    if version != _VERSION:
        raise WireError(f"Version {version} is not known")
    start = _HEADER.size + name_size
    if start > len(body):
        raise WireError("The frame ends within the track's name")
    track = _TRACKS.get(bytes(body[_HEADER.size : start]))
    if track is None:
        return None
    return AccessUnit(
        track=track,
        session=session,
        sequence=sequence,
        epoch_ms=epoch_ms,
        pts=pts,
        duration=duration,
        key=bool(flags & _KEY),
        data=bytes(body[start:]),
    )


class FrameDecoder:
    """Turns a byte stream back into units, however it was cut."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes | memoryview) -> list[AccessUnit]:
        """The units that ``data`` completed. Raises ``WireError`` when the stream is not ours."""
        self._buffer += data
        units: list[AccessUnit] = []
        position = 0
        with memoryview(self._buffer) as view:
            while len(view) - position >= _LENGTH.size:
                (size,) = _LENGTH.unpack_from(view, position)
                if size > UNIT_LIMIT:
                    raise WireError(f"A frame of {size} bytes is above the limit of {UNIT_LIMIT}")
                start = position + _LENGTH.size
                if len(view) < start + size:
                    break
                position = start + size
                with view[start:position] as body:
                    unit = _decode_body(body)
                if unit is not None:
                    units.append(unit)
        del self._buffer[:position]
        return units

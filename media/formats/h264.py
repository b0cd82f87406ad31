"""H.264 byte strings: NAL units, parameter sets, the picture's size (ITU-T H.264, 7.3, 7.4 and Annex B)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

IDR, SEI, SPS, PPS, DELIMITER, FILLER = 5, 6, 7, 8, 9, 12
NOT_IN_SAMPLES = frozenset({SPS, PPS, DELIMITER, FILLER})
CHROMA_PROFILES = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128})

_START_CODE = re.compile(b"\x00\x00\x01")


@dataclass(frozen=True, slots=True)
class ParameterSets:
    """One SPS and one PPS, without start codes: what a decoder must know before the first slice."""

    sps: bytes
    pps: bytes

    @property
    def codec(self) -> str:
        """The RFC 6381 name, such as ``avc1.42c01f``."""
        return f"avc1.{self.sps[1:4].hex()}"


@dataclass(frozen=True, slots=True)
class SpsFacts:
    """What an SPS says of the picture. ``width`` and ``height`` are in luma samples, after cropping."""

    width: int
    height: int
    chroma_format: int
    luma_bits: int
    chroma_bits: int


def split_annex_b(data: bytes) -> list[bytes]:
    """The NAL units between three- and four-byte start codes, without trailing zero bytes (Annex B.1)."""
    starts = [match.end() for match in _START_CODE.finditer(data)]
    ends = [start - 3 for start in starts[1:]]
    if starts:
        ends.append(len(data))
    return [unit for start, end in zip(starts, ends, strict=True) if (unit := data[start:end].rstrip(b"\0"))]


def nal_type(unit: bytes) -> int:
    """Five bits of the first byte (table 7-1)."""
    return unit[0] & 0x1F


def to_avcc(units: Iterable[bytes]) -> bytes:
    """A sample of an ``avc1`` track: four-byte lengths, no parameter sets (ISO 14496-15, 5.3)."""
    kept = [unit for unit in units if nal_type(unit) not in NOT_IN_SAMPLES]
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in kept)


def find_parameter_sets(units: Iterable[bytes]) -> ParameterSets | None:
    """The first SPS and PPS among the units, ``None`` unless both are there."""
    found: dict[int, bytes] = {}
    for unit in units:
        found.setdefault(nal_type(unit), unit)
    if SPS not in found or PPS not in found:
        return None
    return ParameterSets(found[SPS], found[PPS])


def read_sps(sps: bytes) -> SpsFacts:
    """Read an SPS without its start code (7.3.2.1.1). Raises ``ValueError`` when it ends too early."""
    bits = _Bits(sps[1:])
    profile = bits.take(8)
    bits.take(16)
    bits.unsigned()
    chroma, luma_bits, chroma_bits = 1, 8, 8
    if profile in CHROMA_PROFILES:
        chroma, luma_bits, chroma_bits = _chroma(bits)
    bits.unsigned()
    _skip_picture_order(bits)
    bits.unsigned()
    bits.take(1)
    columns, rows = bits.unsigned() + 1, bits.unsigned() + 1
    frames_only = bits.take(1)
    if not frames_only:
        bits.take(1)
    bits.take(1)
    left, right, top, bottom = [bits.unsigned() for _ in range(4)] if bits.take(1) else (0, 0, 0, 0)
    across, down = {0: (1, 1), 1: (2, 2), 2: (2, 1), 3: (1, 1)}[chroma]
    down *= 2 - frames_only
    width = columns * 16 - (left + right) * across
    height = rows * 16 * (2 - frames_only) - (top + bottom) * down
    return SpsFacts(width, height, chroma, luma_bits, chroma_bits)


def _chroma(bits: "_Bits") -> tuple[int, int, int]:
    chroma = bits.unsigned()
    if chroma > 3:
        raise ValueError(f"chroma_format_idc {chroma} does not exist")
    if chroma == 3:
        bits.take(1)
    luma, colour = bits.unsigned() + 8, bits.unsigned() + 8
    bits.take(1)
    if bits.take(1):
        raise ValueError("An SPS with scaling matrices is not read here")
    return chroma, luma, colour


def _skip_picture_order(bits: "_Bits") -> None:
    kind = bits.unsigned()
    if kind == 0:
        bits.unsigned()
    elif kind == 1:
        bits.take(1)
        bits.unsigned()
        bits.unsigned()
        for _ in range(bits.unsigned()):
            bits.unsigned()


class _Bits:
    """Reads an RBSP: emulation prevention bytes are dropped first (section 7.4.1)."""

    def __init__(self, payload: bytes) -> None:
        payload = payload.replace(b"\0\0\3", b"\0\0")
        self._value = int.from_bytes(payload, "big")
        self._left = len(payload) * 8

    def take(self, count: int) -> int:
        if count > self._left:
            raise ValueError("The SPS ends too early")
        self._left -= count
        return (self._value >> self._left) & ((1 << count) - 1)

    def unsigned(self) -> int:
        """ue(v), section 9.1."""
        zeros = 0
        while not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)

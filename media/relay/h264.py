"""H.264 access units to RTP payloads (RFC 6184, packetization-mode 1)."""

PAYLOAD_LIMIT = 1160
"""Bytes. With header, extension and authentication tag a packet stays within 1,200."""

_FU_A = 28
_STAP_A = 24
_SEI, _SPS, _PPS, _AUD, _FILLER = 6, 7, 8, 9, 12
_NOT_SENT = {_SEI, _AUD, _FILLER}
_FU_OVERHEAD = 2


def split(data: bytes) -> list[bytes]:
    """The NAL units of an Annex B byte string, without start codes and padding. Empty ones are left out."""
    units = (part.rstrip(b"\x00") for part in data.split(b"\x00\x00\x01")[1:])
    return [unit for unit in units if unit]


def payloads(data: bytes) -> list[bytes]:
    """RTP payloads of one access unit in order; the last one carries the marker.

    Parameter sets travel together in one STAP-A when they fit. A large NAL unit becomes FU-A fragments of one
    size; only the last may be shorter, so that one segmented send can carry them.
    """
    nals = [nal for nal in split(data) if nal[0] & 0x1F not in _NOT_SENT]
    parameters = [nal for nal in nals if nal[0] & 0x1F in (_SPS, _PPS)]
    slices = [nal for nal in nals if nal[0] & 0x1F not in (_SPS, _PPS)]
    result = _aggregate(parameters)
    for nal in slices:
        result += _fragment(nal)
    return result


def _aggregate(nals: list[bytes]) -> list[bytes]:
    size = 1 + sum(2 + len(nal) for nal in nals)
    if len(nals) < 2 or size > PAYLOAD_LIMIT:
        return [fragment for nal in nals for fragment in _fragment(nal)]
    importance = max(nal[0] & 0x60 for nal in nals)
    return [bytes([importance | _STAP_A]) + b"".join(len(nal).to_bytes(2, "big") + nal for nal in nals)]


def _fragment(nal: bytes) -> list[bytes]:
    if len(nal) <= PAYLOAD_LIMIT:
        return [nal]
    indicator = (nal[0] & 0x60) | _FU_A
    kind = nal[0] & 0x1F
    body = len(nal) - 1
    count = -(-body // (PAYLOAD_LIMIT - _FU_OVERHEAD))
    size = -(-body // count)
    fragments = []
    for start in range(1, len(nal), size):
        first = 0x80 if start == 1 else 0
        last = 0x40 if start + size >= len(nal) else 0
        fragments.append(bytes([indicator, first | last | kind]) + nal[start : start + size])
    return fragments

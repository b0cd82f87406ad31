"""Fragmented MP4 of our own: exact cuts, no frame of delay, one kind of bytes for LL-HLS and recording.

ISO/IEC 14496-12 for the boxes, 14496-15 for ``avcC``, 14496-1 and 14496-14 for ``esds``. PyAV could
write this too, but always holds one frame back and stalls both tracks when one is silent.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from media.access_unit import AUDIO_CLOCK, VIDEO_CLOCK
from media.formats.boxes import box, full_box
from media.formats.h264 import ParameterSets, read_sps

VIDEO_ID, AUDIO_ID = 1, 2
AAC_CODEC = "mp4a.40.2"
AAC_STEREO_48K = bytes((0x11, 0x90))
"""AudioSpecificConfig of AAC LC, 48 kHz, two channels (ISO 14496-3, 1.6.2.1)."""

SYNC_SAMPLE = 0x0200_0000
"""sample_depends_on = 2: depends on no other."""
OTHER_SAMPLE = 0x0101_0000
"""sample_depends_on = 1 and sample_is_non_sync_sample."""

DEFAULT_BASE_IS_MOOF = 0x02_0000
DEFAULT_FLAGS_PRESENT = 0x20
DATA_OFFSET, DURATIONS, SIZES, FLAGS = 0x1, 0x100, 0x200, 0x400

_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture or sound frame as it lies in ``mdat``. ``duration`` is in units of the track's clock."""

    data: bytes
    duration: int
    key: bool


@dataclass(frozen=True, slots=True)
class TrackRun:
    """Samples of one track that follow each other from ``decode_time`` without a gap."""

    track: int
    decode_time: int
    samples: Sequence[Sample]


def init_segment(video: ParameterSets | None, audio: bool = True) -> bytes:
    """``ftyp`` and ``moov`` for a video track (``None``: none) and an AAC LC 48 kHz stereo track."""
    traks, extends = [], []
    if video is not None:
        traks.append(_video_trak(video))
        extends.append(_trex(VIDEO_ID))
    if audio:
        traks.append(_audio_trak())
        extends.append(_trex(AUDIO_ID))
    ftyp = box("ftyp", b"iso6", struct.pack(">I", 1), b"iso6", b"iso5", b"cmfc", b"mp41")
    return ftyp + box("moov", _mvhd(), *traks, box("mvex", *extends))


def fragment(sequence: int, runs: Sequence[TrackRun]) -> bytes:
    """``moof`` and ``mdat`` with the runs in the order given (ISO 14496-12, 8.8.4 to 8.8.8)."""
    runs = [run for run in runs if run.samples]
    size = len(_moof(sequence, runs, 0))
    moof = _moof(sequence, runs, size + 8)
    return moof + box("mdat", *(sample.data for run in runs for sample in run.samples))


def _moof(sequence: int, runs: Sequence[TrackRun], offset: int) -> bytes:
    trafs = []
    for run in runs:
        trafs.append(_traf(run, offset))
        offset += sum(len(sample.data) for sample in run.samples)
    return box("moof", full_box("mfhd", 0, 0, struct.pack(">I", sequence)), *trafs)


def _traf(run: TrackRun, offset: int) -> bytes:
    tfhd = full_box(
        "tfhd", 0, DEFAULT_BASE_IS_MOOF | DEFAULT_FLAGS_PRESENT, struct.pack(">II", run.track, SYNC_SAMPLE)
    )
    tfdt = full_box("tfdt", 1, 0, struct.pack(">Q", run.decode_time))
    head = struct.pack(">Ii", len(run.samples), offset)
    if run.track == AUDIO_ID:
        rows = b"".join(struct.pack(">II", sample.duration, len(sample.data)) for sample in run.samples)
        return box("traf", tfhd, tfdt, full_box("trun", 0, DATA_OFFSET | DURATIONS | SIZES, head, rows))
    rows = b"".join(
        struct.pack(">III", sample.duration, len(sample.data), SYNC_SAMPLE if sample.key else OTHER_SAMPLE)
        for sample in run.samples
    )
    return box("traf", tfhd, tfdt, full_box("trun", 0, DATA_OFFSET | DURATIONS | SIZES | FLAGS, head, rows))


def _mvhd() -> bytes:
    return full_box(
        "mvhd", 0, 0,
        struct.pack(">IIIIIH10x", 0, 0, 1000, 0, 0x10000, 0x0100), _MATRIX, bytes(24),
        struct.pack(">I", AUDIO_ID + 1),
    )  # fmt: skip


def _trex(track: int) -> bytes:
    return full_box("trex", 0, 0, struct.pack(">IIIII", track, 1, 0, 0, 0))


def _video_trak(sets: ParameterSets) -> bytes:
    facts = read_sps(sets.sps)
    entry = box(
        "avc1",
        struct.pack(">6xH16xHHIIIH", 1, facts.width, facts.height, 0x480000, 0x480000, 0, 1),
        bytes(32),
        struct.pack(">Hh", 24, -1),
        _avcc(sets),
    )
    header = full_box("vmhd", 0, 1, bytes(8))
    return _trak(VIDEO_ID, VIDEO_CLOCK, "vide", header, entry, (facts.width, facts.height))


def _avcc(sets: ParameterSets) -> bytes:
    facts = read_sps(sets.sps)
    extra = b""
    if sets.sps[1] in (100, 110, 122, 144):
        extra = bytes(
            (0xFC | facts.chroma_format, 0xF8 | facts.luma_bits - 8, 0xF8 | facts.chroma_bits - 8, 0)
        )
    return box(
        "avcC",
        bytes((1, *sets.sps[1:4], 0xFF, 0xE1)),
        struct.pack(">H", len(sets.sps)), sets.sps,
        struct.pack(">BH", 1, len(sets.pps)), sets.pps,
        extra,
    )  # fmt: skip


def _audio_trak() -> bytes:
    entry = box("mp4a", struct.pack(">6xH8xHHIHH", 1, 2, 16, 0, AUDIO_CLOCK, 0), _esds())
    return _trak(AUDIO_ID, AUDIO_CLOCK, "soun", full_box("smhd", 0, 0, bytes(4)), entry, (0, 0))


def _esds() -> bytes:
    specific = _descriptor(5, AAC_STEREO_48K)
    config = _descriptor(4, struct.pack(">BB3xII", 0x40, 0x15, 0, 0), specific)
    return full_box("esds", 0, 0, _descriptor(3, struct.pack(">HB", 1, 0), config, _descriptor(6, b"\2")))


def _descriptor(tag: int, *payload: bytes) -> bytes:
    body = b"".join(payload)
    return bytes((tag, len(body))) + body


def _trak(track: int, clock: int, handler: str, header: bytes, entry: bytes, size: tuple[int, int]) -> bytes:
    sound = handler == "soun"
    tkhd = full_box(
        "tkhd", 0, 7,
        struct.pack(">IIIIIQHHHH", 0, 0, track, 0, 0, 0, 0, int(sound), 0x0100 if sound else 0, 0),
        _MATRIX, struct.pack(">II", size[0] << 16, size[1] << 16),
    )  # fmt: skip
    mdhd = full_box("mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, clock, 0, 0x55C4, 0))
    hdlr = full_box("hdlr", 0, 0, struct.pack(">I4s12x", 0, handler.encode()), b"programme\0")
    dinf = box("dinf", full_box("dref", 0, 0, struct.pack(">I", 1), full_box("url ", 0, 1)))
    empty = struct.pack(">I", 0)
    stbl = box(
        "stbl",
        full_box("stsd", 0, 0, struct.pack(">I", 1), entry),
        full_box("stts", 0, 0, empty), full_box("stsc", 0, 0, empty),
        full_box("stsz", 0, 0, empty, empty), full_box("stco", 0, 0, empty),
    )  # fmt: skip
    return box("trak", tkhd, box("mdia", mdhd, hdlr, box("minf", header, dinf, stbl)))

"""Reading back what ``media.formats.cmaf`` writes, strictly: for verification, tests and repair."""

import struct
from dataclasses import dataclass

from media.formats.boxes import BoxError, find, find_one, walk
from media.formats.cmaf import DATA_OFFSET, DURATIONS, FLAGS, SIZES


@dataclass(frozen=True, slots=True)
class TrackFacts:
    """One track of an init segment."""

    track: int
    clock_rate: int
    handler: str


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One ``traf`` of a fragment. Times are in units of the track's clock."""

    track: int
    decode_time: int
    durations: tuple[int, ...]
    sizes: tuple[int, ...]
    keys: tuple[bool, ...]
    offset: int
    """Of the first sample, from the start of the fragment."""

    @property
    def end(self) -> int:
        """Decode time at which the last sample ends."""
        return self.decode_time + sum(self.durations)


@dataclass(frozen=True, slots=True)
class FragmentFacts:
    """One ``moof`` with its ``mdat``."""

    sequence: int
    runs: tuple[RunFacts, ...]


def read_init(data: bytes) -> tuple[TrackFacts, ...]:
    """The tracks of ``ftyp`` + ``moov``. Raises ``BoxError`` when it is anything else."""
    kinds = [found.kind for found in walk(data)]
    if kinds != ["ftyp", "moov"]:
        raise BoxError(f"Expected ftyp and moov and found {kinds}")
    moov = find_one(data, "moov")
    tracks = []
    for trak in find(data, "trak", moov.start, moov.end):
        tkhd = find_one(data, "tkhd", trak.start, trak.end)
        mdhd = find_one(data, "mdia/mdhd", trak.start, trak.end)
        hdlr = find_one(data, "mdia/hdlr", trak.start, trak.end)
        (number,) = _unpack(">12xI", data, tkhd.start)
        (clock,) = _unpack(">12xI", data, mdhd.start)
        tracks.append(TrackFacts(number, clock, data[hdlr.start + 8 : hdlr.start + 12].decode("latin-1")))
    if not tracks:
        raise BoxError("The init segment has no track")
    return tuple(tracks)


def read_fragment(data: bytes) -> FragmentFacts:
    """One fragment. Raises ``BoxError`` unless it is ``moof`` + ``mdat`` and the samples fill ``mdat``."""
    top = list(walk(data))
    if [found.kind for found in top] != ["moof", "mdat"]:
        raise BoxError(f"Expected moof and mdat and found {[found.kind for found in top]}")
    moof, mdat = top
    (sequence,) = _unpack(">4xI", data, find_one(data, "mfhd", moof.start, moof.end).start)
    runs = tuple(_read_run(data, traf.start, traf.end) for traf in find(data, "traf", moof.start, moof.end))
    expected = mdat.start
    for run in runs:
        if run.offset != expected:
            raise BoxError(f"Track {run.track} begins at byte {run.offset}, not {expected}")
        expected += sum(run.sizes)
    if expected != mdat.end:
        raise BoxError(f"The samples end at byte {expected}, mdat at {mdat.end}")
    return FragmentFacts(sequence, runs)


def _read_run(data: bytes, start: int, end: int) -> RunFacts:
    tfhd = find_one(data, "tfhd", start, end)
    (track,) = _unpack(">4xI", data, tfhd.start)
    (decode_time,) = _unpack(">4xQ", data, find_one(data, "tfdt", start, end).start)
    trun = find_one(data, "trun", start, end)
    flags, count, offset = _unpack(">IIi", data, trun.start)
    flags &= 0xFFFFFF
    if flags & ~FLAGS != DATA_OFFSET | DURATIONS | SIZES:
        raise BoxError(f"trun flags {flags:06x} are not ours")
    width = 3 if flags & FLAGS else 2
    if trun.start + 12 + count * width * 4 != trun.end:
        raise BoxError("trun has another length than its samples")
    rows = _unpack(f">{count * width}I", data, trun.start + 12)
    keys = tuple(not row & 0x10000 for row in rows[2::3]) if width == 3 else (True,) * count
    return RunFacts(track, decode_time, rows[0::width], rows[1::width], keys, offset)


def _unpack(layout: str, data: bytes, offset: int) -> tuple[int, ...]:
    try:
        return struct.unpack_from(layout, data, offset)
    except struct.error as error:
        raise BoxError(f"A box ends too early at byte {offset}") from error

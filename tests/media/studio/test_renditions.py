"""Both renditions of a real studio at 30 pictures a second, through the gate, to what reads the bus."""

import asyncio
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext

from media.access_unit import AccessUnit, Track
from media.bus import subscribe
from media.control.studio import GateState
from media.formats.cmaf import init_segment
from media.formats.fragmenter import Fragment
from media.hls.segmenter import Segmenter, SegmentStart
from media.programme.picture import planes
from media.recorder.cutter import Cutter
from media.sources.ice import listen_on
from tests.media.studio.house import House
from tests.media.studio.test_process import slate_colour
from tests.support.encoded import pictures as decoded

SIZES = {Track.VIDEO_720: (1280, 720), Track.VIDEO_360: (640, 360)}


async def gather(house: House, seconds: float) -> list[AccessUnit]:
    """So much of the programme, with a private session in its second half."""
    bus = subscribe(house.bus)
    units: list[AccessUnit] = []
    private = False
    async with asyncio.timeout(60):
        async for unit in bus:
            units.append(unit)
            so_far = unit.seconds - units[0].seconds
            if so_far > seconds / 2 and not private:
                private = True
                await house.gate(GateState.PRIVATE)
            if so_far > seconds:
                break
    await bus.close()
    return units


def show(units: list[AccessUnit]) -> dict[int, av.VideoFrame]:
    """Every picture of a track, by its time."""
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, VideoCodecContext)
    found = {}
    for unit in units:
        for frame in decoder.decode(av.Packet(unit.data)):
            found[unit.pts] = frame
    return found


def is_slate(frame: av.VideoFrame) -> bool:
    corner = [int(plane[4, 4]) for plane in planes(frame)]
    return all(abs(a - b) < 8 for a, b in zip(corner, slate_colour(), strict=True))


async def test_both_renditions_of_a_programme_with_a_private_session(tmp_path: Path) -> None:
    listen_on("127.0.0.1")
    house = House(tmp_path, generated_feed=True, pictures=30, small=True)
    await house.start()
    try:
        await house.gate(GateState.OPEN)
        units = await gather(house, 6.0)
    finally:
        assert await house.stop() == 0
    rows = {track: [unit for unit in units if unit.track is track] for track in SIZES}
    full, small = rows[Track.VIDEO_720], rows[Track.VIDEO_360][: len(rows[Track.VIDEO_720])]
    assert [(unit.pts, unit.key) for unit in full] == [(unit.pts, unit.key) for unit in small]
    assert {unit.duration for unit in full} == {3000}
    assert all((later.pts - unit.pts) % 3000 == 0 for unit, later in pairwise(full))
    assert full[0].key
    shown = {track: show(row) for track, row in ((Track.VIDEO_720, full), (Track.VIDEO_360, small))}
    for track, size in SIZES.items():
        assert {(frame.width, frame.height) for frame in shown[track].values()} == {size}
        slates = [is_slate(frame) for frame in shown[track].values()]
        assert not all(slates), "the room was seen"
        assert all(slates[-15:]), "and then the slate"
    for pts, frame in shown[Track.VIDEO_360].items():
        whole = shown[Track.VIDEO_720][pts]
        assert is_slate(frame) == is_slate(whole)
        halved = whole.reformat(width=640, height=360, interpolation="AREA")
        assert np.abs(planes(frame)[0].astype(int) - planes(halved)[0]).mean() < 5
    for track, duration in ((Track.OPUS, 960), (Track.AAC, 1024)):
        row = [unit for unit in units if unit.track is track]
        assert {later.pts - unit.pts for unit, later in pairwise(row)} == {duration}
    check_hls(units)
    check_recording(units, full)


def check_hls(units: list[AccessUnit]) -> None:
    """What the packager makes of it has both, of the same moments."""
    segmenter = Segmenter()
    outputs = [output for unit in units for output in segmenter.add(unit)]
    starts = [output for output in outputs if isinstance(output, SegmentStart)]
    parts = [output for output in outputs if isinstance(output, Fragment)]
    assert len(starts) >= 2
    assert starts[0].small_sets is not None
    assert (starts[0].sets.codec, starts[0].small_sets.codec) == ("avc1.42c01f", "avc1.42c01e")
    assert starts[0].frame_rate == pytest.approx(30)
    full = init_segment(starts[0].sets) + b"".join(part.data for part in parts)
    small = init_segment(starts[0].small_sets) + b"".join(part.small for part in parts)
    assert [at for at, _ in decoded(full)] == [at for at, _ in decoded(small)]


def check_recording(units: list[AccessUnit], pictures: list[AccessUnit]) -> None:
    """What the recorder makes of it has every picture, once.

    After a hole of half a second, which a busy machine may make, it goes on at a key picture.
    """
    cutter = Cutter()
    cuts = [cut for unit in units for cut in cutter.add(unit)] + cutter.flush()
    data = cuts[0].head.init + b"".join(cut.fragment.data for cut in cuts)
    assert (cuts[0].head.width, cuts[0].head.height) == (1280, 720)
    expected, broken, last = [], False, pictures[0].pts
    for unit in pictures:
        broken = not unit.key and (broken or unit.pts - last > 48_000)
        last = unit.pts
        if not broken:
            expected.append(unit.pts)
    assert [round(seconds * 90_000) for seconds, _ in decoded(data)] == expected

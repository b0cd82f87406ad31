"""What only RTCP sender reports tell (RFC 3550 section 6.4.1): which sound was captured with which picture.

An encoder takes longer for one of the two, and their time stamps begin anywhere. What comes is RTP and RTCP
as on the wire; what is judged is decoded of the programme. The clock is driven.
"""

import asyncio
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext

from media.access_unit import AccessUnit, Track
from media.programme.picture import planes
from media.sources.sound import RATE
from tests.media.sources.drifting import Clocks, Network, Source
from tests.media.studio.test_encoder import decode
from tests.media.studio.test_ticker import Bench

SECONDS = 12
SETTLED = 4.0
"""Programme seconds from which on nothing is forgiven: an opening, and the first two reports."""
TOGETHER = 0.045
LATE = 0.3
"""Seconds that an encoder takes longer for one than for the other."""
CLOCKS = Clocks(sound=100, picture=-100, sender=50)
SLOW_PICTURE = Network(picture=0.045 + LATE)
SLOW_SOUND = Network(sound=0.025 + LATE)


async def play(directory: Path, network: Network, reports: float) -> list[AccessUnit]:
    """The programme of a chamber that flashes and clicks once a second."""
    bench = Bench(directory, asyncio.get_running_loop())
    source = Source(CLOCKS, network, reports, clock=bench.clock)
    await bench.open()
    chamber = bench.desk.arrive("chamber", "whip", "Encoder")
    due = bench.clock.monotonic()
    coming = source.arrivals(due, SECONDS + 2)
    arrival = next(coming)
    for _ in range(SECONDS * bench.rhythm.pictures):
        while arrival.at <= due:
            bench.clock.advance(arrival.at - bench.clock.monotonic())
            source.hand_in(arrival, chamber)
            arrival = next(coming)
        bench.clock.advance(due - bench.clock.monotonic())
        bench.ticker.turn()
        due += bench.rhythm.period
        await asyncio.sleep(0)
    assert not bench.errors
    assert bench.ticker.late_ticks == 0
    return bench.units


def flashes(units: list[AccessUnit]) -> list[float]:
    """Programme seconds at which one is first seen."""
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, VideoCodecContext)
    bright: list[tuple[float, bool]] = []
    for unit in units:
        packet = av.Packet(unit.data)
        packet.pts, packet.time_base = unit.pts, Fraction(1, 90_000)
        seen = (planes(frame)[0][360, 640] for frame in decoder.decode(packet))
        bright += [(unit.seconds, bool(luma > 180)) for luma in seen]
    return [at for (_, before), (at, now) in pairwise(bright) if now and not before and at > SETTLED]


def clicks(track: Track, units: list[AccessUnit]) -> list[float]:
    """Programme seconds at which one is first heard."""
    loud = np.flatnonzero(np.abs(decode(track, units)) > 0.4)
    begun = [int(after) for before, after in pairwise(loud) if after - before > RATE / 10]
    return [units[0].seconds + at / RATE for at in begun]


def apart(units: list[AccessUnit], track: Track) -> list[float]:
    """For each flash, how much later its click comes."""
    heard = np.array(clicks(track, [unit for unit in units if unit.track is track]))
    seen = np.array(flashes([unit for unit in units if unit.track is Track.VIDEO_720]))
    seen = seen[seen < heard[-1] + 0.5]
    assert len(seen) >= SECONDS - SETTLED - 2
    return [float(heard[np.argmin(np.abs(heard - flash))] - flash) for flash in seen]


@pytest.mark.parametrize("network", [SLOW_PICTURE, SLOW_SOUND], ids=["slow picture", "slow sound"])
async def test_what_was_captured_together_is_seen_and_heard_together(
    tmp_path: Path, network: Network
) -> None:
    units = await play(tmp_path, network, 1.0)
    for track in (Track.OPUS, Track.AAC):
        assert max(map(abs, apart(units, track))) <= TOGETHER, track


async def test_nothing_else_tells_it(tmp_path: Path) -> None:
    """The same encoder without reports: its arrivals are believed, and are wrong."""
    units = await play(tmp_path, SLOW_PICTURE, 0.0)
    assert max(apart(units, Track.OPUS)) < TOGETHER - LATE

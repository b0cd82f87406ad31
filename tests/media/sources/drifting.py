"""A source whose clocks disagree, and a programme that shows it: everything on a fake clock.

By RTP it sends what is on the wire: 32-bit time stamps that wrap, and sender reports.
"""

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import av
import numpy as np
from aiortc.rtp import RtcpPacket, RtcpSenderInfo, RtcpSrPacket, RtpPacket

from media.programme.picture import blank, planes
from media.sources.capture_clock import CaptureClock
from media.sources.intake import Intake
from media.sources.reception import CLOCK_RATES, Reception
from media.sources.sound import RATE
from tests.media.studio.fakes import FakeClock

TICK = 0.04
BLOCK = 960
SOUND = 0.02
KINDS = {"sound": "audio", "picture": "video"}
FIRST = {"sound": 2**32 - 48_000 * 700, "picture": 2**32 - 90_000 * 333}
"""RTP time at second 0 of our clock: both wrap within the first ten minutes, not at one moment."""


@dataclass(frozen=True)
class Clocks:
    """Each in parts in a million fast of ours."""

    sound: float = 0.0
    picture: float = 0.0
    sender: float = 0.0


@dataclass(frozen=True)
class Network:
    """How long after capture things arrive, in seconds: at least, and up to so much more."""

    sound: float = 0.025
    picture: float = 0.045
    jitter: float = 0.015


@dataclass(frozen=True, order=True)
class Arrival:
    """Sorted by when it comes."""

    at: float
    kind: str = field(compare=False)
    number: int = field(compare=False)
    captured: float = field(compare=False)


class Source:
    """25 pictures and 50 pieces of sound a second by its own clocks; every 25th picture a flash with a click.

    ``reports``: seconds between its sender reports; 0 for none. ``shared``: no RTP, and its stamps are of
    one clock.
    """

    def __init__(
        self,
        clocks: Clocks,
        network: Network,
        reports: float,
        *,
        shared: bool = False,
        seed: int = 1,
        clock: FakeClock | None = None,
    ) -> None:
        self._clocks = clocks
        self._network = network
        self._reports = reports
        self._shared = shared
        self._random = random.Random(seed)
        self.begin = 0.0
        self.clock = clock or FakeClock(wall=0.0)
        self._capture = CaptureClock(one_clock=shared)
        self._receptions = {kind: Reception(KINDS[kind], self._capture, self.clock) for kind in KINDS}
        self._frames = [blank(16, 16, (16 + number, 128, 128)) for number in range(25)]
        planes(self._frames[0])[0][:] = 235

    def arrivals(self, begin: float, seconds: float) -> Iterator[Arrival]:
        """In the order in which they come, on our clock."""
        self.begin = begin
        streams = [
            self._stream("sound", begin, seconds, SOUND, self._clocks.sound, self._network.sound),
            self._stream("picture", begin, seconds, TICK, self._clocks.picture, self._network.picture),
        ]
        if self._reports:
            for kind in ("sound_report", "picture_report"):
                first = begin + self._reports
                streams.append(self._stream(kind, first, seconds, self._reports, 0.0, 0.02))
        return heapq.merge(*streams)

    def hand_in(self, arrival: Arrival, intake: Intake) -> None:
        """What comes now."""
        kind = arrival.kind.removesuffix("_report")
        if arrival.kind.endswith("_report"):
            self._report(kind, arrival.captured)
            return
        captured = self._by_container(arrival) if self._shared else self._by_rtp(arrival)
        if kind == "sound":
            intake.put_sound(self._sound(arrival), captured)
        else:
            intake.put_picture(self._frames[arrival.number % 25], captured)

    def number(self, frame: av.VideoFrame) -> int:
        """Which of the 25 pictures of a second it is."""
        return next(number for number, known in enumerate(self._frames) if known is frame)

    def _stream(
        self, kind: str, begin: float, seconds: float, step: float, fast: float, least: float
    ) -> Iterator[Arrival]:
        """Nothing overtakes anything of its own kind."""
        last = 0.0
        step /= 1 + fast / 1e6
        for number in range(int(seconds / step)):
            captured = begin + number * step
            jitter = self._random.random() * self._network.jitter
            last = max(last, captured + least + jitter)
            yield Arrival(last, kind, number, captured)

    def _by_container(self, arrival: Arrival) -> float:
        """When it was captured, as its stamp says: seconds of the sender's clock, in whole milliseconds."""
        stamp = round(self._by_sender(arrival.captured) - 3e9, 3)
        came = arrival.at - SOUND if arrival.kind == "sound" else arrival.at
        self._capture.came(arrival.kind, stamp, came)
        return self._capture.captured(arrival.kind, stamp)

    def _by_rtp(self, arrival: Arrival) -> float | None:
        """The same by its packet."""
        reception = self._receptions[arrival.kind]
        stamp = self._rtp_time(arrival.kind, arrival.captured)
        reception.take(RtpPacket(96, 1, arrival.number & 0xFFFF, stamp, 1), b"x")
        return reception.captured(reception.frames.popleft().frame.timestamp)

    def _report(self, kind: str, at: float) -> None:
        """A sender report, off the wire."""
        info = RtcpSenderInfo(round(self._by_sender(at) * 2**32), self._rtp_time(kind, at), 0, 0)
        (packet,) = RtcpPacket.parse(bytes(RtcpSrPacket(1, info)))
        self._receptions[kind].reported(packet)

    def _by_sender(self, at: float) -> float:
        return 3e9 + at * (1 + self._clocks.sender / 1e6)

    def _rtp_time(self, kind: str, at: float) -> int:
        """On the track's own clock, 32 bits."""
        fast = self._clocks.sound if kind == "sound" else self._clocks.picture
        return (FIRST[kind] + round(at * (1 + fast / 1e6) * CLOCK_RATES[KINDS[kind]])) % 2**32

    def _sound(self, arrival: Arrival) -> av.AudioFrame:
        """A low hum, and a click of 2 ms with each flash, at the sample it falls upon."""
        samples = np.full((1, 2 * BLOCK), 0.05, np.float32)
        rate = RATE * (1 + self._clocks.sound / 1e6)
        every = 1.0 / (1 + self._clocks.picture / 1e6)
        first = round(((self.begin - arrival.captured) % every) * rate)
        begun = first - round(every * rate)
        samples[0, 2 * first : 2 * (first + 96)] = 0.9
        samples[0, : 2 * max(0, begun + 96)] = 0.9
        frame = av.AudioFrame.from_ndarray(samples, "flt", "stereo")
        frame.sample_rate = RATE
        return frame


@dataclass
class Shown:
    """What came out. Seconds on the programme's clock, which is ours."""

    flashes: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    """Samples of each click that lies within one tick."""
    repeated: int = 0
    skipped: int = 0
    """Ticks that showed the same picture again, and pictures that were never shown."""
    quiet: int = 0
    """Samples of silence after the first sound."""
    steepest: float = 0.0
    """The largest step from sample to sample outside of clicks."""


def run(source: Source, seconds: float, lateness: float = 0.01, seed: int = 2) -> Shown:
    """Play the source through an intake as a ticker does whose ticks begin up to ``lateness`` late."""
    clock = source.clock
    intake = Intake("chamber", "whip", "Encoder", clock)
    begin = clock.monotonic()
    arrivals = source.arrivals(begin, seconds)
    pending = next(arrivals, None)
    random_ = random.Random(seed)
    shown = Shown()
    was_bright, was_loud, sounding = False, False, False
    last: av.VideoFrame | None = None
    for number in range(int((seconds - 2) / TICK)):
        due = begin + number * TICK
        now = due + random_.random() * lateness
        while pending is not None and pending.at <= now:
            clock.advance(pending.at - clock.monotonic())
            source.hand_in(pending, intake)
            pending = next(arrivals, None)
        clock.advance(now - clock.monotonic())
        sound = np.concatenate([intake.take_sound(BLOCK) for _ in range(2)])[:, 0]
        frame = intake.latest_picture(clock.monotonic())
        value = 0 if frame is None else int(planes(frame)[0][0, 0])
        if frame is not None and last is not None:
            step = (source.number(frame) - source.number(last)) % 25
            shown.repeated += step == 0
            shown.skipped += max(0, step - 1)
        last = frame
        bright = value > 128
        if bright and not was_bright:
            shown.flashes.append(due)
        was_bright = bright
        loud = np.flatnonzero(sound > 0.5)
        if len(loud) and not was_loud:
            shown.clicks.append(due + loud[0] / RATE)
        if len(loud) and loud[0] > 0 and loud[-1] < len(sound) - 1:
            shown.lengths.append(len(loud))
        was_loud = bool(len(loud) and loud[-1] >= 2 * BLOCK - 96)
        sounding = sounding or bool(sound.any())
        if sounding:
            shown.quiet += int(np.count_nonzero(sound == 0.0))
        if not len(loud):
            shown.steepest = max(shown.steepest, float(np.max(np.abs(np.diff(sound)))))
    return shown


def apart(shown: Shown) -> list[float]:
    """For each flash, how much later its click came; seconds."""
    clicks = np.asarray(shown.clicks)
    return [float(clicks[np.argmin(np.abs(clicks - flash))] - flash) for flash in shown.flashes]
